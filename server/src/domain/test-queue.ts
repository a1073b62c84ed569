/** What tests wait for: the packages, their turn on this machine, a runner elsewhere. */
export const TEST_WAITS = ['build', 'turn', 'runner'] as const
export type TestWait = (typeof TEST_WAITS)[number]

/** A step that goes before, and has not ended. */
export interface StepBefore {
  /** Seconds since 1970. */
  startedAt: number | null
  /** How long such steps take, in seconds; null where none like it was ever done. */
  seconds: number | null
}

/** What is known about tests that wait. Times are seconds since 1970, durations seconds; null where nothing is known. */
export interface WaitingTests {
  now: number
  /** What they test is there. */
  isReady: boolean
  /** Another system runs them. */
  isElsewhere: boolean
  /** Nobody knows when it goes on: that system does not answer, or a request to it broke and is made again. */
  isHeldUp: boolean
  /** When the run itself may begin; now, where it has. */
  runStart: number | null
  /** The SRPM, while it is not made; null when it is. */
  srpm: StepBefore | null
  /** The builds of their packages that have not ended; null where these are not known. */
  builds: readonly StepBefore[] | null
  /** Tests of this machine that go before and have not ended. */
  ahead: number
  /** How many steps are worked on at a time here. */
  slots: number
  /** When the other system was asked for them. */
  askedAt: number | null
  /** How long it lately let tests wait. */
  runnerWait: number | null
  /** How long these tests took lately. */
  seconds: number | null
}

/** The place of tests among what waits, and when they may begin and end. */
export interface TestQueue {
  waitsFor: TestWait
  /** From 1; null where nobody tells it. */
  position: number | null
  expectedStart: number | null
  expectedEnd: number | null
}

/** What has passed without coming true is not expected any more: no time is better than a wrong one. */
export function estimateTests(tests: WaitingTests): TestQueue {
  const { isReady, isElsewhere, ahead, seconds } = tests
  const waitsFor = !isReady ? 'build' : isElsewhere ? 'runner' : 'turn'
  const start = tests.isHeldUp ? null : startOf(tests, waitsFor)
  const expectedStart = start === null || start < tests.now ? null : start
  return {
    waitsFor,
    position: waitsFor === 'turn' ? ahead + 1 : null,
    expectedStart: round(expectedStart),
    expectedEnd: round(plus(expectedStart, seconds)),
  }
}

function startOf(tests: WaitingTests, waitsFor: TestWait): number | null {
  const { now, isElsewhere, ahead, slots, askedAt, runnerWait, seconds } = tests
  if (waitsFor === 'runner') return plus(askedAt ?? now, runnerWait)
  if (waitsFor === 'build') return plus(builtAt(tests), isElsewhere ? runnerWait : 0)
  const toEnd = Math.max(0, ahead - slots + 1)
  return toEnd === 0 ? now : plus(now, seconds === null ? null : (toEnd * seconds) / slots)
}

/** When the last of the builds may have ended. */
function builtAt({ now, runStart, srpm, builds }: WaitingTests): number | null {
  if (builds === null) return null
  const begin = srpm ? endOf(srpm, runStart, now) : now
  const ends = builds.map((build) => endOf(build, begin, now))
  return ends.reduce<number | null>((last, end) => (last === null || end === null ? null : Math.max(last, end)), now)
}

function endOf({ startedAt, seconds }: StepBefore, begin: number | null, now: number): number | null {
  const end = plus(startedAt ?? begin, seconds)
  return end === null || end < now ? null : end
}

function plus(at: number | null, seconds: number | null): number | null {
  return at === null || seconds === null ? null : at + seconds
}

const round = (seconds: number | null) => (seconds === null ? null : Math.round(seconds))
