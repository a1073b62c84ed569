import { and, eq, gt, inArray, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import {
  builds,
  buildTargets,
  deliveries,
  pipelines,
  projectEvents,
  srpmBuilds,
  testTargets,
  triggers,
} from './schema.ts'

/** At most so many rows of a kind in one statement; the job goes on until none is left. */
const BATCH = 200

export interface ExpiredRepository {
  pipelineId: number
  runId: number
  key: string
  name: string
}

/** Published repositories that have outlived their keeping: of closed pull requests, and of superseded pushes. */
export async function listExpiredRepositories(
  db: Db,
  before: { closed: Date; superseded: Date },
): Promise<ExpiredRepository[]> {
  const rows = await db
    .select({
      pipelineId: pipelines.id,
      runId: pipelines.mergedRunId,
      key: pipelines.repositoryKey,
      name: pipelines.repositoryName,
    })
    .from(pipelines)
    .innerJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .where(
      and(
        isNotNull(pipelines.repositoryKey),
        isNull(pipelines.expiredAt),
        or(
          and(eq(triggers.open, false), lt(pipelines.endedAt, before.closed)),
          and(isNotNull(projectEvents.supersededBy), lt(pipelines.endedAt, before.superseded)),
        ),
      ),
    )
    .orderBy(pipelines.id)
    .limit(BATCH)
  return rows.map((row) => ({ ...row, runId: row.runId ?? row.pipelineId, key: row.key ?? '', name: row.name ?? '' }))
}

export interface RemoteBuild {
  /** Pipeline whose packages it made. */
  pipelineId: number
  builder: string
  buildId: string
}

/** Builds published elsewhere before a day, whose packages were not found missing yet: the oldest after a given one. */
export async function listRemoteBuilds(db: Db, before: Date, after: number): Promise<RemoteBuild[]> {
  const rows = await db
    .select({ pipelineId: pipelines.id, builder: builds.builder, buildId: builds.buildId })
    .from(pipelines)
    .innerJoin(builds, eq(builds.groupId, pipelines.buildGroupId))
    .where(
      and(
        isNotNull(pipelines.publishedAt),
        isNull(pipelines.expiredAt),
        isNull(pipelines.importedAt),
        lt(pipelines.publishedAt, before),
        isNotNull(builds.webUrl),
        isNotNull(builds.buildId),
        gt(pipelines.id, after),
      ),
    )
    .orderBy(pipelines.id)
    .limit(BATCH)
  return rows.map((row) => ({ ...row, buildId: row.buildId ?? '' }))
}

/** The repository is gone; its page says so and offers a rebuild. */
export async function markExpired(tx: Db, pipelineIds: readonly number[], now: Date): Promise<void> {
  await tx
    .update(pipelines)
    .set({ expiredAt: now })
    .where(inArray(pipelines.id, [...pipelineIds]))
}

/** Keys of logs that ended before a day, of SRPMs, of build targets and of tests. */
export async function listExpiredLogs(
  db: Db,
  before: Date,
): Promise<Record<'srpms' | 'targets' | 'tests', { id: number; key: string }[]>> {
  const srpms = await db
    .select({ id: srpmBuilds.id, key: sql<string>`${srpmBuilds.logKey}` })
    .from(srpmBuilds)
    .where(and(isNotNull(srpmBuilds.logKey), lt(srpmBuilds.endedAt, before)))
    .limit(BATCH)
  const targets = await db
    .select({ id: buildTargets.id, key: sql<string>`${buildTargets.logKey}` })
    .from(buildTargets)
    .where(and(isNotNull(buildTargets.logKey), lt(buildTargets.endedAt, before)))
    .limit(BATCH)
  const tests = await db
    .select({ id: testTargets.id, key: sql<string>`${testTargets.logKey}` })
    .from(testTargets)
    .where(and(isNotNull(testTargets.logKey), lt(testTargets.endedAt, before)))
    .limit(BATCH)
  return { srpms, targets, tests }
}

export async function forgetLogs(tx: Db, expired: Awaited<ReturnType<typeof listExpiredLogs>>): Promise<void> {
  const ids = (rows: readonly { id: number }[]) => rows.map((row) => row.id)
  if (expired.srpms.length > 0)
    await tx
      .update(srpmBuilds)
      .set({ logKey: null, logSize: 0 })
      .where(inArray(srpmBuilds.id, ids(expired.srpms)))
  if (expired.targets.length > 0)
    await tx
      .update(buildTargets)
      .set({ logKey: null, logSize: 0 })
      .where(inArray(buildTargets.id, ids(expired.targets)))
  if (expired.tests.length > 0)
    await tx
      .update(testTargets)
      .set({ logKey: null, logSize: 0 })
      .where(inArray(testTargets.id, ids(expired.tests)))
}

/** Bodies of decided deliveries that came before a day; what was decided stays. */
export async function listExpiredPayloads(db: Db, before: Date): Promise<{ id: number; key: string }[]> {
  return db
    .select({ id: deliveries.id, key: sql<string>`${deliveries.payloadKey}` })
    .from(deliveries)
    .where(and(isNotNull(deliveries.payloadKey), lt(deliveries.receivedAt, before), ne(deliveries.state, 'received')))
    .limit(BATCH)
}

export async function forgetPayloads(tx: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await tx
      .update(deliveries)
      .set({ payloadKey: null })
      .where(inArray(deliveries.id, [...ids]))
}

/** Changes are for those who reconnect: a day of them is kept. */
export async function removeOldChanges(tx: Db, before: Date): Promise<void> {
  await tx.execute(sql`delete from changes where at < ${before.toISOString()}`)
}
