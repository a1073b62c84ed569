import type { Jobs } from './jobs.ts'
import type { UsageReports } from './usage-reports.ts'

/** Counts the well-known usage statistics anew, so that they are there before anybody asks. */
export async function refreshUsage(_data: Jobs['refresh-usage'], { usage }: { usage: UsageReports }): Promise<void> {
  await usage.renew()
}
