import { and, eq, inArray, sql } from 'drizzle-orm'
import { stateOfRun } from '../domain/run.ts'
import { hasEnded, type State, toBuildStatus } from '../domain/status.ts'
import { type Db, query } from './database.ts'
import {
  buildGroups,
  builds,
  buildTargets,
  pipelines,
  projectEvents,
  projects,
  srpmBuilds,
  triggers,
} from './schema.ts'
import { scopeOf } from './scope.ts'
import { fillUsageDays } from './usage-days.ts'

export type Pipeline = typeof pipelines.$inferSelect
export type SrpmBuild = typeof srpmBuilds.$inferSelect
export type Build = typeof builds.$inferSelect
export type BuildTarget = typeof buildTargets.$inferSelect

/** A run with all it consists of: pipelines that share one SRPM. */
export interface Run {
  id: number
  pipelines: Pipeline[]
  srpm: SrpmBuild | undefined
  builds: Build[]
  targets: BuildTarget[]
}

/** The run that a pipeline id stands for, in four statements; `undefined` when there is none. */
export async function findRun(db: Db, runId: number): Promise<Run | undefined> {
  const ofRun = await db.select().from(pipelines).where(eq(pipelines.mergedRunId, runId)).orderBy(pipelines.id)
  const [first] = ofRun
  if (!first) return undefined
  const groupIds = ofRun.map((p) => p.buildGroupId).filter((id) => id !== null)
  const srpms =
    first.srpmBuildId === null ? [] : await db.select().from(srpmBuilds).where(eq(srpmBuilds.id, first.srpmBuildId))
  if (groupIds.length === 0) return { id: runId, pipelines: ofRun, srpm: srpms[0], builds: [], targets: [] }
  const ofBuilds = await db.select().from(builds).where(inArray(builds.groupId, groupIds)).orderBy(builds.id)
  const targets = await db
    .select()
    .from(buildTargets)
    .where(inArray(buildTargets.groupId, groupIds))
    .orderBy(buildTargets.id)
  return { id: runId, pipelines: ofRun, srpm: srpms[0], builds: ofBuilds, targets }
}

/** The run that a pipeline belongs to; `undefined` when there is no such pipeline. */
export async function findRunOfPipeline(db: Db, pipelineId: number): Promise<number | undefined> {
  const rows = await db
    .select({ id: pipelines.id, run: pipelines.mergedRunId })
    .from(pipelines)
    .where(eq(pipelines.id, pipelineId))
  return rows[0] && (rows[0].run ?? rows[0].id)
}

/** Locks the first pipeline of a run, so that what follows from its parts is decided by one transaction at a time. */
export async function lockRun(tx: Db, runId: number): Promise<void> {
  await tx.select({ id: pipelines.id }).from(pipelines).where(eq(pipelines.id, runId)).for('update')
}

/** The runs that an SRPM belongs to (one), or `undefined`. */
export async function findRunOfSrpm(db: Db, srpmBuildId: number): Promise<number | undefined> {
  const rows = await db
    .select({ id: pipelines.mergedRunId })
    .from(pipelines)
    .where(eq(pipelines.srpmBuildId, srpmBuildId))
    .limit(1)
  return rows[0]?.id ?? undefined
}

/** The run that a build group belongs to. */
export async function findRunOfGroup(db: Db, groupId: number): Promise<number | undefined> {
  const rows = await db
    .select({ id: pipelines.mergedRunId })
    .from(pipelines)
    .where(eq(pipelines.buildGroupId, groupId))
    .limit(1)
  return rows[0]?.id ?? undefined
}

/**
 * Writes how a run stands, from the states of its parts.
 *
 * @returns the run's event and state, and the path of its project for the stream
 */
export async function settleRun(
  tx: Db,
  runId: number,
  now: Date,
): Promise<{ eventId: number; state: State; changed: boolean; project: string } | undefined> {
  await lockRun(tx, runId)
  const run = await findRun(tx, runId)
  const head = run?.pipelines[0]
  if (!run || head?.eventId == null) return undefined
  // a run without an SRPM ended when it was decided
  if (!run.srpm)
    return {
      eventId: head.eventId,
      state: head.state ?? 'skipped',
      changed: false,
      project: await findProjectPath(tx, head.eventId),
    }
  const { state, reason } = stateOfRun(run)
  const changed = state !== head.state || reason !== head.reason
  if (changed) {
    const endedAt = hasEnded(state) ? (head.endedAt ?? now) : null
    await tx.update(pipelines).set({ state, reason, endedAt }).where(eq(pipelines.mergedRunId, runId))
  }
  return { eventId: head.eventId, state, changed, project: await findProjectPath(tx, head.eventId) }
}

/** Notes that a pipeline's packages are to be had, and under which key; null where their builder publishes them. */
export async function setPublished(
  tx: Db,
  pipelineId: number,
  repositoryKey: string | null,
  publishedAt: Date,
): Promise<void> {
  await tx.update(pipelines).set({ repositoryKey, publishedAt }).where(eq(pipelines.id, pipelineId))
}

/** Notes that a run was given up, and why: it ends as an error of ours, whatever its parts say. */
export async function setGaveUp(tx: Db, runId: number, reason: string): Promise<void> {
  await tx.update(pipelines).set({ gaveUp: reason }).where(eq(pipelines.mergedRunId, runId))
}

/** Whose a repository name is: releases of a project share one, any other trigger has its own. */
export interface NameOwner {
  projectId: number | null
  /** Of duplicates that an import brought, the one that counts. */
  triggerId: number
  kind: (typeof triggers.$inferSelect)['kind']
}

/** Who first published under a repository name; locks the name until the transaction ends. */
export async function lockRepositoryName(tx: Db, name: string): Promise<NameOwner | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${name}))`)
  const rows = await tx
    .select({
      projectId: triggers.projectId,
      triggerId: sql<number>`coalesce(${triggers.sameAs}, ${triggers.id})`.mapWith(Number),
      kind: triggers.kind,
    })
    .from(pipelines)
    .innerJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .where(eq(pipelines.repositoryName, name))
    .orderBy(pipelines.id)
    .limit(1)
  return rows[0]
}

/** Whether a newer run of the same trigger has published under the same repository name. */
export async function hasNewerPublished(db: Db, pipeline: Pipeline): Promise<boolean> {
  const rows = await query<{ newer: boolean }>(
    db,
    sql`select exists (select 1 from pipelines where repository_name = ${pipeline.repositoryName} and published_at is not null and id > ${pipeline.id}) as newer`,
  )
  return rows[0]?.newer ?? false
}

/** `forge/namespace/name` of an event's project. */
export async function findProjectPath(db: Db, eventId: number): Promise<string> {
  const rows = await db
    .select({ path: sql<string>`${projects.forge} || '/' || ${projects.path}` })
    .from(projectEvents)
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .innerJoin(projects, eq(projects.id, triggers.projectId))
    .where(eq(projectEvents.id, eventId))
  return rows[0]?.path ?? ''
}

export interface NewRun {
  eventId: number
  cause: 'delivery' | 'command' | 'retry' | 'import' | 'try'
  attempt: number
  createdAt: Date
  srpm: Pick<typeof srpmBuilds.$inferInsert, 'package' | 'input'>
  parts: {
    package: string
    identifier: string
    repository: string
    builder: 'local' | 'copr' | 'mock'
    targets: { target: string; state: State; reason: string | null }[]
  }[]
}

/**
 * Writes a run: its SRPM, and for each part a pipeline with its group, its build and the targets of that.
 *
 * @returns `undefined`, and nothing written, when this attempt is there already
 */
export async function insertRun(tx: Db, run: NewRun): Promise<{ runId: number; srpmBuildId: number } | undefined> {
  const [first] = run.parts
  if (!first || (await isAttemptThere(tx, run, first))) return undefined
  const { cause, attempt, createdAt } = run
  const scope = scopeOf(run.eventId)
  const srpmState = { state: 'pending' as const, status: toBuildStatus('pending'), submittedAt: createdAt }
  const [srpm] = await tx
    .insert(srpmBuilds)
    .values({ ...scope, ...run.srpm, ...srpmState })
    .returning({ id: srpmBuilds.id })
  if (!srpm) throw new Error('the SRPM that was just written is not there')
  let runId: number | undefined
  let lastId = 0
  for (const part of run.parts) {
    const buildGroupId = await insertGroup(tx, part, scope, createdAt)
    const [pipeline] = await tx
      .insert(pipelines)
      .values({
        ...scope,
        cause,
        attempt,
        createdAt,
        buildGroupId,
        package: part.package,
        identifier: part.identifier,
        repositoryName: part.repository,
        srpmBuildId: srpm.id,
        state: 'pending',
        ...(runId === undefined ? {} : { mergedRunId: runId }),
      })
      .returning({ id: pipelines.id })
    if (!pipeline) throw new Error('the pipeline that was just written is not there')
    lastId = pipeline.id
    if (runId === undefined) {
      runId = pipeline.id
      await tx.update(pipelines).set({ mergedRunId: runId }).where(eq(pipelines.id, runId))
    }
  }
  if (runId === undefined) throw new Error('a run without parts')
  await fillUsageDays(tx, { from: runId, to: lastId + 1 })
  return { runId, srpmBuildId: srpm.id }
}

/** Writes a run that ended when it was decided: nothing to build, or something in the way of it. */
export async function insertEndedRun(
  tx: Db,
  run: Omit<NewRun, 'srpm' | 'parts'> & { state: State; reason: string },
): Promise<number | undefined> {
  const { eventId, cause, attempt, createdAt, state, reason } = run
  const [row] = await tx
    .insert(pipelines)
    .values({ ...scopeOf(eventId), cause, attempt, createdAt, state, reason, endedAt: createdAt })
    .onConflictDoNothing()
    .returning({ id: pipelines.id })
  if (!row) return undefined
  await tx.update(pipelines).set({ mergedRunId: row.id }).where(eq(pipelines.id, row.id))
  await fillUsageDays(tx, { from: row.id, to: row.id + 1 })
  return row.id
}

async function isAttemptThere(tx: Db, run: NewRun, part: NewRun['parts'][number]): Promise<boolean> {
  const same = and(
    eq(pipelines.eventId, run.eventId),
    eq(pipelines.package, part.package),
    eq(pipelines.identifier, part.identifier),
    eq(pipelines.attempt, run.attempt),
  )
  return (await tx.select({ id: pipelines.id }).from(pipelines).where(same)).length > 0
}

async function insertGroup(
  tx: Db,
  part: NewRun['parts'][number],
  scope: ReturnType<typeof scopeOf>,
  submittedAt: Date,
): Promise<number> {
  const [group] = await tx.insert(buildGroups).values({ submittedAt }).returning({ id: buildGroups.id })
  if (!group) throw new Error('the group that was just written is not there')
  const [build] = await tx
    .insert(builds)
    .values({
      ...scope,
      groupId: group.id,
      builder: part.builder,
      projectName: part.repository,
      package: part.package || null,
      identifier: part.identifier || null,
      submittedAt,
    })
    .returning({ id: builds.id })
  for (const { target, state, reason } of part.targets) {
    await tx.insert(buildTargets).values({
      groupId: group.id,
      buildRowId: state === 'skipped' ? null : (build?.id ?? null),
      target,
      state,
      reason,
      submittedAt,
      identifier: part.identifier || null,
      status: toBuildStatus(state, true),
      ...(state === 'skipped' ? { endedAt: submittedAt } : {}),
    })
  }
  return group.id
}
