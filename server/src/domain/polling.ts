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
