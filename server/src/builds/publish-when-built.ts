import type { Db } from '../db/database.ts'
import { findRun } from '../db/runs.ts'
import { hasEnded } from '../domain/status.ts'
import type { Queue } from '../jobs/queue.ts'

/**
 * Queues the publishing of a run when nothing of it is left to build. To be called once in each transaction that ended a
 * target, after `announceRun` has locked the run: only the one that ends the last target sees all of them ended.
 */
export async function publishWhenBuilt(tx: Db, queue: Queue, runId: number): Promise<void> {
  const targets = (await findRun(tx, runId))?.targets ?? []
  if (!targets.every(({ state }) => hasEnded(state))) return
  if (targets.some(({ state }) => state === 'success')) await queue.add(tx, 'publish-repository', { runId })
}
