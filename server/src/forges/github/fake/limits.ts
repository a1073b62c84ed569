import { Refusal } from './answers.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** How much the fake lets be asked; what GitHub documents unless a test says otherwise. */
export interface LimitSettings {
  /** Requests in an hour for each installation, App or user. */
  perHour: number
  /** What is left of this hour; left out = what was not used yet. */
  remaining?: number
  concurrent: number
  /** Reading costs one point, writing five. */
  pointsPerMinute: number
  /** Comments and reactions. */
  contentPerMinute: number
  /** How a refusal looks. Both are seen in the wild. */
  status: 403 | 429
  /** Seconds that the answer tells to wait after a secondary limit; null = it does not tell. */
  retryAfterS: number | null
}

export const DOCUMENTED: LimitSettings = {
  perHour: 5000,
  concurrent: 100,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  status: 403,
  retryAfterS: 60,
}

interface Allowance {
  used: number
  resetAt: number
  running: number
  /** Of the last minute. */
  spent: { at: number; points: number; isContent: boolean }[]
}

export interface Cost {
  isWrite: boolean
  /** Makes something that others are told of. */
  isContent: boolean
}

/** Primary and secondary limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export class Limits {
  settings: LimitSettings = { ...DOCUMENTED }
  readonly #now: () => Date
  readonly #allowances = new Map<string, Allowance>()

  constructor(now: () => Date) {
    this.#now = now
  }

  change({ remaining, ...settings }: Partial<LimitSettings>): void {
    this.settings = { ...this.settings, ...settings }
    if (remaining === undefined) return
    for (const allowance of this.#allowances.values()) allowance.used = this.settings.perHour - remaining
    this.settings.remaining = remaining
  }

  /** Lets a request in, or refuses it. What is let in must `leave`. */
  enter(whose: string, { isWrite, isContent }: Cost): void {
    const now = this.#now().getTime()
    const allowance = this.#find(whose)
    if (allowance.used >= this.settings.perHour) throw this.#refusePrimary(whose)
    const spent = allowance.spent.filter(({ at }) => at > now - MINUTE_MS)
    allowance.spent = spent
    const points = isWrite ? 5 : 1
    const content = spent.filter((one) => one.isContent).length
    if (
      allowance.running >= this.settings.concurrent ||
      spent.reduce((sum, one) => sum + one.points, 0) + points > this.settings.pointsPerMinute ||
      (isContent && content >= this.settings.contentPerMinute)
    )
      throw this.refuseSecondary(whose)
    spent.push({ at: now, points, isContent })
    allowance.running += 1
    allowance.used += 1
  }

  /** The request has ended; one that was answered with 304 costs nothing. */
  leave(whose: string, isFree: boolean): void {
    const allowance = this.#find(whose)
    allowance.running -= 1
    if (isFree) allowance.used -= 1
  }

  /** Headers of every answer. */
  headersOf(whose: string): Record<string, string> {
    const { limit, remaining, used, reset } = this.tell(whose)
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    }
  }

  tell(whose: string): { limit: number; remaining: number; used: number; reset: number } {
    const { used, resetAt } = this.#find(whose)
    const limit = this.settings.perHour
    return { limit, remaining: Math.max(0, limit - used), used, reset: Math.ceil(resetAt / 1000) }
  }

  refuseSecondary(whose: string): Refusal {
    const { status, retryAfterS } = this.settings
    const headers = {
      ...this.headersOf(whose),
      ...(retryAfterS !== null && { 'retry-after': String(retryAfterS) }),
    }
    return new Refusal(
      status,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      { headers },
    )
  }

  #refusePrimary(whose: string): Refusal {
    return new Refusal(this.settings.status, `API rate limit exceeded for ${whose}.`, {
      headers: this.headersOf(whose),
    })
  }

  #find(whose: string): Allowance {
    const now = this.#now().getTime()
    const known = this.#allowances.get(whose)
    if (known && known.resetAt > now) return known
    const { perHour, remaining } = this.settings
    const used = known || remaining === undefined ? 0 : perHour - remaining
    const fresh = { used, resetAt: now + HOUR_MS, running: known?.running ?? 0, spent: known?.spent ?? [] }
    this.#allowances.set(whose, fresh)
    return fresh
  }
}
