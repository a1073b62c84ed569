import { insertDelivery } from '../db/deliveries.ts'
import { headersKey, payloadKey } from '../domain/delivery-headers.ts'
import type { PullRequestEvent } from '../domain/forge-event.ts'
import type { EventDeps } from './deps.ts'
import { foundPayload } from './found-payload.ts'

/**
 * Stores a pull request that a sweep found as a delivery of its own, once, and has it decided like any other.
 *
 * @returns whether it is new
 */
export async function storeFound(event: PullRequestEvent, { database, queue, storage }: EventDeps): Promise<boolean> {
  const { project, number, head, action } = event
  const place = `${project.forge}/${project.namespace}/${project.name}#${number}@${head.sha}`
  // it may be reopened several times with the same commit
  const deliveryId = action === 'opened' ? `sweep:${place}` : `sweep:${place}:${action}:${event.order}`
  const source = 'github'
  const key = payloadKey(source, deliveryId)
  if (!(await storage.range(key, 0, 0))) {
    await storage.put(headersKey(key), JSON.stringify({ 'x-github-event': 'pull_request' }))
    await storage.put(key, JSON.stringify(foundPayload(event)))
  }
  return database.transaction(async (tx) => {
    const row = { source, deliveryId, event: 'pull_request', action, payloadKey: key }
    const id = await insertDelivery(tx, row)
    if (id !== undefined) await queue.add(tx, 'decide-delivery', { deliveryId: id })
    return id !== undefined
  })
}
