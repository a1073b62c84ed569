import { addChanges, type Change } from '../db/changes.ts'
import type { Db } from '../db/database.ts'
import { settleRun } from '../db/runs.ts'
import type { Queue } from './queue.ts'

/**
 * To be called in every transaction that changes a part of a run: settles the run's own state, tells the stream, and has
 * the event reported.
 *
 * @param part  the changed part itself, when there is one
 */
export async function announceRun(
  tx: Db,
  queue: Queue,
  runId: number,
  now: Date,
  part?: Pick<Change, 'kind' | 'rowId' | 'state'>,
): Promise<void> {
  const run = await settleRun(tx, runId, now)
  if (!run) return
  await addChanges(tx, [
    ...(part ? [{ ...part, runId, project: run.project }] : []),
    { kind: 'run', runId, rowId: runId, state: run.state, project: run.project },
  ])
  await queue.add(tx, 'report-event', { eventId: run.eventId })
}
