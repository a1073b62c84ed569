import { hasEnded, type State } from './status.ts'

/** What is asked for of the tests on one target, beside what the plan says. */
export interface TestInput {
  /** Index into the plan's `config.jobs`, and the package of it. */
  jobIndex: number
  package: string
  /** Variables that a command names, over those of the configuration; an empty one takes a variable away. */
  env: Record<string, string>
  /** Whether the project has test plans of its own; else its packages are installed and looked at. */
  hasPlans: boolean
}

/** A build that tests wait for. */
export interface AwaitedBuild {
  target: string
  state: State
  reason: string | null
  /** Whether its packages can be had by now. */
  isPublished: boolean
}

export type Readiness = { kind: 'wait' } | { kind: 'start' } | { kind: 'end'; state: State; reason: string }

/** Whether tests can begin, from the builds that they are for alone; none = they bring along what they test. */
export function decideReadiness(builds: readonly AwaitedBuild[]): Readiness {
  const of = (state: State) => builds.find((build) => build.state === state)
  const failed = of('failure')
  if (failed) return { kind: 'end', state: 'skipped', reason: `not tested: ${failed.target} failed to build` }
  const broken = of('error')
  if (broken)
    return { kind: 'end', state: 'skipped', reason: `not tested: the build for ${broken.target} could not be finished` }
  const canceled = of('canceled')
  if (canceled) return { kind: 'end', state: 'canceled', reason: canceled.reason ?? 'its build was cancelled' }
  const left = of('skipped')
  if (left)
    return {
      kind: 'end',
      state: 'skipped',
      reason: `not tested: ${left.target} was not built${left.reason ? `, ${left.reason}` : ''}`,
    }
  return builds.every((build) => build.state === 'success' && build.isPublished) ? { kind: 'start' } : { kind: 'wait' }
}

/** How often tests are asked for anew after their runner broke or lost them. */
export const MOST_TEST_RETRIES = 3

/** How long that waits: longer each time. */
export function retryAfterMs(tries: number, firstMs: number): number {
  return firstMs * 4 ** tries
}

/** The tests of one target, as far as it is decided what becomes of them. */
export interface TestProgress {
  state: State
  tries: number
  cancelReason: string | null
}

/** What their runner says; `undefined` when it knows nothing of them. */
export type FoundProgress = { state: State; reason: string | null; isTransient: boolean } | undefined

export type NextTest =
  | { kind: 'none' }
  | { kind: 'move'; state: State; reason: string | null }
  /** They are asked for anew. */
  | { kind: 'again'; tries: number; reason: string }

const ORDER: Record<'pending' | 'running', number> = { pending: 0, running: 1 }

/**
 * What follows from what the runner says. The same said twice, late or out of order changes nothing: what has ended stays so,
 * and what runs does not wait again, but for a runner that broke.
 */
export function decideTest(now: TestProgress, found: FoundProgress): NextTest {
  if (hasEnded(now.state)) return { kind: 'none' }
  if (!found) return tryAgain(now, 'the test runner lost the request')
  if (found.state === 'error' && found.isTransient)
    return tryAgain(now, found.reason ?? 'the test runner could not run the tests')
  if (found.state === 'canceled')
    return {
      kind: 'move',
      state: 'canceled',
      reason: now.cancelReason ?? found.reason ?? 'cancelled at the test runner',
    }
  if (hasEnded(found.state)) return { kind: 'move', state: found.state, reason: found.reason }
  const isAhead = ORDER[found.state as 'pending' | 'running'] > ORDER[now.state as 'pending' | 'running']
  return isAhead ? { kind: 'move', state: found.state, reason: found.reason } : { kind: 'none' }
}

function tryAgain({ tries, cancelReason }: TestProgress, reason: string): NextTest {
  if (cancelReason !== null) return { kind: 'move', state: 'canceled', reason: cancelReason }
  if (tries < MOST_TEST_RETRIES) return { kind: 'again', tries: tries + 1, reason }
  return { kind: 'move', state: 'error', reason: `${reason} (${MOST_TEST_RETRIES + 1} tries)` }
}

/** The word of the compatible API for tests. */
export function toTestStatus(state: State, { isSubmitted, tries }: { isSubmitted: boolean; tries: number }): string {
  const words: Partial<Record<State, string>> = { success: 'passed', failure: 'failed' }
  if (state !== 'pending') return words[state] ?? state
  if (isSubmitted) return 'queued'
  return tries > 0 ? 'retry' : 'new'
}
