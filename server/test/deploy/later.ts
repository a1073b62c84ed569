// What the files of deploy/ name and the service is about to have; empty when all of it is there.

/** Metrics that are registered where jobs are counted and where outside systems are watched. */
export const METRICS_LATER: ReadonlySet<string> = new Set([
  ...['packit_backend_up', 'packit_first_report_seconds', 'packit_jobs_total', 'packit_job_duration_seconds'],
])

export const SETTINGS_LATER: ReadonlySet<string> = new Set()
