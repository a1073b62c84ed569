import type { Db } from '../db/database.ts'
import { type Delivery, findDelivery, settleDelivery } from '../db/deliveries.ts'
import { findEventOfCommit, updateEvent } from '../db/events.ts'
import { insertEndedRun } from '../db/insert-run.ts'
import { findTrigger } from '../db/projects.ts'
import type { ForgeEvent } from '../domain/forge-event.ts'
import { announceRun } from '../jobs/announce.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { EventDeps } from './deps.ts'
import { type EventHead, headOfMergeGroup, headOfPullRequest, headOfPush } from './event-head.ts'
import { noteTrigger } from './known-head.ts'
import { emptyPlan } from './plan-head.ts'
import { readEvent } from './read-event.ts'

/** A decision that was given up is told at the delivery, and where the forge shows that it waits: none is silent. */
export async function giveUpDelivery(
  { deliveryId }: Jobs['decide-delivery'],
  reason: string,
  deps: EventDeps,
): Promise<void> {
  const { database } = deps
  const delivery = await findDelivery(database.db, deliveryId)
  if (!delivery) return
  const event = await readEvent(delivery, deps).catch(() => 'not readable')
  // the reason may name the repository, and the decision is public
  const isPrivate = typeof event !== 'string' && 'project' in event && event.project?.isPrivate
  const told = isPrivate ? 'a private repository: the operator finds the reason in the service log' : reason
  await database.transaction(async (tx) => {
    const isOpen = await settleDelivery(tx, deliveryId, {
      state: 'failed',
      decision: 'could not be decided',
      reasons: [told],
    })
    const head = typeof event === 'string' ? undefined : shownHead(event, delivery)
    if (isOpen && head) await endShownHead(tx, head, told, deps)
  })
}

/** A head that was shown as queued, and whose delivery is refused all the same (settings changed meanwhile), ends. */
export async function endRefusedHead(delivery: Delivery, event: ForgeEvent, reason: string, deps: EventDeps) {
  const head = shownHead(event, delivery)
  if (head) await deps.database.transaction((tx) => endShownHead(tx, head, reason, deps))
}

/** The head that may be shown as queued already. */
function shownHead(event: ForgeEvent, { receivedAt }: Delivery): EventHead | undefined {
  const receipt = receivedAt.getTime()
  if (event.kind === 'pull_request') return headOfPullRequest(event, receipt)
  if (event.kind === 'merge_group') return headOfMergeGroup(event, receipt)
  const head = event.kind === 'push' ? headOfPush(event, receipt) : undefined
  return typeof head === 'object' ? head : undefined
}

/** An event that was written before its plan gets one that says why nothing was built, and can be retried. */
async function endShownHead(tx: Db, head: EventHead, reason: string, { queue, now }: EventDeps): Promise<void> {
  const trigger = await findTrigger(tx, head)
  const event = trigger && (await findEventOfCommit(tx, trigger.id, head.sha))
  if (!trigger || !event || event.plan !== null) return
  await noteTrigger(tx, trigger, head, now())
  const title = 'It could not be decided what to build'
  await updateEvent(tx, event.id, {
    plan: emptyPlan({ kind: 'not-possible', state: 'error', title, summary: reason, lines: [] }),
  })
  const end = { state: 'error' as const, reason: `${title}: ${reason}`, createdAt: now() }
  const runId = await insertEndedRun(tx, { eventId: event.id, attempt: 1, cause: 'delivery', ...end })
  if (runId !== undefined) await announceRun(tx, queue, runId, now())
}
