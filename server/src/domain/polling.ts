/** How long until a running build or test is asked after again; hints come sooner. */
const FIRST_POLL_MS = 1000

/** What has not ended elsewhere by then never will. */
const LONGEST_REMOTE_MS = 7 * 24 * 60 * 60_000

/** Whether something has been under way elsewhere for longer than anything takes. */
export function isLost(since: Date, now: Date): boolean {
  return now.getTime() - since.getTime() > LONGEST_REMOTE_MS
}

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
