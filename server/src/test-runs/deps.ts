import type { Database } from '../db/database.ts'
import type { Targets } from '../domain/targets.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tester } from '../testers/tester.ts'

/** What the tests of built packages work with. */
export interface TestDeps {
  database: Database
  queue: Queue
  storage: Storage
  /** Null where nothing runs tests. */
  tester: Tester | null
  /** Says which distributions are new. */
  targets: Targets
  /** Where the service is reached, without a slash at the end. */
  publicUrl: string
  /** `prod` or `stg`: what tests are told of the service. */
  instance: string
  timing: TestTiming
  now: () => Date
}

export interface TestTiming {
  /** The longest wait between two looks at what runs. */
  longestPollMs: number
  /** How long the first repeat after a broken runner waits; each further one waits four times as long. */
  firstRetryMs: number
}

export const FIRST_RETRY_MS = 60_000
