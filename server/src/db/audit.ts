import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { cut, epoch, every, type Found, readPage, type Window } from './read.ts'
import { auditLog } from './schema.ts'

/** A write that was accepted: who asked for it, what it does, and what it is about. */
export interface Audited {
  /** E.g. `token 3 (ci)`, or `command line`. */
  actor: string
  /** E.g. `run.retry`. */
  action: string
  /** E.g. `run 7`. */
  subject: string | null
  /** Plain facts; never a secret. */
  detail?: Record<string, unknown> | undefined
  at: Date
}

/** Notes a write in the transaction that does it. */
export async function addAudit(tx: Db, { detail, ...entry }: Audited): Promise<void> {
  await tx.insert(auditLog).values({ ...entry, detail: detail ?? null })
}

export interface AuditRow {
  id: number
  at: number
  actor: string
  action: string
  subject: string | null
  detail: Record<string, unknown> | null
}

/** The audit log, newest first. */
export async function listAudit(
  db: Db,
  filter: { actor?: string | undefined; subject?: string | undefined },
  window: Window,
): Promise<Found<AuditRow>> {
  const conditions = [
    filter.actor === undefined ? undefined : sql`a.actor = ${filter.actor}`,
    filter.subject === undefined ? undefined : sql`a.subject = ${filter.subject}`,
  ]
  const after = window.after === undefined ? undefined : sql`a.id < ${window.after}`
  return readPage<AuditRow>(db, window, {
    page: sql`select a.id, ${epoch('a.at')} as at, a.actor, a.action, a.subject, a.detail from audit_log a
      where ${every([...conditions, after])} order by a.id desc ${cut(window)}`,
    counted: sql`from audit_log a where ${every(conditions)}`,
    keyOf: (row) => row.id,
  })
}
