import type { ReadDelivery } from '../domain/forge-event.ts'

/** What a delivery's headers tell, before its body is read. */
export interface DeliveryHeaders {
  [name: string]: string | string[] | undefined
}

export type Verified = { ok: true } | { ok: false; answer: string }

/** What we need of a forge's deliveries; each endpoint under `/api/webhooks/` is served by one. */
export interface ForgeInbox {
  readonly source: 'github' | 'git' | 'gitlab' | 'forgejo'
  /** The answer to a delivery that was accepted. */
  readonly accepted: string
  /** Whether the signature is right, in constant time. Nothing of the body is believed before. */
  verify(headers: DeliveryHeaders, body: Buffer): Promise<Verified>
  /** The id that makes a delivery count once. Throws `DeliveryError` when it is missing. */
  deliveryId(headers: DeliveryHeaders): string
  /** What the delivery says. Throws `DeliveryError` naming a field that its own event needs. */
  read(headers: DeliveryHeaders, body: unknown): ReadDelivery
}

/** The text of a header, `undefined` when it is missing or sent twice. */
export function header(headers: DeliveryHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
