import { and, eq, gt, like, lte, sql } from 'drizzle-orm'
import { type Db, query } from './database.ts'
import { leases } from './schema.ts'

/** From now on, by the database's own clock: those of its processes may differ. */
const after = (ms: number) => sql`clock_timestamp() + ${`${ms} milliseconds`}::interval`

/**
 * Takes a lease for a time.
 *
 * @returns false while somebody else has it
 */
export async function takeLease(db: Db, key: string, holder: string, ms: number): Promise<boolean> {
  const rows = await db
    .insert(leases)
    .values({ key, holder, until: after(ms) })
    .onConflictDoUpdate({
      target: leases.key,
      set: { holder, until: after(ms) },
      setWhere: lte(leases.until, sql`clock_timestamp()`),
    })
    .returning({ key: leases.key })
  return rows.length > 0
}

/** Who takes a lease of a kind only while there are few of them counts and takes it before anybody else counts. */
export async function lockLeases(tx: Db, kind: string): Promise<void> {
  await query(tx, sql`select pg_advisory_xact_lock(hashtext('leases'), hashtext(${kind}))`)
}

/** How many leases of a kind (`copr-turn 7`, `copr-turn 8`) are held. */
export async function countLeases(tx: Db, kind: string): Promise<number> {
  const isHeld = and(like(leases.key, `${kind} %`), gt(leases.until, sql`clock_timestamp()`))
  return tx.$count(leases, isHeld)
}

/** Keeps a lease that is still held for a further time. */
export async function renewLease(db: Db, key: string, holder: string, ms: number): Promise<void> {
  await db
    .update(leases)
    .set({ until: after(ms) })
    .where(and(eq(leases.key, key), eq(leases.holder, holder)))
}

export async function dropLease(db: Db, key: string, holder: string): Promise<void> {
  await db.delete(leases).where(and(eq(leases.key, key), eq(leases.holder, holder)))
}

/** For the start of a process that owns its database alone: whoever had any is dead. */
export async function dropAllLeases(db: Db): Promise<void> {
  await db.delete(leases)
}
