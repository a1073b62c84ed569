import type { Database, Db } from '../db/database.ts'
import type { Queue } from '../jobs/queue.ts'
import type { UsageReports } from '../jobs/usage-reports.ts'
import type { Storage } from '../storage/storage.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Links } from './links.ts'
import type { Component, Readiness, SystemStatus } from './models/service.ts'

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
  buildSlots: number
  feed: ChangeFeed
  usage: UsageReports
  /** Versions by component. */
  system: Record<string, Component>
  status: () => Promise<SystemStatus>
  /** What must hold before requests are sent here. */
  checkReadiness: () => Promise<Readiness['checks']>
}

export type { Database }
