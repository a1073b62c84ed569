import type { Db } from '../db/database.ts'
import { type Delivery, settleDelivery } from '../db/deliveries.ts'
import { findEventOfCommit, hasConfiguration, insertEvent } from '../db/events.ts'
import { countTrigger, findKnownProject, type Project } from '../db/projects.ts'
import { showAccepted } from '../jobs/show-accepted.ts'
import { decideAttempt } from './decide-attempt.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { type LockedHead, lockHead, noteStaleHead, noteTrigger } from './known-head.ts'

/**
 * Takes a delivered head up: what can be decided without git is decided at once, the rest is left to `run-head`. Where the
 * forge can show checks, and the project had a configuration before, the event is written without its plan, so that the
 * pull request shows within a second that it waits.
 */
export async function takeUpHead(delivery: Delivery, head: EventHead, deps: EventDeps): Promise<void> {
  const { database, queue } = deps
  await database.transaction(async (tx) => {
    const project = await findShown(tx, head, deps)
    const locked = project && (await lockHead(tx, delivery, head, deps, project))
    const isDecided = locked && (await decideAtOnce(tx, delivery, head, locked, deps))
    if (!isDecided) await queue.add(tx, 'run-head', { deliveryId: delivery.id })
    if (locked?.isNew) await countTrigger(tx, locked.project.id, head.triggerKind)
  })
}

/**
 * The project, where it is shown at once. Only there something is gained; elsewhere a head that can't be fetched leaves no project and no event behind. Most
 * branches are those of pull requests, and have no job of their own.
 */
async function findShown(tx: Db, head: EventHead, { findForge }: EventDeps): Promise<Project | undefined> {
  if (head.on !== 'pull_request' || !findForge(head.project.forge)) return undefined
  const project = await findKnownProject(tx, head.project)
  return project && (await hasConfiguration(tx, project.id)) ? project : undefined
}

/** @returns whether nothing is left to do for the head */
async function decideAtOnce(
  tx: Db,
  delivery: Delivery,
  head: EventHead,
  { project, trigger, known }: LockedHead,
  deps: EventDeps,
): Promise<boolean> {
  const attempt = decideAttempt(head, known)
  const place = { projectId: project.id, triggerId: trigger.id }
  const settle = (eventId: number | null, decision: string) =>
    settleDelivery(tx, delivery.id, { state: 'decided', decision, reasons: [attempt.reason], ...place, eventId })
  if (attempt.kind === 'stale') {
    await settle(await noteStaleHead(tx, trigger, known, head, deps), 'superseded')
    return true
  }
  if (attempt.kind === 'none') {
    await noteTrigger(tx, trigger, head, deps.now())
    await settle(known.heads.find((h) => h.sha === head.sha)?.id ?? null, 'nothing to do')
    return true
  }
  const isThere = known.heads.length > 0 && (await findEventOfCommit(tx, trigger.id, head.sha))
  if (!isThere) {
    const { sha: commitSha, before: beforeSha, baseSha, order: orderKey } = head
    const { id: eventId } = await insertEvent(tx, { triggerId: trigger.id, commitSha, beforeSha, baseSha, orderKey })
    await showAccepted(tx, deps.queue, eventId)
  }
  return false
}
