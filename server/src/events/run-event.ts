import { findEvent } from '../db/events.ts'
import { insertEndedRun } from '../db/insert-run.ts'
import type { Selection } from '../domain/selection.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { EventDeps } from './deps.ts'
import { headOfEvent } from './event-head.ts'
import { runHead } from './run-head.ts'

/** Who asks for all of it again gets what a marker in the commit, or a path filter, left out. */
const ALL: Selection = { includeManual: false }

/**
 * Gives an event a further attempt, that somebody asked for. An attempt that is there, or whose commit was replaced
 * meanwhile, is left as it is.
 */
export async function runEvent(
  { eventId, attempt, cause, selection = ALL }: Jobs['run-event'],
  deps: EventDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const found = await findEvent(deps.database.db, eventId)
  const head = found && headOfEvent(found)
  const options = { cause, again: attempt, selection, ...(signal ? { signal } : {}) }
  if (head) await runHead(undefined, head, deps, options)
}

/** An attempt that was given up is there, and says why: none is silent. */
export async function giveUpEvent(
  { eventId, attempt, cause }: Jobs['run-event'],
  reason: string,
  { database, queue, now }: EventDeps,
): Promise<void> {
  await database.transaction(async (tx) => {
    const end = { state: 'error' as const, reason, createdAt: now() }
    const runId = await insertEndedRun(tx, { eventId, attempt, cause, ...end })
    if (runId === undefined) return
    await announceRun(tx, queue, runId, now())
  })
}
