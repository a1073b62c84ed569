import type { Database } from '../db/database.ts'
import type { FindForge } from '../forges/forge.ts'
import type { Queue } from '../jobs/queue.ts'

/** How fast a forge is written to. */
export interface ReportTiming {
  /** Between two updates of one check, the first and the last excepted. */
  spacingMs: number
  /** How long a worker may hold a check or comment: longer than any call takes. */
  claimMs: number
}

export const REPORT_TIMING: ReportTiming = { spacingMs: 5000, claimMs: 40_000 }

/** What stage 4 works with. */
export interface ReportDeps {
  database: Database
  queue: Queue
  findForge: FindForge
  now: () => Date
  /** Nothing is written to a forge. */
  isShadow: boolean
  /** Where the pages are, without a slash at the end. */
  publicUrl: string
  timing: ReportTiming
  /** Told when a forge shows the first check of an event; does not throw. */
  onFirstShown?: (eventId: number, at: Date) => void
}
