import type { ProjectStatistics, StepStatistics } from '../api/project-queries.ts'

/** A rate as a whole percentage that is 100 % or 0 % only when it is exactly that. */
export function percent(rate: number): string {
  const rounded = Math.round(rate * 100)
  const honest = rate < 1 && rounded === 100 ? 99 : rate > 0 && rounded === 0 ? 1 : rounded
  return `${honest} %`
}

export type TargetStatistics = ProjectStatistics['targets'][number]

export interface Digest {
  /** Builds with a verdict: those that broke are none of the change's doing. */
  judged: number
  passed: number
  /** The target that passes least often, if any ever failed. */
  worst: TargetStatistics | null
  flaky: TargetStatistics[]
}

/** What one wants to know first about builds of several targets. */
export function digest(targets: readonly TargetStatistics[]): Digest {
  const sum = (count: (step: StepStatistics) => number) => targets.reduce((total, step) => total + count(step), 0)
  const failing = targets.filter(({ success_rate: rate }) => rate !== null && rate < 1)
  const worst = failing.toSorted((a, b) => (a.success_rate ?? 1) - (b.success_rate ?? 1))[0] ?? null
  return {
    judged: sum((step) => step.success + step.failure),
    passed: sum((step) => step.success),
    worst,
    flaky: targets.filter((step) => step.flaky),
  }
}

/** A day in UTC that lies so many days before a moment (epoch seconds): `2026-05-02`. */
export function dayBefore(now: number, days: number): string {
  return new Date((now - days * 86_400) * 1000).toISOString().slice(0, 10)
}
