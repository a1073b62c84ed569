import type { Builder } from '../builders/builder.ts'
import type { Database } from '../db/database.ts'
import type { TargetTable } from '../domain/targets.ts'
import type { FindForge, ForgeInbox } from '../forges/forge.ts'
import type { Mirrors } from '../git/mirrors.ts'
import type { commitInfo, listFiles, readFile } from '../git/read.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'

/** Reading of a mirror (`git/read.ts`), handed in: stages touch the outside only by what they are given. */
export interface MirrorReader {
  listFiles: typeof listFiles
  readFile: typeof readFile
  commitInfo: typeof commitInfo
}

/** What stage 2 works with. */
export interface EventDeps {
  database: Database
  queue: Queue
  storage: Storage
  mirrors: Mirrors
  reader: MirrorReader
  inboxes: readonly ForgeInbox[]
  findForge: FindForge
  /** Whether an account owns the App itself: its own projects are allowed as soon as it is installed. */
  isOwnApp: (account: { forge: string; id: number }) => Promise<boolean>
  builder: Builder
  targets: TargetTable
  settings: {
    instance: string
    commandPrefix: string
    isShadow: boolean
    maxTargets: number
    privateNamespaces: readonly string[]
    /** Where the pages are, without a slash at the end. */
    publicUrl: string
  }
  now: () => Date
}
