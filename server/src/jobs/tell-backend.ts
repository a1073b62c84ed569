import { listRunsAt } from '../db/backends.ts'
import type { Database } from '../db/database.ts'
import { announceRun } from './announce.ts'
import type { Jobs } from './jobs.ts'
import type { Queue } from './queue.ts'

/** A backend no longer answers, or answers again: the checks and pages of what waits for it say so. */
export async function tellBackend(
  { backend }: Jobs['tell-backend'],
  { database, queue, now }: { database: Database; queue: Queue; now: () => Date },
): Promise<void> {
  for (const runId of await listRunsAt(database.db, backend)) {
    await database.transaction((tx) => announceRun(tx, queue, runId, now()))
  }
}
