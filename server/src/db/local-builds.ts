import { and, eq, inArray, isNotNull, lt, notInArray, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { isAlive } from './processes.ts'
import { localBuilds, processes } from './schema.ts'

/** What all processes know of a build that one of them runs; `targets` is what its builder says. */
export interface LocalBuild {
  buildId: string
  /** Null while nobody has it. */
  processId: string | null
  targets: unknown
  hasEnded: boolean
  isCanceled: boolean
}

export async function findLocalBuild(db: Db, buildId: string): Promise<LocalBuild | undefined> {
  const rows = await db.select().from(localBuilds).where(eq(localBuilds.buildId, buildId))
  return rows[0]
}

/** Gives a build to a process, unless another has it or it has ended; whether it is that one's now. */
export async function claimLocalBuild(
  db: Db,
  build: { buildId: string; processId: string; targets: unknown },
): Promise<boolean> {
  const { buildId, processId, targets } = build
  const claimed = await db
    .insert(localBuilds)
    .values({ buildId, processId, targets })
    .onConflictDoUpdate({
      target: localBuilds.buildId,
      set: { processId, targets, updatedAt: sql`now()` },
      setWhere: sql`not ${localBuilds.hasEnded} and not ${localBuilds.isCanceled}
        and coalesce(${localBuilds.processId}, ${processId}) = ${processId}`,
    })
    .returning({ buildId: localBuilds.buildId })
  return claimed.length > 0
}

/** Writes how a build stands; `false` when it is another process's by now. */
export async function writeLocalBuild(
  db: Db,
  build: { buildId: string; processId: string; targets: unknown; hasEnded: boolean },
): Promise<boolean> {
  const { buildId, processId, targets, hasEnded } = build
  const written = await db
    .update(localBuilds)
    .set({ targets, hasEnded, updatedAt: sql`now()` })
    .where(and(eq(localBuilds.buildId, buildId), eq(localBuilds.processId, processId), eq(localBuilds.hasEnded, false)))
    .returning({ buildId: localBuilds.buildId })
  return written.length > 0
}

/** Asks whoever runs a build to cancel it. */
export async function cancelLocalBuild(db: Db, buildId: string): Promise<void> {
  await db
    .update(localBuilds)
    .set({ isCanceled: true })
    .where(and(eq(localBuilds.buildId, buildId), eq(localBuilds.hasEnded, false)))
}

/** The builds that a process is to run, and which of them it shall cancel. */
export async function listLocalBuilds(db: Db, processId: string): Promise<{ buildId: string; isCanceled: boolean }[]> {
  return db
    .select({ buildId: localBuilds.buildId, isCanceled: localBuilds.isCanceled })
    .from(localBuilds)
    .where(and(eq(localBuilds.processId, processId), eq(localBuilds.hasEnded, false)))
}

/** Takes what a process runs from it; the ids of the builds, which nobody has then. */
export async function releaseLocalBuilds(tx: Db, processId: string): Promise<string[]> {
  return release(tx, eq(localBuilds.processId, processId))
}

/** Takes from dead processes what they ran. */
export async function releaseOrphans(tx: Db): Promise<string[]> {
  const living = tx.select({ id: processes.id }).from(processes).where(isAlive)
  return release(tx, and(isNotNull(localBuilds.processId), notInArray(localBuilds.processId, living)))
}

async function release(tx: Db, whose: ReturnType<typeof and>): Promise<string[]> {
  const released = await tx
    .update(localBuilds)
    .set({ processId: null, updatedAt: sql`now()` })
    .where(and(whose, eq(localBuilds.hasEnded, false)))
    .returning({ buildId: localBuilds.buildId })
  return released.map(({ buildId }) => buildId)
}

/** Ends builds that nobody shall begin anew. */
export async function endLocalBuilds(tx: Db, buildIds: readonly string[], toEnded: (targets: unknown) => unknown) {
  if (buildIds.length === 0) return
  const rows = await tx
    .select()
    .from(localBuilds)
    .where(inArray(localBuilds.buildId, [...buildIds]))
    .for('update')
  for (const { buildId, targets } of rows) {
    await tx
      .update(localBuilds)
      .set({ targets: toEnded(targets), hasEnded: true, updatedAt: sql`now()` })
      .where(eq(localBuilds.buildId, buildId))
  }
}

/** Forgets builds that have ended yesterday: what became of them is written elsewhere. */
export async function forgetLocalBuilds(db: Db): Promise<void> {
  await db
    .delete(localBuilds)
    .where(and(eq(localBuilds.hasEnded, true), lt(localBuilds.updatedAt, sql`now() - interval '1 day'`)))
}
