import { ApiError } from './errors.ts'

const WINDOW_MS = 60_000
const MOST = 10
const MOST_KEPT = 10_000

/** Counts failed attempts to sign in by address: after ten within a minute the next ones have to wait. */
export class Attempts {
  readonly #failed = new Map<string, { count: number; since: number }>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** @throws {ApiError} 429 when there were too many */
  check(address: string): void {
    const found = this.#failed.get(address)
    const leftMs = found ? found.since + WINDOW_MS - this.#now().getTime() : 0
    if (!found || leftMs <= 0 || found.count < MOST) return
    const seconds = Math.ceil(leftMs / 1000)
    throw new ApiError(429, `Too many failed attempts to sign in: try again in ${seconds} seconds.`, undefined, {
      'retry-after': String(seconds),
    })
  }

  failed(address: string): void {
    const now = this.#now().getTime()
    const found = this.#failed.get(address)
    if (found && now - found.since < WINDOW_MS) {
      found.count += 1
      return
    }
    this.#failed.delete(address)
    if (this.#failed.size >= MOST_KEPT) this.#failed.delete(this.#failed.keys().next().value ?? '')
    this.#failed.set(address, { count: 1, since: now })
  }
}
