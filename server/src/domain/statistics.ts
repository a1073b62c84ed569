import { hasEnded, type State } from './status.ts'

/** A step that was done again and again: an SRPM, or a build in one chroot. */
export interface Repeated {
  id: number
  state: State
  /** Seconds since 1970. */
  startedAt: number | null
  endedAt: number | null
  commit: string | null
  /** What is done again: package and identifier of the job; one commit may be built in several ways. */
  series: string
}

/** How steps of one kind went. */
export interface Summary<Step extends Repeated> {
  /** How many ended as success, failure or error. */
  runs: number
  success: number
  failure: number
  error: number
  /** Successes among successes and failures, from 0 to 1: errors are none of the change's doing. */
  successRate: number | null
  /** Seconds from begin to end, of those that succeeded or failed. */
  medianSeconds: number | null
  p90Seconds: number | null
  /** The newest that ended, the oldest of them first. */
  latest: Step[]
  /** Commits of which one try failed and another passed, the newest first. */
  flakyCommits: string[]
}

const MOST_FLAKY = 5

/**
 * @param steps  the newest first
 * @param most  how many there may be in `latest`
 */
export function summarize<Step extends Repeated>(steps: readonly Step[], most = 20): Summary<Step> {
  const count = (state: State) => steps.filter((step) => step.state === state).length
  const [success, failure, error] = [count('success'), count('failure'), count('error')]
  const durations = steps.filter(isVerdict).flatMap(({ startedAt, endedAt }) => {
    return startedAt === null || endedAt === null || endedAt < startedAt ? [] : [endedAt - startedAt]
  })
  return {
    runs: success + failure + error,
    success,
    failure,
    error,
    successRate: success + failure === 0 ? null : success / (success + failure),
    medianSeconds: quantile(durations, 0.5),
    p90Seconds: quantile(durations, 0.9),
    latest: steps
      .filter(({ state }) => hasEnded(state))
      .slice(0, most)
      .reverse(),
    flakyCommits: findFlakyCommits(steps).slice(0, MOST_FLAKY),
  }
}

const isVerdict = ({ state }: Repeated) => state === 'success' || state === 'failure'

/** @returns null for no values; between two values it is interpolated */
export function quantile(values: readonly number[], at: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * at
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) return null
  return below + (above - below) * (place - Math.floor(place))
}

function findFlakyCommits(steps: readonly Repeated[]): string[] {
  const verdicts = new Map<string, Set<State>>()
  const flaky = new Set<string>()
  for (const step of steps.filter(isVerdict)) {
    if (step.commit === null) continue
    const key = JSON.stringify([step.commit, step.series])
    const states = (verdicts.get(key) ?? new Set()).add(step.state)
    verdicts.set(key, states)
    if (states.size > 1) flaky.add(step.commit)
  }
  return [...flaky]
}
