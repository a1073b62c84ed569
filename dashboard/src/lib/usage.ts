/** The periods of the usage page: their name, and the interval that its charts count in. */
export const PERIODS = {
  day: { name: 'Past day', past: 'past-day', intervals: { days: 0, hours: 1, count: 24 }, unit: 'hour' },
  week: { name: 'Past week', past: 'past-week', intervals: { days: 1, hours: 0, count: 7 }, unit: 'day' },
  month: { name: 'Past month', past: 'past-month', intervals: { days: 1, hours: 0, count: 30 }, unit: 'day' },
  year: { name: 'Past year', past: 'past-year', intervals: { days: 7, hours: 0, count: 52 }, unit: 'week' },
  total: { name: 'Total', past: 'total', intervals: null, unit: '' },
} as const

export type PeriodName = keyof typeof PERIODS
export const PERIOD_NAMES = Object.keys(PERIODS) as PeriodName[]

export const JOB_NAMES: Readonly<Record<string, string>> = {
  srpm_builds: 'SRPM builds',
  copr_build_groups: 'RPM builds',
  koji_build_groups: 'Koji builds',
  vm_image_build_targets: 'VM images',
  tft_test_run_groups: 'Test runs',
  sync_release_runs: 'Releases carried over',
  log_detective_run_groups: 'Log analyses',
}

export const EVENT_NAMES: Readonly<Record<string, string>> = {
  pull_request: 'Pull requests',
  branch_push: 'Branches',
  release: 'Releases',
  issue: 'Issues',
  koji_build_tag: 'Koji tags',
  anitya_version: 'New versions',
  anitya_multiple_versions: 'New versions, several at once',
}

export interface Point {
  x: string
  y: number
}

/** A round number that all of these fit below, for the top of a chart; 1 when there is nothing. */
export function roundTop(values: readonly number[]): number {
  const most = Math.max(0, ...values)
  if (most <= 1) return 1
  const step = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((factor) => factor * step).find((top) => top >= most) ?? most
}

/** Whether anything happened at all. */
export function isFlat(points: readonly Point[]): boolean {
  return points.every((point) => point.y === 0)
}
