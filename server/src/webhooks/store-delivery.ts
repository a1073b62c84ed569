import { headersKey, keptHeaders, payloadKey } from '../domain/delivery-headers.ts'
import type { ReadDelivery } from '../domain/forge-event.ts'
import type { Storage } from '../storage/storage.ts'
import type { WriteDelivery } from './write-together.ts'

export interface Incoming {
  source: string
  deliveryId: string
  /** As they came; secrets among them are not kept. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  read: Exclude<ReadDelivery, { kind: 'ping' }>
}

/**
 * Stores a delivery, and has its row and its job written in one transaction.
 *
 * @returns the id of its row, or `undefined` when it was there before: each delivery counts once
 */
export async function storeDelivery(
  incoming: Incoming,
  { storage, write }: { storage: Storage; write: WriteDelivery },
): Promise<number | undefined> {
  const { source, deliveryId, headers, body, read } = incoming
  const key = payloadKey(source, deliveryId)
  // the body goes first: a row never points at nothing. A repeat finds the first body and leaves it
  if (!(await storage.range(key, 0, 0))) {
    await storage.put(headersKey(key), JSON.stringify(keptHeaders(headers)))
    await storage.put(key, body)
  }
  const unwanted = read.kind === 'unwanted'
  return write({
    source,
    deliveryId,
    event: read.event,
    action: read.action,
    payloadKey: key,
    ...(unwanted ? { state: 'decided', decision: 'not wanted', reasons: [read.reason] } : {}),
  })
}
