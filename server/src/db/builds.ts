import { and, countDistinct, eq, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { State } from '../domain/status.ts'
import { toBuildStatus } from '../domain/status.ts'
import type { Db } from './database.ts'
import type { Build, BuildTarget, SrpmBuild } from './runs.ts'
import { builds, buildTargets, pipelines, srpmBuilds } from './schema.ts'

export async function findSrpmBuild(db: Db, id: number): Promise<SrpmBuild | undefined> {
  const rows = await db.select().from(srpmBuilds).where(eq(srpmBuilds.id, id))
  return rows[0]
}

/** Moves an SRPM on; `false`, and nothing written, when another worker moved it first. */
export async function moveSrpm(
  tx: Db,
  id: number,
  from: readonly State[],
  set: { state: State } & Partial<typeof srpmBuilds.$inferInsert>,
): Promise<boolean> {
  const rows = await tx
    .update(srpmBuilds)
    .set({ ...set, status: toBuildStatus(set.state) })
    .where(and(eq(srpmBuilds.id, id), inArray(srpmBuilds.state, [...from])))
    .returning({ id: srpmBuilds.id })
  return rows.length === 1
}

export async function setSrpmLogSize(db: Db, id: number, logSize: number): Promise<void> {
  await db.update(srpmBuilds).set({ logSize }).where(eq(srpmBuilds.id, id))
}

/** Why somebody wants the SRPM cancelled; null as long as nobody does. */
export async function findSrpmCancel(db: Db, id: number): Promise<string | null> {
  const rows = await db.select({ reason: srpmBuilds.cancelReason }).from(srpmBuilds).where(eq(srpmBuilds.id, id))
  return rows[0]?.reason ?? null
}

export async function requestSrpmCancel(tx: Db, id: number, reason: string): Promise<void> {
  await tx.update(srpmBuilds).set({ cancelReason: reason }).where(eq(srpmBuilds.id, id))
}

export async function findBuild(db: Db, id: number): Promise<Build | undefined> {
  const rows = await db.select().from(builds).where(eq(builds.id, id))
  return rows[0]
}

/** Our row of a build that its builder tells of; what an import brought is not ours to follow. */
export async function findBuildRow(
  db: Db,
  { builder, buildId }: { builder: Build['builder']; buildId: string },
): Promise<number | undefined> {
  const rows = await db
    .select({ id: builds.id })
    .from(builds)
    .where(and(eq(builds.builder, builder), eq(builds.buildId, buildId), isNull(builds.importedAt)))
  return rows[0]?.id
}

/** The SRPM that a builder is making together with a build of this id, which comes first. */
export async function findSourceOf(db: Db, coprBuildId: string): Promise<number | undefined> {
  const isOpen = inArray(srpmBuilds.state, ['pending', 'running'])
  const rows = await db
    .select({ id: srpmBuilds.id })
    .from(srpmBuilds)
    .where(and(eq(srpmBuilds.coprBuildId, coprBuildId), isOpen, isNull(srpmBuilds.importedAt)))
  return rows[0]?.id
}

/** Notes under which id the builder knows the build, and where it is; its targets are listed from now on. */
export async function setStarted(
  tx: Db,
  id: number,
  set: Pick<Build, 'builder'> & { buildId: string } & Partial<Pick<Build, 'owner' | 'projectName' | 'webUrl'>>,
): Promise<void> {
  await tx.update(builds).set(set).where(eq(builds.id, id))
  await updateListedId(tx, id)
}

/** How many builds a builder was given that have not ended: of one project, or of all. */
export async function countRunningBuilds(
  db: Db,
  builder: Build['builder'],
  projectId?: Build['projectId'],
): Promise<number> {
  const rows = await db
    .select({ count: countDistinct(builds.id) })
    .from(buildTargets)
    .innerJoin(builds, eq(builds.id, buildTargets.buildRowId))
    .where(
      and(
        inArray(buildTargets.state, ['pending', 'running']),
        eq(builds.builder, builder),
        isNotNull(builds.buildId),
        projectId === undefined ? undefined : sql`${builds.projectId} is not distinct from ${projectId}`,
      ),
    )
  return rows[0]?.count ?? 0
}

export async function requestBuildCancel(tx: Db, id: number, reason: string): Promise<void> {
  await tx.update(builds).set({ cancelReason: reason }).where(eq(builds.id, id))
}

export async function countBuildCrash(tx: Db, id: number): Promise<number> {
  const rows = await tx
    .update(builds)
    .set({ crashes: sql`${builds.crashes} + 1` })
    .where(eq(builds.id, id))
    .returning({ crashes: builds.crashes })
  return rows[0]?.crashes ?? 0
}

export async function listTargetsOfBuild(db: Db, buildRowId: number): Promise<BuildTarget[]> {
  return db.select().from(buildTargets).where(eq(buildTargets.buildRowId, buildRowId)).orderBy(buildTargets.id)
}

/** The target that a builder knows by its own id and the chroot, with its run. */
export async function findTargetOfBuild(
  db: Db,
  builder: Build['builder'],
  buildId: string,
  chroot: string,
): Promise<{ id: number; run: number } | undefined> {
  const rows = await db
    .select({ id: buildTargets.id, run: pipelines.mergedRunId })
    .from(builds)
    .innerJoin(buildTargets, eq(buildTargets.buildRowId, builds.id))
    .innerJoin(pipelines, eq(pipelines.buildGroupId, builds.groupId))
    .where(and(eq(builds.builder, builder), eq(builds.buildId, buildId), eq(buildTargets.target, chroot)))
    .limit(1)
  const row = rows[0]
  return row && row.run !== null ? { id: row.id, run: row.run } : undefined
}

/** Moves a target on; `false`, and nothing written, when another worker moved it first. */
export async function moveTarget(
  tx: Db,
  id: number,
  from: readonly State[],
  set: { state: State } & Partial<typeof buildTargets.$inferInsert>,
): Promise<boolean> {
  const rows = await tx
    .update(buildTargets)
    .set({ status: toBuildStatus(set.state), ...set })
    .where(and(eq(buildTargets.id, id), inArray(buildTargets.state, [...from])))
    .returning({ buildRowId: buildTargets.buildRowId })
  const buildRowId = rows[0]?.buildRowId
  if (buildRowId !== undefined && buildRowId !== null) await updateListedId(tx, buildRowId)
  return rows.length === 1
}

export async function setTargetLogSize(db: Db, id: number, logSize: number): Promise<void> {
  await db.update(buildTargets).set({ logSize }).where(eq(buildTargets.id, id))
}

/**
 * Notes how far the log of a running target was copied; `false`, and nothing written, when that was known, or the target runs
 * no more.
 */
export async function setLiveLog(db: Db, id: number, { key, size }: { key: string; size: number }): Promise<boolean> {
  const isNew = or(isNull(buildTargets.logKey), ne(buildTargets.logKey, key), lt(buildTargets.logSize, size))
  const rows = await db
    .update(buildTargets)
    .set({ logKey: key, logSize: size })
    .where(and(eq(buildTargets.id, id), eq(buildTargets.state, 'running'), isNew))
    .returning({ id: buildTargets.id })
  return rows.length === 1
}

/**
 * The list of builds shows a build under its smallest target row, leaving out rows without a build id, those that wait
 * for the SRPM, and failures that never became a build (no start, no log).
 */
async function updateListedId(tx: Db, buildRowId: number): Promise<void> {
  await tx.execute(sql`
    update builds set listed_id = case when build_id is null then null else (
      select min(t.id) from build_targets t
      where t.build_row_id = builds.id and t.status is not null and t.status <> 'waiting_for_srpm'
        and not (t.status = 'failure' and t.started_at is null and t.logs_url is null and t.log_key is null)) end
    where id = ${buildRowId}`)
  await copyListedId(tx, sql`b.id = ${buildRowId}`)
}

/** Targets carry the id that their build is listed under, so that the list can be filtered by chroot and status. */
export async function copyListedId(tx: Db, ofBuilds: SQL): Promise<void> {
  await tx.execute(sql`update build_targets t set listed_id = b.listed_id from builds b
    where b.id = t.build_row_id and t.listed_id is distinct from b.listed_id and ${ofBuilds}`)
}
