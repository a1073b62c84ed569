import type { Db } from '../db/database.ts'
import { cancelRun } from '../jobs/cancel-run.ts'
import type { Queue } from '../jobs/queue.ts'

/** Cancels what is left of runs, and says how many it was. */
export async function cancelRuns(
  tx: Db,
  queue: Queue,
  runIds: readonly number[],
  reason: string,
  now: Date,
): Promise<string> {
  let canceled = 0
  for (const runId of runIds) if (await cancelRun(tx, queue, runId, reason, now)) canceled += 1
  return `${canceled} run${canceled === 1 ? '' : 's'} cancelled`
}
