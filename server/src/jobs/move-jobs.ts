import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/database.ts'
import { JOB_KINDS, type JobKind, type Jobs } from './jobs.ts'
import type { Queue } from './queue.ts'

/** A job that is still to be done, as it is kept outside a queue. */
export interface KeptJob {
  kind: JobKind
  data: Jobs[JobKind]
  /** When it is due, in seconds since 1970. */
  dueAt: number
}

/** Jobs that nobody has finished; one that runs is among them, since jobs may run twice. */
export async function listOpenJobs(db: Db): Promise<KeptJob[]> {
  const [there] = await query<{ there: string | null }>(db, sql`select to_regclass('pgboss.job')::text as there`)
  if (!there?.there) return []
  const names = JOB_KINDS.flatMap((kind) => [kind, `dead-${kind}`])
  const rows = await query<{ name: string; data: Jobs[JobKind] | null; due: number }>(
    db,
    sql`select name, data, extract(epoch from start_after)::float8 as due from pgboss.job
      where state < 'completed' and name in ${names} order by start_after, created_on, id`,
  )
  // what was given up is tried once more where it comes to: it ends visibly in any case
  return rows.map(({ name, data, due }) => ({
    kind: name.replace(/^dead-/, '') as JobKind,
    data: data ?? {},
    dueAt: due,
  }))
}

/** Adds jobs that another queue had; those of kinds that this program doesn't know are left out and counted. */
export async function addKeptJobs(
  tx: Db,
  queue: Queue,
  jobs: readonly KeptJob[],
  now: Date,
): Promise<{ added: number; unknown: number }> {
  const known = jobs.filter(({ kind }) => (JOB_KINDS as readonly string[]).includes(kind))
  for (const { kind, data, dueAt } of known) {
    await queue.add(tx, kind, data, { afterMs: Math.max(0, dueAt * 1000 - now.getTime()) })
  }
  return { added: known.length, unknown: jobs.length - known.length }
}
