import { ConfigError, ConflictError, ForbiddenError, NotFoundError, UnavailableError } from './errors.ts'

/** closed: it is asked; open: it does not answer and is left alone; half-open: one call tries whether it answers again. */
export const BACKEND_STATES = ['closed', 'open', 'half-open'] as const
export type BackendState = (typeof BACKEND_STATES)[number]

/** An outside system as all processes see it. */
export interface Backend {
  /** `copr`, `testing-farm`, or the host of a forge. */
  name: string
  state: BackendState
  /** When it first did not answer; null while it does. */
  since: Date | null
  /** Why it was left alone, as it said itself. */
  reason: string | null
  /** How often in a row it did not answer. */
  failures: number
  lastSuccessAt: Date | null
  /** When it is tried again; while that happens, when others may try in its place. */
  nextTryAt: Date | null
}

/** Runs a call to an outside system, or throws `UnavailableError` at once while that does not answer. */
export type Guard = <T>(call: () => Promise<T>) => Promise<T>

/** A system that nothing is known of. */
export function freshBackend(name: string): Backend {
  return { name, state: 'closed', since: null, reason: null, failures: 0, lastSuccessAt: null, nextTryAt: null }
}

const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 5 * 60_000
/** For so long a try has the way to itself: who died while trying is followed by another. */
export const TRIAL_MS = 20_000
/** Who finds another trying comes again soon. */
const LOOK_AGAIN_MS = 5_000

export type Admission = 'go' | 'try' | { afterMs: number }

/** Whether a system may be asked now; `try`, when the caller is to find out whether it answers again. */
export function admit({ state, nextTryAt }: Backend, now: Date): Admission {
  if (state === 'closed') return 'go'
  const leftMs = (nextTryAt?.getTime() ?? 0) - now.getTime()
  if (leftMs <= 0) return 'try'
  return { afterMs: state === 'half-open' ? Math.min(leftMs, LOOK_AGAIN_MS) : leftMs }
}

export interface Streak {
  /** How many calls in a row were not answered, and when the first was made. */
  failures: number
  since: Date
  reason: string
}

/**
 * A system that did not answer often enough, or not when it was tried again: each time the wait doubles.
 *
 * @param threshold  how many calls in a row it took
 */
export function afterStreak(backend: Backend, streak: Streak, threshold: number, now: Date): Backend {
  const wasAway = backend.state !== 'closed'
  const failures = wasAway ? backend.failures + 1 : streak.failures
  const trials = wasAway ? Math.max(1, failures - threshold) : 0
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** trials, LONGEST_WAIT_MS)
  return {
    ...backend,
    state: 'open',
    since: wasAway ? backend.since : streak.since,
    reason: streak.reason,
    failures,
    nextTryAt: new Date(now.getTime() + waitMs),
  }
}

/** What a call's error says about the system: it is away, it answers, or nothing (a limit, a bug of ours). */
export function judgeError(error: unknown): 'away' | 'answers' | 'nothing' {
  if (error instanceof UnavailableError) return error.isBusy ? 'nothing' : 'away'
  const isAnswer =
    error instanceof ConfigError ||
    error instanceof NotFoundError ||
    error instanceof ForbiddenError ||
    error instanceof ConflictError
  return isAnswer ? 'answers' : 'nothing'
}

const TITLES: Record<string, string> = { copr: 'Copr', 'testing-farm': 'Testing Farm', 'github.com': 'GitHub' }

/** What people call it. */
export function backendTitle(name: string): string {
  return Object.hasOwn(TITLES, name) ? (TITLES[name] ?? name) : name
}

/** Why a call is not even made, and when the next one is. */
export function unavailableText({ name, since, reason, failures }: Backend, afterMs: number, now: Date): string {
  const seconds = Math.max(1, Math.ceil(afterMs / 1000))
  const tries = `${failures} of ${failures} tries`
  return `${backendTitle(name)} is unavailable since ${clockText(since ?? now, now)}: ${reason} (${tries}). Trying again in ${seconds} s.`
}

/** What waits for a system, for checks and pages; it stays the same while the system stays away. */
export function waitingText({ name, since }: Pick<Backend, 'name' | 'since'>, now: Date): string {
  const title = `Waiting for ${backendTitle(name)}, which does not answer`
  return since ? `${title} since ${clockText(since, now)}` : title
}

/** `12:03 UTC`; of another day with that day. */
function clockText(at: Date, now: Date): string {
  const [day, time = ''] = at.toISOString().split('T')
  const clock = `${time.slice(0, 5)} UTC`
  return day === now.toISOString().slice(0, 10) ? clock : `${day} ${clock}`
}
