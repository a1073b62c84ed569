import { UnavailableError } from '../../domain/errors.ts'
import type { ForgeLimit } from '../forge.ts'
import { PointWindow } from './point-window.ts'

/** Whose limit a request counts against: an installation's, or that of the App itself. */
export type LimitKey = number | 'app'

/** What a request is, for the limits: `content` is what people are told of (comments). */
export interface RequestKind {
  kind: 'read' | 'write' | 'content'
  /** Made even when few requests are left. */
  isUrgent: boolean
}

/** What an answer says of the limits. */
export interface LimitAnswer {
  status: number
  headers: { get(name: string): string | null }
  /** The text of a refusal; empty for others. */
  message: string
}

/** Below this, what can wait does: the rest is for the first and last states of checks. */
const RESERVE = 200
/** GitHub allows 900 points and about 80 new contents a minute: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const POINTS_A_MINUTE = 850
const CONTENTS_A_MINUTE = 75
const POINTS = { read: 1, write: 5, content: 5 }
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 15 * 60_000
const MOST_KEYS = 5_000
/** The end of one and the same hour is told a second sooner or later from answer to answer. */
const SAME_HOUR_MS = 60_000

interface Account {
  limit: number
  remaining: number
  resetAt: Date
  /** When it may be asked again, and why not before. */
  block: { until: Date; reason: string } | null
  /** Refusals in a row. */
  refusals: number
  points: PointWindow
  contents: PointWindow
}

/** How much GitHub lets us ask, by installation: known from its answers, and kept to. */
export class Budget {
  readonly #accounts = new Map<LimitKey, Account>()
  readonly #names = new Map<LimitKey, string>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Whom an installation belongs to, for people. */
  name(key: LimitKey, name: string): void {
    this.#names.set(key, name)
    trim(this.#names)
  }

  /**
   * Counts a request that is about to be made.
   *
   * @throws {UnavailableError} when it has to wait, and for how long
   */
  admit(key: LimitKey, { kind, isUrgent }: RequestKind): void {
    const account = this.#account(key)
    const now = this.#now()
    const obstacle = this.#findObstacle(account, now, { kind, isUrgent })
    if (obstacle) {
      const at = `${obstacle.until.toISOString().slice(0, 19).replace('T', ' ')} UTC`
      throw new UnavailableError(
        `GitHub is left alone until ${at} for ${this.#nameOf(key)}: ${obstacle.reason}`,
        Math.max(1_000, obstacle.until.getTime() - now.getTime()),
        // what waits for its turn is no failure, however long it takes
        { hasDeadline: false, isBusy: true },
      )
    }
    account.points.add(POINTS[kind], now)
    if (kind === 'content') account.contents.add(1, now)
  }

  /** Notes what an answer says; gives how long to wait when it is a refusal for a limit, else `undefined`. */
  observe(key: LimitKey, { status, headers, message }: LimitAnswer): { until: Date; reason: string } | undefined {
    const account = this.#account(key)
    const now = this.#now()
    readHeaders(account, headers)
    if (!isLimited(status, headers, message)) {
      if (status < 400 && !(account.block && account.block.until > now)) account.refusals = 0
      return undefined
    }
    // what was on its way when the first refusal came is refused as well: that is one refusal, and the longest wait counts
    const ongoing = account.block !== null && account.block.until > now ? account.block : null
    if (!ongoing) account.refusals++
    const block = decideBlock(account, { headers, now })
    account.block = ongoing && ongoing.until > block.until ? ongoing : block
    return account.block
  }

  limits(): ForgeLimit[] {
    const now = this.#now()
    const known = [...this.#accounts].filter(([, account]) => account.limit > 0 || account.block)
    return known.map(([key, account]) => {
      const obstacle = this.#findObstacle(account, now, { kind: 'read', isUrgent: true })
      const isLow = account.remaining < RESERVE && account.resetAt > now
      const low = `fewer than ${RESERVE} requests are left: only first and last states of checks are written`
      return {
        whose: this.#nameOf(key),
        limit: account.limit,
        remaining: account.resetAt > now ? account.remaining : account.limit,
        resetAt: account.resetAt,
        blockedUntil: obstacle?.until ?? null,
        reason: obstacle?.reason ?? (isLow ? low : null),
      }
    })
  }

  #findObstacle(account: Account, now: Date, { kind, isUrgent }: RequestKind) {
    const { block, limit, remaining, resetAt, points, contents } = account
    if (block && block.until > now) return block
    const isKnown = limit > 0 && resetAt > now
    if (isKnown && remaining === 0) return { until: afterReset(resetAt), reason: 'all requests of this hour are used' }
    if (isKnown && remaining < RESERVE && kind !== 'read' && !isUrgent)
      return {
        until: afterReset(resetAt),
        reason: `fewer than ${RESERVE} requests are left, which are kept for the first and last states of checks`,
      }
    const room = points.roomAt(POINTS[kind], POINTS_A_MINUTE, now)
    if (room) return { until: room, reason: 'as much as GitHub takes within a minute was asked' }
    const contentRoom = kind === 'content' ? contents.roomAt(1, CONTENTS_A_MINUTE, now) : null
    return (
      contentRoom && { until: contentRoom, reason: 'as many comments as GitHub takes within a minute were written' }
    )
  }

  #nameOf(key: LimitKey): string {
    return this.#names.get(key) ?? (key === 'app' ? 'the App itself' : `installation ${key}`)
  }

  #account(key: LimitKey): Account {
    const found = this.#accounts.get(key)
    if (found) return found
    const made: Account = {
      limit: 0,
      remaining: 0,
      resetAt: new Date(0),
      block: null,
      refusals: 0,
      points: new PointWindow(),
      contents: new PointWindow(),
    }
    this.#accounts.set(key, made)
    trim(this.#accounts)
    return made
  }
}

function trim(map: Map<unknown, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= MOST_KEYS) return
    map.delete(oldest)
  }
}

function readHeaders(account: Account, headers: LimitAnswer['headers']): void {
  const number = (name: string) => {
    const text = headers.get(name)
    return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
  }
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => number(`x-ratelimit-${name}`))
  // searches and the like have limits of their own
  if ((headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return
  if (limit === undefined || remaining === undefined || reset === undefined) return
  const resetAt = new Date(reset * 1000)
  const laterMs = resetAt.getTime() - account.resetAt.getTime()
  if (laterMs < -SAME_HOUR_MS) return
  // answers overtake each other: within one hour what remains only falls
  const isSame = laterMs <= SAME_HOUR_MS && limit === account.limit
  account.remaining = isSame ? Math.min(account.remaining, remaining) : remaining
  account.limit = limit
  account.resetAt = resetAt
}

/** Whether a refusal is for a limit: a 403 may also mean that a permission is missing. */
export function isLimited(status: number, headers: LimitAnswer['headers'], message: string): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  return (
    headers.get('retry-after') !== null ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /secondary rate limit|abuse detection|rate limit exceeded/i.test(message)
  )
}

function decideBlock(account: Account, { headers, now }: { headers: LimitAnswer['headers']; now: Date }) {
  const asked = retryAfterMs(headers.get('retry-after'), now)
  if (asked !== undefined)
    return { until: new Date(now.getTime() + asked), reason: 'GitHub asked for it (too much at a time)' }
  if (headers.get('x-ratelimit-remaining') === '0' && account.resetAt > now)
    return { until: afterReset(account.resetAt), reason: 'all requests of this hour are used' }
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, account.refusals - 1))
  return { until: new Date(now.getTime() + waitMs), reason: 'GitHub refused requests (too much at a time)' }
}

/** A little later: the clocks of two machines differ. */
function afterReset(resetAt: Date): Date {
  return new Date(resetAt.getTime() + 1_000)
}

/** What `Retry-After` asks for, in ms: seconds, or an HTTP date; `undefined` when it is neither. */
export function retryAfterMs(text: string | null, now: Date): number | undefined {
  if (text === null) return undefined
  if (/^\d{1,6}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
