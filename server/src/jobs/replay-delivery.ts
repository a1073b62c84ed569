import type { Db } from '../db/database.ts'
import { lockDelivery, reopenDelivery } from '../db/deliveries.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { Queue } from './queue.ts'

/**
 * Has a delivery decided again. Repeats end the same.
 *
 * @throws {NotFoundError} when it is not there
 * @throws {ConflictError} when its body is no longer kept
 */
export async function replayDelivery(tx: Db, queue: Queue, id: number): Promise<void> {
  const delivery = await lockDelivery(tx, id)
  if (!delivery) throw new NotFoundError(`there is no delivery ${id}`)
  if (delivery.payloadKey === null) {
    throw new ConflictError(`delivery ${id} can't be decided again: its payload has expired`)
  }
  await reopenDelivery(tx, id)
  await queue.add(tx, 'decide-delivery', { deliveryId: id })
}
