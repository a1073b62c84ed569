import { sql } from 'drizzle-orm'
import { bigint, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { BACKEND_STATES } from '../../domain/backend.ts'
import { at, id, ref, xid8 } from './columns.ts'

/** What changed, in the order in which it became visible: what the stream sends. */
export const changes = pgTable(
  'changes',
  {
    id: id(),
    /** The transaction that wrote it; the reader passes only what lies below every open one. */
    xact: xid8().notNull().default(sql`pg_current_xact_id()`),
    kind: text({ enum: ['run', 'project', 'srpm', 'build', 'test', 'check', 'delivery'] }).notNull(),
    runId: ref(),
    rowId: ref(),
    project: text(),
    state: text(),
    at: at().notNull().defaultNow(),
  },
  (t) => [index('changes_order').on(t.xact, t.id), index('changes_at').on(t.at)],
)

/**
 * Presence: an object (a trigger) or a job that a project's pipelines of a day had, once for each event type and day (UTC).
 * Rows are no sums: what was there on two days counts once for both together. Only projects on a forge are here.
 * `db/usage-days.ts` writes the rows.
 */
export const usageDays = pgTable(
  'usage_days',
  {
    day: date().notNull(),
    /** Of duplicates that an import brought, the row that counts; of objects too. */
    projectId: ref().notNull(),
    eventType: text().notNull(),
    /** The trigger; 0 in the row of a job. */
    objectId: ref().notNull(),
    /** The compatible API's word; empty in the row of an object. */
    jobKind: text().notNull(),
    /** 0 in the row of an object. */
    jobId: ref().notNull(),
    /**
     * The next day the same is there. It counts in the days from `a` before `b` by its last row there, the one with
     * `day >= a and day < b and next_day >= b`: nothing has to be told apart from anything.
     */
    nextDay: date().notNull().default(sql`'infinity'`),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.projectId, t.eventType, t.objectId, t.jobKind, t.jobId] }),
    index('usage_days_of_thing').on(t.projectId, t.eventType, t.objectId, t.jobKind, t.jobId, t.day),
  ],
)

/** Answers that were counted already. */
export const usageSnapshots = pgTable('usage_snapshots', {
  key: text().primaryKey(),
  /** The answer's text as a JSON string: `jsonb` itself would sort the keys of an object, whose order is a rank. */
  value: jsonb().notNull(),
  madeAt: at().notNull().defaultNow(),
})

export const tokens = pgTable(
  'tokens',
  {
    id: id(),
    name: text().notNull(),
    /** SHA-256 of the token; the token itself is shown once and kept nowhere. */
    hash: text().notNull().unique(),
    scopes: text().array().notNull().default(sql`'{}'`),
    createdAt: at().notNull().defaultNow(),
    expiresAt: at(),
    lastUsedAt: at(),
    revokedAt: at(),
  },
  // a name finds one token; that of a revoked one is free again
  (t) => [uniqueIndex('tokens_name').on(t.name).where(sql`revoked_at is null`)],
)

/** Who is signed in to the pages. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    /** SHA-256 of what the cookie holds. */
    hash: text().notNull().unique(),
    /** As the audit log names them: `token 3 (ci)`, `github.com/ann`. */
    actor: text().notNull(),
    /** The token they signed in with; null for people of a forge. */
    tokenId: ref().references(() => tokens.id),
    /** Of people of a forge: its host and their name there. */
    forge: text(),
    login: text(),
    createdAt: at().notNull().defaultNow(),
    expiresAt: at().notNull(),
  },
  (t) => [index('sessions_expires').on(t.expiresAt)],
)

/** Links that are good once: to set up, to sign in. */
export const onceLinks = pgTable('once_links', {
  /** SHA-256 of the code in the link. */
  hash: text().primaryKey(),
  purpose: text({ enum: ['setup', 'sign-in', 'oauth'] }).notNull(),
  /** Where to go afterwards; whatever else the purpose needs. */
  data: jsonb(),
  expiresAt: at().notNull(),
})

/** Answers of writes that were asked for with an `Idempotency-Key`: a repeat gets the same one. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** Who asked, as the audit log names them. */
    actor: text().notNull(),
    key: text().notNull(),
    /** Hash of method, address and body: the key of another request is refused. */
    request: text().notNull(),
    /** Null while the first one is under way. */
    status: integer(),
    answer: jsonb(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_keys_at').on(t.at)],
)

/** Every write that somebody asked for. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: at().notNull().defaultNow(),
    actor: text().notNull(),
    action: text().notNull(),
    subject: text(),
    detail: jsonb(),
  },
  (t) => [index('audit_log_actor').on(t.actor, t.id), index('audit_log_subject').on(t.subject, t.id)],
)

export const imports = pgTable('imports', {
  id: id(),
  source: text().notNull(),
  startedAt: at().notNull().defaultNow(),
  endedAt: at(),
  border: bigint({ mode: 'number' }),
  progress: jsonb(),
})

/** Outside systems that are asked, and whether they answer: written when that changes, and each minute while they do. */
export const backends = pgTable('backends', {
  /** `copr`, `testing-farm`, or the host of a forge. */
  name: text().primaryKey(),
  state: text({ enum: BACKEND_STATES }).notNull().default('closed'),
  /** When it first did not answer; null while it does. */
  since: at(),
  reason: text(),
  /** How often in a row it did not answer. */
  failures: integer().notNull().default(0),
  lastSuccessAt: at(),
  nextTryAt: at(),
})

/** Small facts the service keeps about itself: refusal counters, refreshed tables, cursors. */
export const settings = pgTable('settings', {
  key: text().primaryKey(),
  value: jsonb().notNull(),
  updatedAt: at().notNull().defaultNow(),
})
