import { ConfigError, ForbiddenError, NotFoundError, SetupError, UnavailableError } from '../domain/errors.ts'
import { BUG_TRIES, UNAVAILABLE_DEADLINE_MS } from './jobs.ts'

/** What a job carries from try to try, beside its data. */
export interface Tries {
  /** How often its code has thrown. */
  bugs: number
  /** When it first met a system that is away, in ms since 1970; 0 if it has not. */
  awaySince: number
}

/** Nothing of these changes by trying again. */
const FINAL = [ConfigError, ForbiddenError, NotFoundError, SetupError]

export type Outcome = { kind: 'again'; tries: Tries; afterMs: number } | { kind: 'give-up'; reason: string }

/**
 * What follows from an error, sorted by who can act: a system that is away is waited for until a deadline, a bug is
 * tried again twice, and what no repeat can mend is given up at once.
 */
export function decideOutcome(error: unknown, tries: Tries, now: Date): Outcome {
  if (error instanceof UnavailableError) {
    const since = tries.awaySince || now.getTime()
    const afterMs = Math.max(error.retryAfterMs, 1000)
    if (error.hasDeadline && now.getTime() + afterMs - since > UNAVAILABLE_DEADLINE_MS)
      return { kind: 'give-up', reason: error.message }
    return { kind: 'again', tries: { ...tries, awaySince: since }, afterMs }
  }
  if (FINAL.some((kind) => error instanceof kind)) return { kind: 'give-up', reason: (error as Error).message }
  const bugs = tries.bugs + 1
  if (bugs >= BUG_TRIES)
    return { kind: 'give-up', reason: 'an error of ours; the operator finds it in the service log' }
  return { kind: 'again', tries: { ...tries, bugs }, afterMs: 1000 * 4 ** tries.bugs }
}
