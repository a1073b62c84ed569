import type { Delivery } from '../db/deliveries.ts'
import { findDelivery, settleDelivery } from '../db/deliveries.ts'
import { parseComment } from '../domain/command/parse.ts'
import { type CommentEvent, DeliveryError, type ForgeEvent } from '../domain/forge-event.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { closePullRequest } from './close-pull-request.ts'
import type { EventDeps } from './deps.ts'
import { type EventHead, headOfPullRequest, headOfPush } from './event-head.ts'
import { runHead } from './run-head.ts'

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
      if (event.action === 'closed') return closePullRequest(delivery, event, deps)
      return acceptHead(delivery, event, deps)
    case 'push':
      return acceptHead(delivery, event, deps)
    case 'check_action':
      return deps.queue.add(deps.database.db, 'run-command', { deliveryId })
    case 'comment':
      return acceptComment(delivery, event, deps)
    default:
      await settle(delivery, deps, 'nothing to do', `events of the kind ${event.kind} are not used`)
  }
}

/** Gives the head that a delivery tells of its plan and its runs. */
export async function runDeliveredHead(
  { deliveryId }: Jobs['run-head'],
  deps: EventDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const found = await openDelivery(deliveryId, deps)
  const head = found && toHead(found.event, found.delivery)
  if (typeof head !== 'object') return
  await runHead(found?.delivery, head, deps, signal ? { signal } : {})
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
  await settleDelivery(database.db, delivery.id, { state: 'refused', decision: 'refused', reasons: [refusal ?? ''] })
  return undefined
}

/** Has a head planned and run, when it is to have an attempt. */
async function acceptHead(delivery: Delivery, event: ForgeEvent, deps: EventDeps): Promise<void> {
  const head = toHead(event, delivery)
  if (typeof head === 'string') return settle(delivery, deps, 'nothing to do', head)
  await deps.queue.add(deps.database.db, 'run-head', { deliveryId: delivery.id })
}

/** Has the commands of a comment run; most comments hold none. */
async function acceptComment(delivery: Delivery, event: CommentEvent, deps: EventDeps): Promise<void> {
  const parsed = parseComment(event.body, deps.settings.commandPrefix)
  if (parsed.ok && parsed.commands.length === 0)
    return settle(delivery, deps, 'nothing to do', 'the comment holds no command')
  await deps.queue.add(deps.database.db, 'run-command', { deliveryId: delivery.id })
}

async function settle(delivery: Delivery, { database }: EventDeps, decision: string, reason: string): Promise<void> {
  await settleDelivery(database.db, delivery.id, { state: 'decided', decision, reasons: [reason] })
}

/** A decision that was given up is told at the delivery: none is silent. */
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
  await settleDelivery(database.db, deliveryId, {
    state: 'failed',
    decision: 'could not be decided',
    reasons: [isPrivate ? 'a private repository: the operator finds the reason in the service log' : reason],
  })
}

/** The event of a delivery, or why it has none any more. */
export async function readEvent(delivery: Delivery, { inboxes, storage }: EventDeps): Promise<ForgeEvent | string> {
  const inbox = inboxes.find((i) => i.source === delivery.source)
  const stored = delivery.payloadKey ? await storage.range(delivery.payloadKey, 0, Number.MAX_SAFE_INTEGER) : undefined
  if (!inbox || !stored) return 'its body is no longer kept'
  try {
    const read = inbox.read({ 'x-github-event': delivery.event }, JSON.parse(stored.data.toString()))
    return read.kind === 'event' ? read.forgeEvent : 'not wanted'
  } catch (error) {
    if (error instanceof DeliveryError) return error.message
    throw error
  }
}

function refusePrivate(event: ForgeEvent, { settings }: EventDeps): string | undefined {
  const project = 'project' in event ? event.project : undefined
  if (!project?.isPrivate || settings.privateNamespaces.includes(`${project.forge}/${project.namespace}`))
    return undefined
  return 'private repository: PACKIT_PRIVATE_NAMESPACES does not name its namespace'
}

function toHead(event: ForgeEvent, delivery: Delivery): EventHead | string {
  // without an order of the forge's own, that of receipt
  const receipt = delivery.receivedAt.getTime()
  if (event.kind === 'pull_request') return headOfPullRequest(event, receipt)
  if (event.kind === 'push') return headOfPush(event, receipt)
  return `events of the kind ${event.kind} have no head`
}
