import { DeliveryError } from '../domain/forge-event.ts'
import type { ForgeInbox } from './forge.ts'

/** A forge that nobody has set this service up for: each of its deliveries is refused, and told why. */
export function createUnsetInbox(source: ForgeInbox['source'], answer: string): ForgeInbox {
  const never = () => {
    throw new DeliveryError(answer)
  }
  return { source, accepted: '', verify: async () => ({ ok: false, answer }), deliveryId: never, read: never }
}
