import { withdrawApprovals } from '../db/approvals.ts'
import type { Db } from '../db/database.ts'
import type { Delivery } from '../db/deliveries.ts'
import { findEventOfCommit, insertEvent, listHeads, updateEvent } from '../db/events.ts'
import {
  findKnownProject,
  isUpToDate,
  lockTrigger,
  type Project,
  type Trigger,
  updateTrigger,
  upsertProject,
} from '../db/projects.ts'
import { type PlanProblem, toPlan } from '../domain/plan.ts'
import type { Known } from './decide-attempt.ts'
import { labelsMatter } from './decide-labels.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { emptyPlan, labelContext } from './plan-head.ts'

export const NOTHING_KNOWN: Known = { open: true, baseRef: null, order: 0, heads: [] }

/** A trigger that is locked, and what is known of it. One that is new is to be counted when all else is written. */
export interface LockedHead {
  project: Project
  trigger: Trigger
  isNew: boolean
  known: Known
}

/**
 * The trigger of a head, locked, with what is known of it: nothing else decides about it meanwhile.
 *
 * @param there  the project, where it was read already
 */
export async function lockHead(
  tx: Db,
  delivery: Delivery | undefined,
  head: EventHead,
  deps: Pick<EventDeps, 'now' | 'settings' | 'targets'>,
  there?: Project,
): Promise<LockedHead> {
  const now = deps.now()
  const known = there ?? (await findKnownProject(tx, head.project))
  const isCurrent = known && isUpToDate(known, head.project, now)
  const project = isCurrent ? known : await upsertProject(tx, head.project, now, delivery?.receivedAt)
  const { project: forgeProject, number, name, triggerKind } = head
  const identity = { kind: triggerKind, projectId: project.id, number, name, cloneUrl: forgeProject.cloneUrl }
  const { trigger, isNew } = await lockTrigger(tx, { ...identity, baseRef: head.baseRef })
  const heads = isNew ? knownWithout(trigger) : await readKnown(tx, trigger, head, deps.settings)
  return { project, trigger, isNew, known: heads }
}

function knownWithout({ open, baseRef, orderKey }: Trigger): Known {
  return { open, baseRef, order: orderKey, heads: [] }
}

export async function readKnown(
  db: Db,
  trigger: Trigger,
  head: EventHead,
  settings: EventDeps['settings'],
): Promise<Known> {
  const heads = await listHeads(db, trigger.id)
  const known = { open: trigger.open, baseRef: trigger.baseRef, order: trigger.orderKey, heads }
  if (head.action !== 'labeled') return known
  const planned = await findEventOfCommit(db, trigger.id, head.sha)
  return {
    ...known,
    labelsMatter: labelsMatter(
      planned?.plan ? toPlan(planned.plan) : null,
      labelContext(head, settings),
      trigger.labels,
      head.labels,
    ),
  }
}

/** What the newest delivery says of its trigger; an older one that is told late says nothing new. */
export async function noteTrigger(tx: Db, trigger: Trigger, head: EventHead, now: Date): Promise<void> {
  const { title, author, url, baseRef, headRef, headUrl, order, labels, isFork } = head
  if (order < trigger.orderKey) return updateTrigger(tx, trigger.id, { lastPipelineAt: now })
  if (trigger.baseRef !== baseRef) await withdrawApprovals(tx, trigger.id)
  await updateTrigger(tx, trigger.id, {
    open: true,
    author: author || trigger.author,
    title: title ?? trigger.title,
    url: url ?? trigger.url,
    baseRef,
    headRef,
    headRepo: headUrl,
    labels,
    isFork,
    commitHash: head.on === 'release' ? head.sha : null,
    cloneUrl: head.project.cloneUrl,
    orderKey: order,
    lastPipelineAt: now,
  })
}

/**
 * A head that is told late has its event too, superseded from the start. One that was shown as queued is reported once more,
 * so that it doesn't wait for ever: a newer head came before it, or it was closed meanwhile.
 */
export async function noteStaleHead(
  tx: Db,
  trigger: Trigger,
  known: Known,
  head: EventHead,
  { queue }: Pick<EventDeps, 'queue'>,
): Promise<number> {
  const there = known.heads.find((h) => h.sha === head.sha)
  // of what was closed an older head is no newer one
  const newest = known.heads.find((h) => h.sha !== head.sha && (known.open || h.order > head.order))
  const supersededBy = newest?.id ?? null
  if (!there) {
    const { sha: commitSha, before: beforeSha, order: orderKey } = head
    return (await insertEvent(tx, { triggerId: trigger.id, commitSha, beforeSha, orderKey, supersededBy })).id
  }
  if (there.attempts === 0) {
    await updateEvent(tx, there.id, newest ? { supersededBy } : { plan: emptyPlan(CLOSED) })
    await queue.add(tx, 'report-event', { eventId: there.id })
  }
  return there.id
}

const CLOSED: PlanProblem = {
  kind: 'not-possible',
  state: 'skipped',
  title: 'Closed meanwhile',
  summary: 'It was closed before anything was built.',
  lines: [],
}
