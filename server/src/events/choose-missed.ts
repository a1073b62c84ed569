import type { PastDelivery } from '../forges/forge.ts'

/** How often each delivery was asked for again. */
export type Tries = Record<string, number>

export interface Missed {
  id: string
  deliveryId: string
  /** When it was sent, as ms since 1970. */
  at: number
}

/** More would not help: whatever is wrong with it is wrong each time. */
const MOST_TRIES = 3
/** What was just sent may be on its way into the database. */
const TOO_YOUNG_MS = 60_000
/** Answers that say what is wrong with the delivery itself; it would be the same again. */
const REFUSED: readonly (number | null)[] = [400, 413, 415]

/**
 * Which deliveries a forge is asked to send again: those that are not here, but for pings, which nobody keeps, and those
 * that were refused for what they hold. The oldest come first.
 *
 * @returns those for now, those that there is no room for, and the tries of all that still can be seen
 */
export function chooseMissed(
  past: readonly PastDelivery[],
  arrived: ReadonlySet<string>,
  before: Tries,
  { now, most }: { now: number; most: number },
): { missed: Missed[]; waiting: Missed[]; tries: Tries } {
  const newest = new Map<string, PastDelivery>()
  for (const delivery of past) {
    const known = newest.get(delivery.deliveryId)
    if (!known || delivery.deliveredAt > known.deliveredAt) newest.set(delivery.deliveryId, delivery)
  }
  const tries: Tries = {}
  const wanted: Missed[] = []
  for (const [deliveryId, { id, event, deliveredAt, status }] of newest) {
    const tried = before[deliveryId] ?? 0
    if (tried > 0) tries[deliveryId] = tried
    const isLost = !arrived.has(deliveryId) && event !== 'ping' && !REFUSED.includes(status)
    const at = deliveredAt.getTime()
    if (isLost && tried < MOST_TRIES && now - at >= TOO_YOUNG_MS) wanted.push({ id, deliveryId, at })
  }
  wanted.sort((a, b) => a.at - b.at)
  return { missed: wanted.slice(0, most), waiting: wanted.slice(most), tries }
}
