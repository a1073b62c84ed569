import { bodyOf, client } from './client.ts'

/** A repeat of a request with the same key counts once: a click that was sent twice, too. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-')

/** Runs again what failed. Gives the number of the new run; null when it is there a moment later. */
export async function retryRun(id: number): Promise<number | null> {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } }
  return bodyOf(await client.POST('/api/runs/{id}/retry', { params })).run_id
}

export async function cancelRun(id: number): Promise<void> {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } }
  bodyOf(await client.POST('/api/runs/{id}/cancel', { params }))
}

/** Lets an outsider's commit be built. */
export async function approveEvent(id: number): Promise<void> {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } }
  bodyOf(await client.POST('/api/events/{id}/approve', { params }))
}

/** Has a delivery decided once more. */
export async function replayDelivery(id: number): Promise<void> {
  const params = { path: { id }, header: { 'Idempotency-Key': newKey() } }
  bodyOf(await client.POST('/api/deliveries/{id}/replay', { params }))
}
