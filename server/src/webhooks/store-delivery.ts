import type { Database } from '../db/database.ts'
import { insertDelivery } from '../db/deliveries.ts'
import { headersKey, keptHeaders, payloadKey } from '../domain/delivery-headers.ts'
import type { ReadDelivery } from '../domain/forge-event.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'

export interface Incoming {
  source: string
  deliveryId: string
  /** As they came; secrets among them are not kept. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  read: Exclude<ReadDelivery, { kind: 'ping' }>
}

/**
 * Stores a delivery and queues its job in one transaction.
 *
 * @returns the id of its row, or `undefined` when it was there before: each delivery counts once
 */
export async function storeDelivery(
  incoming: Incoming,
  { database, storage, queue }: { database: Database; storage: Storage; queue: Queue },
): Promise<number | undefined> {
  const { source, deliveryId, headers, body, read } = incoming
  const key = payloadKey(source, deliveryId)
  // the body goes first: a row never points at nothing. A repeat finds the first body and leaves it
  if (!(await storage.range(key, 0, 0))) {
    await storage.put(headersKey(key), JSON.stringify(keptHeaders(headers)))
    await storage.put(key, body)
  }
  return database.transaction(async (tx) => {
    const unwanted = read.kind === 'unwanted'
    const id = await insertDelivery(tx, {
      source,
      deliveryId,
      event: read.event,
      action: read.action,
      payloadKey: key,
      ...(unwanted ? { state: 'decided' as const, decision: 'not wanted', reasons: [read.reason] } : {}),
    })
    if (id !== undefined && !unwanted) await queue.add(tx, 'decide-delivery', { deliveryId: id })
    return id
  })
}
