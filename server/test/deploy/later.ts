// What the files of deploy/ name and the service is about to have; empty when all of it is there.

/** Metrics that are registered where Copr, Testing Farm, messages and processes are. */
export const METRICS_LATER: ReadonlySet<string> = new Set([
  ...[
    'packit_backend_up',
    'packit_first_report_seconds',
    'packit_jobs_total',
    'packit_job_duration_seconds',
    'packit_processes',
  ],
])

/** Settings of web and worker processes and of the store that they share. */
export const SETTINGS_LATER: ReadonlySet<string> = new Set([
  ...['PACKIT_STORAGE_URL', 'PACKIT_S3_ACCESS_KEY_FILE', 'PACKIT_S3_SECRET_KEY_FILE', 'PACKIT_DRAIN_TIME'],
])
