/** What came back, as far as it says whether it is worth asking once more. */
export interface Attempt {
  status: number
  /** The header `Retry-After`: who asks for a time is not asked before it. */
  retryAfter: string | null
}

const REPEATS = 3
const FIRST_WAIT_MS = 100
/** A gateway says so when what lies behind it did not answer. */
const PASSING = [502, 503, 504]

/**
 * Asks once more, up to three times with growing waits, when the way to another system failed: of many requests some always meet
 * that, and a job that has to begin anew costs more. Only for requests that change nothing.
 *
 * @throws whatever the last attempt threw; one that took too long is not repeated
 */
export async function askAgain<T extends Attempt>(
  ask: () => Promise<T>,
  sleep: (ms: number) => Promise<unknown>,
): Promise<T> {
  for (let repeat = 0; ; repeat++) {
    const isLast = repeat === REPEATS
    try {
      const got = await ask()
      if (isLast || !PASSING.includes(got.status) || got.retryAfter !== null) return got
    } catch (error) {
      if (isLast || (error instanceof Error && error.name === 'TimeoutError')) throw error
    }
    await sleep(FIRST_WAIT_MS * 3 ** repeat * (0.5 + Math.random()))
  }
}
