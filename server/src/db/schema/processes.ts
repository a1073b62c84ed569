import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { at } from './columns.ts'

/** What a process can do, as it found out itself. */
export interface ProcessDetails {
  builder: { name: string; chroots: string[] } | null
  sandbox: { ok: boolean; message: string | null } | null
}

/** The processes of an installation on PostgreSQL, as they tell of themselves; one that is silent for long is dead. */
export const processes = pgTable('processes', {
  id: text().primaryKey(),
  role: text({ enum: ['serve', 'web', 'worker'] }).notNull(),
  host: text().notNull(),
  pid: integer().notNull(),
  version: text().notNull(),
  /** How many sandboxes it runs at a time; 0 for one that builds nothing. */
  slots: integer().notNull(),
  startedAt: at().notNull().defaultNow(),
  seenAt: at().notNull().defaultNow(),
  details: jsonb().$type<ProcessDetails>().notNull().default({ builder: null, sandbox: null }),
})

/** What one worker alone may do at a time, by the name of the thing: who is silent for long has lost it. */
export const leases = pgTable('leases', {
  key: text().primaryKey(),
  /** Told apart from all others, also of the same process. */
  holder: text().notNull(),
  until: at().notNull(),
})

/** Builds in a sandbox of one of the processes, which alone knows more of them: what the others are to know of them. */
export const localBuilds = pgTable(
  'local_builds',
  {
    buildId: text().primaryKey(),
    /** Who builds it; null once it was handed over, until another begins it anew. */
    processId: text(),
    /** How its targets stand, as the builder says it. */
    targets: jsonb().notNull(),
    hasEnded: boolean().notNull().default(false),
    isCanceled: boolean().notNull().default(false),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [index('local_builds_of_process').on(t.processId, t.hasEnded), index('local_builds_updated').on(t.updatedAt)],
)
