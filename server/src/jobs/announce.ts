import { addChanges, type Change } from '../db/changes.ts'
import type { Db } from '../db/database.ts'
import { settleRun } from '../db/runs.ts'
import { handOverTests } from './hand-over-tests.ts'
import type { Queue } from './queue.ts'

/**
 * To be called in every transaction that changes a part of a run: hands over the tests that waited for it, settles the run's
 * own state, tells the stream, and has the event reported.
 *
 * @param parts  the changed parts themselves, where there are any
 */
export async function announceRun(
  tx: Db,
  queue: Queue,
  runId: number,
  now: Date,
  ...parts: readonly ChangedPart[]
): Promise<void> {
  const others = await handOverTests(tx, queue, runId, now)
  for (const id of new Set([...others, runId])) await tellRun(tx, queue, id, now, id === runId ? parts : [])
}

export type ChangedPart = Pick<Change, 'kind' | 'rowId' | 'state'>

async function tellRun(tx: Db, queue: Queue, runId: number, now: Date, parts: readonly ChangedPart[]): Promise<void> {
  const run = await settleRun(tx, runId, now)
  if (!run) return
  await addChanges(tx, [
    ...parts.map((part) => ({ ...part, runId, project: run.project })),
    { kind: 'run', runId, rowId: runId, state: run.state, project: run.project },
  ])
  await queue.add(tx, 'report-event', { eventId: run.eventId })
}
