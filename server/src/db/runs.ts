import { eq, inArray, sql } from 'drizzle-orm'
import { stateOfRun } from '../domain/run.ts'
import { hasEnded, type State } from '../domain/status.ts'
import type { Db } from './database.ts'
import { builds, buildTargets, pipelines, projectEvents, projects, srpmBuilds, triggers } from './schema.ts'
import { listTestTargets, type TestTarget } from './tests.ts'

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
  tests: TestTarget[]
}

/** The run that a pipeline id stands for, in five statements; `undefined` when there is none. */
export async function findRun(db: Db, runId: number): Promise<Run | undefined> {
  const ofRun = await db.select().from(pipelines).where(eq(pipelines.mergedRunId, runId)).orderBy(pipelines.id)
  const [first] = ofRun
  if (!first) return undefined
  const groupIds = ofRun.map((p) => p.buildGroupId).filter((id) => id !== null)
  const srpms =
    first.srpmBuildId === null ? [] : await db.select().from(srpmBuilds).where(eq(srpmBuilds.id, first.srpmBuildId))
  const tests = await listTestTargets(
    db,
    ofRun.flatMap((p) => p.testGroupId ?? []),
  )
  if (groupIds.length === 0) return { id: runId, pipelines: ofRun, srpm: srpms[0], builds: [], targets: [], tests }
  const ofBuilds = await db.select().from(builds).where(inArray(builds.groupId, groupIds)).orderBy(builds.id)
  const targets = await db
    .select()
    .from(buildTargets)
    .where(inArray(buildTargets.groupId, groupIds))
    .orderBy(buildTargets.id)
  return { id: runId, pipelines: ofRun, srpm: srpms[0], builds: ofBuilds, targets, tests }
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
  // a run without SRPM and tests ended when it was decided
  if (!run.srpm && run.tests.length === 0)
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

/** Notes that a run was given up, and why: it ends as an error of ours, whatever its parts say. */
export async function setGaveUp(tx: Db, runId: number, reason: string): Promise<void> {
  await tx.update(pipelines).set({ gaveUp: reason }).where(eq(pipelines.mergedRunId, runId))
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
