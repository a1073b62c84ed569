import type { Delivery } from '../db/deliveries.ts'
import { findDelivery, settleDelivery } from '../db/deliveries.ts'
import type { ForgeEvent, MergeGroupEvent, PullRequestEvent, PushEvent } from '../domain/forge-event.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { closePullRequest } from './close-pull-request.ts'
import type { EventDeps } from './deps.ts'
import { endMergeGroup } from './end-merge-group.ts'
import { type EventHead, headOfMergeGroup, headOfPullRequest, headOfPush } from './event-head.ts'
import { findReleaseHead } from './find-release-head.ts'
import { endRefusedHead } from './give-up.ts'
import { noteInstallation } from './installation.ts'
import { readEvent } from './read-event.ts'
import { noteRename } from './rename.ts'
import { runHead } from './run-head.ts'
import { takeUpComment } from './take-up-comment.ts'
import { takeUpHead } from './take-up-head.ts'

/** What came of a delivery, for those who look it up. */
export interface Decision {
  state: 'decided' | 'refused' | 'failed'
  decision: string
  reasons: string[]
}

/** Decides what a stored delivery means, and hands over what takes longer. A delivery that was decided before is left as it is. */
export async function decideDelivery({ deliveryId }: Jobs['decide-delivery'], deps: EventDeps): Promise<void> {
  const found = await openDelivery(deliveryId, deps)
  if (!found) return
  const { delivery, event } = found
  switch (event.kind) {
    case 'pull_request':
      return event.action === 'closed'
        ? closePullRequest(delivery, event, deps)
        : takeUpHead(delivery, toHead(event, delivery), deps)
    case 'merge_group':
      return event.action === 'ended'
        ? endMergeGroup(delivery, event, deps)
        : takeUpHead(delivery, toHead(event, delivery), deps)
    case 'push':
      return takeUpPush(delivery, event, deps)
    case 'release':
      return deps.queue.add(deps.database.db, 'run-head', { deliveryId })
    case 'comment':
      return takeUpComment(delivery, event, deps)
    case 'check_action':
    case 'rerun':
      return deps.queue.add(deps.database.db, 'run-command', { deliveryId })
    case 'installation':
      return noteInstallation(delivery, event, deps)
    case 'rename':
      return noteRename(delivery, event, deps)
  }
}

async function takeUpPush(delivery: Delivery, event: PushEvent, deps: EventDeps): Promise<void> {
  const head = headOfPush(event, delivery.receivedAt.getTime())
  return typeof head === 'string' ? settle(delivery, deps, head) : takeUpHead(delivery, head, deps)
}

/** Gives the head that a delivery tells of its plan and its runs. */
export async function runDeliveredHead(
  { deliveryId }: Jobs['run-head'],
  deps: EventDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const found = await openDelivery(deliveryId, deps)
  if (!found) return
  const head = await findHead(found.event, found.delivery, deps)
  if (typeof head === 'string') return settle(found.delivery, deps, head)
  await runHead(found.delivery, head, deps, signal ? { signal } : {})
}

/** A delivery that is still to be decided, and its event; settles one that is to be refused. */
export async function openDelivery(
  deliveryId: number,
  deps: EventDeps,
): Promise<{ delivery: Delivery; event: ForgeEvent } | undefined> {
  const { database } = deps
  const delivery = await findDelivery(database.db, deliveryId)
  if (delivery?.state !== 'received') return undefined
  const event = await readEvent(delivery, deps)
  const refusal = typeof event === 'string' ? event : refusePrivate(event, deps)
  if (typeof event !== 'string' && !refusal) return { delivery, event }
  if (typeof event !== 'string') await endRefusedHead(delivery, event, refusal ?? '', deps)
  await settleDelivery(database.db, delivery.id, { state: 'refused', decision: 'refused', reasons: [refusal ?? ''] })
  return undefined
}

async function settle({ id }: Delivery, { database }: EventDeps, reason: string): Promise<void> {
  await settleDelivery(database.db, id, { state: 'decided', decision: 'nothing to do', reasons: [reason] })
}

function refusePrivate(event: ForgeEvent, { settings }: EventDeps): string | undefined {
  // that a repository became private, or is gone, is for what is known of it already
  if (event.kind === 'rename' || event.kind === 'installation') return undefined
  const { isPrivate, forge, namespace } = event.project
  if (!isPrivate || settings.privateNamespaces.includes(`${forge}/${namespace}`)) return undefined
  return 'private repository: PACKIT_PRIVATE_NAMESPACES does not name its namespace'
}

function toHead(event: PullRequestEvent | MergeGroupEvent, { receivedAt }: Delivery): EventHead {
  // without an order of the forge's own, that of receipt
  const receipt = receivedAt.getTime()
  return event.kind === 'pull_request' ? headOfPullRequest(event, receipt) : headOfMergeGroup(event, receipt)
}

/** The head of an event, which a forge may have to be asked about, or why it has none. */
async function findHead(event: ForgeEvent, delivery: Delivery, deps: EventDeps): Promise<EventHead | string> {
  if (event.kind === 'pull_request' || event.kind === 'merge_group') return toHead(event, delivery)
  const receipt = delivery.receivedAt.getTime()
  if (event.kind === 'push') return headOfPush(event, receipt)
  if (event.kind === 'release') return findReleaseHead(event, receipt, deps)
  return `events of the kind ${event.kind} have no head`
}
