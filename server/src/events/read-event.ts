import type { Delivery } from '../db/deliveries.ts'
import { DeliveryError, type ForgeEvent } from '../domain/forge-event.ts'
import type { EventDeps } from './deps.ts'

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
