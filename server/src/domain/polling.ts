/** How long until a running build or test is asked after again; hints come sooner. */
const FIRST_POLL_MS = 1000

/**
 * The wait before the next look: short at first, longer each time.
 *
 * @param polls  how often it was asked already
 */
export function pollAfterMs(polls: number, longestMs: number): number {
  return Math.min(FIRST_POLL_MS * 1.5 ** polls, longestMs)
}

/**
 * Whether it is believed of what was asked for elsewhere that nobody there knows it. A moment after it was made it may not be found yet: the
 * first look is no proof, nor is a hint, which may come as early.
 *
 * @param polls  how often it was asked already
 */
export function isBelievedGone(polls: number): boolean {
  return polls > 0
}
