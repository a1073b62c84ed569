import { setTimeout as sleep } from 'node:timers/promises'

/** What takes long lets what people wait for go first. */
export interface GiveWay {
  /** Runs what people wait for; no long work begins meanwhile. */
  goFirst<T>(work: () => Promise<T>): Promise<T>
  /**
   * Resolves when nothing went first for a moment; when it has waited for `mostMs` at the latest, so that nothing waits for ever.
   *
   * @param waitedMs  how long it has waited in the queue: that counts
   */
  giveWay(signal: AbortSignal, waitedMs?: number): Promise<void>
}

/** From one quick job to the next one of the same delivery: the way through the queue. */
const QUIET_MS = 60
const LOOK_MS = 20
const MOST_MS = 3000

/** One for a process: what other processes do takes none of its time. */
export function createGiveWay({ quietMs = QUIET_MS, mostMs = MOST_MS } = {}): GiveWay {
  let underway = 0
  let lastEnd = Number.NEGATIVE_INFINITY
  const isQuiet = () => underway === 0 && performance.now() - lastEnd >= quietMs
  return {
    async goFirst(work) {
      underway += 1
      try {
        return await work()
      } finally {
        underway -= 1
        lastEnd = performance.now()
      }
    },
    async giveWay(signal, waitedMs = 0) {
      const until = performance.now() + mostMs - waitedMs
      while (!isQuiet() && performance.now() < until) await sleep(LOOK_MS, undefined, { signal })
    },
  }
}
