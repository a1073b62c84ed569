/** A rate as a whole percentage that is 100 % or 0 % only when it is exactly that. */
export function percent(rate: number): string {
  const rounded = Math.round(rate * 100)
  const honest = rate < 1 && rounded === 100 ? 99 : rate > 0 && rounded === 0 ? 1 : rounded
  return `${honest} %`
}

/** Counts of the builds of one target, as far as a summary needs them. */
export interface Judged {
  success: number
  failure: number
  /** From 0 to 1, of those that succeeded or failed. */
  success_rate: number | null
  flaky: boolean
}

export interface Digest<Target> {
  /** Builds with a verdict: those that broke are none of the change's doing. */
  judged: number
  passed: number
  /** The target that passes least often, if any ever failed. */
  worst: Target | null
  flaky: Target[]
}

/** What one wants to know first about builds of several targets. */
export function digest<Target extends Judged>(targets: readonly Target[]): Digest<Target> {
  const sum = (count: (target: Target) => number) => targets.reduce((total, target) => total + count(target), 0)
  const failing = targets.filter(({ success_rate: rate }) => rate !== null && rate < 1)
  return {
    judged: sum(({ success, failure }) => success + failure),
    passed: sum(({ success }) => success),
    worst: failing.toSorted((a, b) => (a.success_rate ?? 1) - (b.success_rate ?? 1))[0] ?? null,
    flaky: targets.filter(({ flaky }) => flaky),
  }
}

/** A day in UTC that lies so many days before a moment (epoch seconds): `2026-05-02`. */
export function dayBefore(now: number, days: number): string {
  return new Date((now - days * 86_400) * 1000).toISOString().slice(0, 10)
}
