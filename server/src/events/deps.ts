import type { Builder } from '../builders/builder.ts'
import type { Database } from '../db/database.ts'
import type { Targets } from '../domain/targets.ts'
import type { FindForge, Forge, ForgeInbox } from '../forges/forge.ts'
import type { Mirrors } from '../git/mirrors.ts'
import type { changedPaths, changedSinceBase, commitInfo, listFiles, readFile } from '../git/read.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'

/** Reading of a mirror (`git/read.ts`), handed in: stages touch the outside only by what they are given. */
export interface MirrorReader {
  listFiles: typeof listFiles
  readFile: typeof readFile
  commitInfo: typeof commitInfo
  changedPaths: typeof changedPaths
  changedSinceBase: typeof changedSinceBase
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
  /** The forges that are set up. */
  listForges: () => readonly Forge[]
  /** A line for the operator, with its figures. */
  log: (figures: object, line: string) => void
  /** Whether an account owns the App itself: its own projects are allowed as soon as it is installed. */
  isOwnApp: (account: { forge: string; id: number; login: string }) => Promise<boolean>
  builder: Builder
  /** What names of targets stand for now. */
  targets: Targets
  settings: {
    instance: string
    commandPrefix: string
    isShadow: boolean
    maxTargets: number
    /** Whether anything here runs tests, and whether that is this machine: it tests what it built for itself too. */
    runsTests: boolean
    testsHere: boolean
    privateNamespaces: readonly string[]
    /** Where the pages are, without a slash at the end. */
    publicUrl: string
  }
  now: () => Date
}
