import type { Position, StreamEnds } from '../db/read-changes.ts'

/** A place in the stream as clients see it: the id of an event. */
export function formatPosition({ xact, id }: Position): string {
  return `${xact}.${id}`
}

/** @returns  null for a text that no event of ours can have had as its id */
export function parsePosition(text: string): Position | null {
  const found = /^([0-9]{1,19})\.([0-9]{1,15})$/.exec(text)
  if (!found?.[1] || !found[2] || BigInt(found[1]) >= 2n ** 63n) return null
  return { xact: BigInt(found[1]).toString(), id: Number(found[2]) }
}

/** Negative, zero or positive, as `a` lies before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  const difference = BigInt(a.xact) - BigInt(b.xact)
  return difference === 0n ? a.id - b.id : difference < 0n ? -1 : 1
}

/**
 * Whether somebody who stands at a place may have missed changes that aren't kept any more, or stands in the stream of
 * another database.
 */
export function isForgotten(from: Position, { head, oldest }: StreamEnds): boolean {
  const toHead = comparePositions(from, head)
  if (toHead >= 0) return toHead > 0
  if (!oldest) return true
  // nothing was ever removed while the very first row is there
  return oldest.id > 1 && comparePositions(from, oldest) < 0
}
