import type { Logger } from 'pino'
import { claimTrial, findBackend, lockBackend, noteAnswer, writeBackend } from '../db/backends.ts'
import type { Database } from '../db/database.ts'
import {
  admit,
  afterStreak,
  type Backend,
  backendTitle,
  freshBackend,
  type Guard,
  judgeError,
  type Streak,
  TRIAL_MS,
  unavailableText,
} from '../domain/backend.ts'
import { UnavailableError } from '../domain/errors.ts'
import type { Queue } from './queue.ts'

export interface GuardDeps {
  database: Database
  queue: Queue
  now: () => Date
  log: Pick<Logger, 'warn' | 'info' | 'error'>
}

export interface BreakerRule {
  /** How many calls in a row must not be answered. */
  threshold: number
  /** Whether what waits is given up one day. */
  hasDeadline: boolean
}

/** So long what another process wrote is not seen. */
const REREAD_MS = 1_000
/** So often it is noted that a system answers. */
const NOTE_MS = 60_000
/** Waits of many jobs for one system end at slightly different times. */
const SPREAD = 0.2

/**
 * A circuit breaker, whose state all processes share by the database: when calls in a row are not answered, the system is left
 * alone for a time that grows; then one call tries it. Whoever waits is told why, and the reports tell it too.
 */
export class BackendGuard {
  readonly name: string
  /** How often it did not answer this process. */
  failures = 0
  readonly #deps: GuardDeps
  readonly #rule: BreakerRule
  #streak: Streak | undefined
  #seen: { backend: Backend; at: number } | undefined
  #notedAt = Number.NEGATIVE_INFINITY

  constructor(name: string, rule: BreakerRule, deps: GuardDeps) {
    this.name = name
    this.#rule = rule
    this.#deps = deps
  }

  readonly run: Guard = async (call) => {
    const known = await this.#look()
    const admission = admit(known, this.#deps.now())
    if (typeof admission === 'object') throw this.#refuse(known, admission.afterMs)
    const isTrial = admission === 'try'
    if (isTrial) await this.#claim(known)
    try {
      const result = await call()
      await this.#quietly(() => this.#answered(known))
      return result
    } catch (error) {
      const said = judgeError(error)
      if (said === 'answers') await this.#quietly(() => this.#answered(known))
      if (said === 'nothing' && isTrial) await this.#quietly(() => this.#giveWay())
      if (said !== 'away') throw error
      this.failures += 1
      const opened = await this.#quietly(() => this.#notAnswered(error as UnavailableError, isTrial))
      throw opened ?? error
    }
  }

  async #look(): Promise<Backend> {
    const at = performance.now()
    if (this.#seen && at - this.#seen.at < REREAD_MS) return this.#seen.backend
    const backend = (await findBackend(this.#deps.database.db, this.name)) ?? freshBackend(this.name)
    this.#remember(backend)
    return backend
  }

  #remember(backend: Backend): void {
    this.#seen = { backend, at: performance.now() }
  }

  #refuse(backend: Backend, afterMs: number, cause?: unknown): UnavailableError {
    const text = unavailableText(backend, afterMs, this.#deps.now())
    return new UnavailableError(text, Math.ceil(afterMs * (1 + Math.random() * SPREAD)), {
      cause,
      hasDeadline: this.#rule.hasDeadline,
    })
  }

  /** @throws {UnavailableError} when another process was first, who now tries */
  async #claim(known: Backend): Promise<void> {
    const { database, now } = this.#deps
    const trial: Backend = { ...known, state: 'half-open', nextTryAt: new Date(now().getTime() + TRIAL_MS) }
    if (await claimTrial(database.db, known, trial.nextTryAt as Date)) return this.#remember(trial)
    this.#seen = undefined
    const current = await this.#look()
    const admission = admit(current, now())
    if (admission === 'go') return
    throw this.#refuse(current, typeof admission === 'object' ? admission.afterMs : 1_000)
  }

  /** A try that ended without saying anything of the system: the next one need not wait for it. */
  async #giveWay(): Promise<void> {
    const trial = this.#seen?.backend
    this.#seen = undefined
    if (trial?.state === 'half-open') await claimTrial(this.#deps.database.db, trial, this.#deps.now())
  }

  async #answered(known: Backend): Promise<void> {
    this.#streak = undefined
    const { database, now, queue, log } = this.#deps
    const at = now()
    if (known.state === 'closed') {
      if (at.getTime() - this.#notedAt < NOTE_MS) return
      this.#notedAt = at.getTime()
      return noteAnswer(database.db, this.name, at)
    }
    const closed = { ...freshBackend(this.name), lastSuccessAt: at }
    await database.transaction(async (tx) => {
      const before = await lockBackend(tx, this.name)
      await writeBackend(tx, closed)
      if (before?.state !== 'closed') await queue.add(tx, 'tell-backend', { backend: this.name })
    })
    this.#remember(closed)
    log.info({ backend: this.name }, `${backendTitle(this.name)} answers again`)
  }

  /** @returns what to throw instead, once the system is left alone */
  async #notAnswered(error: UnavailableError, isTrial: boolean): Promise<UnavailableError | undefined> {
    const { database, queue, now, log } = this.#deps
    const at = now()
    const { failures = 0, since = at } = this.#streak ?? {}
    const streak = { failures: failures + 1, since, reason: error.message }
    this.#streak = streak
    if (!isTrial && streak.failures < this.#rule.threshold) return undefined
    const opened = await database.transaction(async (tx) => {
      const before = (await lockBackend(tx, this.name)) ?? freshBackend(this.name)
      // calls that were under way together fail together: one of them counts
      if (before.state === 'open' && !isTrial) return before
      const next = afterStreak(before, streak, this.#rule.threshold, at)
      await writeBackend(tx, next)
      if (before.state === 'closed') await queue.add(tx, 'tell-backend', { backend: this.name })
      return next
    })
    this.#remember(opened)
    const afterMs = Math.max(1_000, (opened.nextTryAt?.getTime() ?? 0) - at.getTime())
    const refusal = this.#refuse(opened, afterMs, error)
    log.warn({ backend: this.name }, refusal.message)
    return refusal
  }

  /** What is noted of a system has no part in what is done with it. */
  async #quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (err) {
      this.#deps.log.error({ err, backend: this.name }, 'how a backend stands could not be written')
      return undefined
    }
  }
}
