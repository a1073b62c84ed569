import { findDeliveryOfEvent } from '../db/deliveries.ts'
import { findEvent } from '../db/events.ts'
import { insertEndedRun } from '../db/runs.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { readEvent } from './decide-delivery.ts'
import type { EventDeps } from './deps.ts'
import { headOfEvent } from './event-head.ts'
import { runHead } from './run-head.ts'

/**
 * Gives an event a further attempt, that somebody asked for. An attempt that is there, or whose commit was replaced
 * meanwhile, is left as it is.
 */
export async function runEvent(
  { eventId, attempt, cause, selection }: Jobs['run-event'],
  deps: EventDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const found = await findEvent(deps.database.db, eventId)
  const head = found && headOfEvent(found, await findLabels(eventId, deps))
  const options = { cause, again: attempt, ...(selection ? { selection } : {}), ...(signal ? { signal } : {}) }
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

/** Labels are known from the delivery alone: jobs may depend on them. */
async function findLabels(eventId: number, deps: EventDeps): Promise<string[]> {
  const delivery = await findDeliveryOfEvent(deps.database.db, eventId)
  const event = delivery && (await readEvent(delivery, deps))
  return typeof event === 'object' && event.kind === 'pull_request' ? event.labels : []
}
