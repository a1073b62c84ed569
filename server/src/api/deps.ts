import type { Database, Db } from '../db/database.ts'
import type { ForgeSignIn } from '../domain/session.ts'
import type { Queue } from '../jobs/queue.ts'
import type { UsageReports } from '../jobs/usage-reports.ts'
import type { Storage } from '../storage/storage.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Links } from './links.ts'
import type { Component, Readiness, SystemStatus } from './models/service.ts'
import type { Rights } from './rights.ts'

/** What the routes work with. */
export interface ApiDeps {
  /** For what is read. */
  db: Db
  /** For what is written. */
  database: Pick<Database, 'db' | 'transaction'>
  queue: Queue
  now: () => Date
  storage: Pick<Storage, 'range' | 'read'>
  links: Links
  /** How many steps are worked on at a time. */
  buildSlots: () => number
  feed: ChangeFeed
  /** What people of a forge may do. */
  rights: Rights
  /** The forge at which people sign in, if there is one now. */
  findSignIn: () => ForgeSignIn | undefined
  /** There are private repositories: reading needs a token or a session. */
  isPrivate: boolean
  usage: UsageReports
  /** Versions by component. */
  system: Record<string, Component>
  status: () => Promise<SystemStatus>
  /** What must hold before requests are sent here. */
  checkReadiness: () => Promise<Readiness['checks']>
}

export type { Database }
