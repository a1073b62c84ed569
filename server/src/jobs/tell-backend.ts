import { listRunsAt } from '../db/backends.ts'
import type { Database } from '../db/database.ts'
import { announceRun } from './announce.ts'
import type { Jobs } from './jobs.ts'
import type { Queue } from './queue.ts'

/** So many runs a job tells at most: who dies over it has little to do again. */
const AT_ONCE = 20

interface TellDeps {
  database: Database
  queue: Queue
  now: () => Date
  atOnce?: number
}

/** A backend no longer answers, or answers again: the checks and pages of what waits for it say so. */
export async function tellBackend(
  { backend, after = 0 }: Jobs['tell-backend'],
  { database, queue, now, atOnce = AT_ONCE }: TellDeps,
): Promise<void> {
  const runs = await listRunsAt(database.db, backend, { after, limit: atOnce })
  for (const runId of runs) await database.transaction((tx) => announceRun(tx, queue, runId, now()))
  const last = runs.at(-1)
  if (last === undefined || runs.length < atOnce) return
  await database.transaction((tx) => queue.add(tx, 'tell-backend', { backend, after: last }))
}
