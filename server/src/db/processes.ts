import { eq, sql } from 'drizzle-orm'
import type { Database, Db } from './database.ts'
import type { ProcessDetails } from './schema/processes.ts'
import { processes } from './schema.ts'

/** Who has not been seen for so long is dead. */
export const SILENCE_MS = 14_000

export type ProcessRow = typeof processes.$inferSelect
export type NewProcess = Pick<ProcessRow, 'id' | 'role' | 'host' | 'pid' | 'version' | 'slots'>
export type { ProcessDetails }

export const isAlive = sql`${processes.seenAt} > now() - interval '${sql.raw(String(SILENCE_MS))} ms'`

/** Makes a process known; the others that live then, oldest first. Of several that begin at a time each sees those before it. */
export async function addProcess(database: Database, process: NewProcess): Promise<ProcessRow[]> {
  return database.transaction(async (tx) => {
    // one after the other: who comes second must see the first
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('packit processes'))`)
    const others = await listProcesses(tx)
    await tx.insert(processes).values(process)
    return others
  })
}

/** The living processes, oldest first. */
export async function listProcesses(db: Db): Promise<ProcessRow[]> {
  return db.select().from(processes).where(isAlive).orderBy(processes.startedAt, processes.id)
}

/** Ids of the processes that lived within the last hour: one that was silent for a while may speak again. */
export async function listKnownProcesses(db: Db): Promise<string[]> {
  const rows = await db.select({ id: processes.id }).from(processes)
  return rows.map(({ id }) => id)
}

/** Says that a process lives; one that was silent for so long that it was forgotten is made known again. */
export async function touchProcess(db: Db, process: NewProcess & { details: ProcessDetails }): Promise<void> {
  const { details } = process
  await db
    .insert(processes)
    .values(process)
    .onConflictDoUpdate({ target: processes.id, set: { seenAt: sql`now()`, details } })
}

export async function removeProcess(db: Db, id: string): Promise<void> {
  await db.delete(processes).where(eq(processes.id, id))
}

/** Forgets processes that died an hour ago; their ids. */
export async function forgetProcesses(db: Db): Promise<string[]> {
  const gone = await db
    .delete(processes)
    .where(sql`${processes.seenAt} < now() - interval '1 hour'`)
    .returning({ id: processes.id })
  return gone.map(({ id }) => id)
}
