import { and, eq } from 'drizzle-orm'
import { type State, toBuildStatus } from '../domain/status.ts'
import type { Db } from './database.ts'
import { buildGroups, builds, buildTargets, pipelines, srpmBuilds } from './schema.ts'
import { scopeOf } from './scope.ts'
import { fillUsageDays } from './usage-days.ts'

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
  const shared = { ...scope, cause, attempt, createdAt, srpmBuildId: srpm.id }
  let last: { id: number; runId: number } | undefined
  for (const part of run.parts) {
    const { package: name, identifier, repository: repositoryName } = part
    const buildGroupId = await insertGroup(tx, part, scope, createdAt)
    last = await insertPipeline(tx, { ...shared, buildGroupId, package: name, identifier, repositoryName }, last?.runId)
  }
  if (!last) throw new Error('a run without parts')
  await fillUsageDays(tx, { from: last.runId, to: last.id + 1 })
  return { runId: last.runId, srpmBuildId: srpm.id }
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

async function insertGroup(tx: Db, part: NewRun['parts'][number], scope: Scope, submittedAt: Date): Promise<number> {
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

/** A run, or a further pipeline of one, that has tests. */
export interface NewTestPipeline {
  eventId: number
  cause: NewRun['cause']
  attempt: number
  createdAt: Date
  package: string
  identifier: string
  testGroupId: number
  /** The run it is part of; undefined = one of its own, of packages that are there. */
  of: { runId: number; srpmBuildId: number | null } | undefined
}

/**
 * Gives a pipeline of an attempt its tests; where there is none of this package and identifier, it is written.
 *
 * @returns the run that it is part of
 */
export async function insertTestPipeline(tx: Db, pipeline: NewTestPipeline): Promise<number> {
  const { of, testGroupId, createdAt, ...identity } = pipeline
  const { eventId, package: name, identifier, attempt } = identity
  const srpmBuildId = of?.srpmBuildId ?? null
  const columns = { ...scopeOf(eventId), ...identity, testGroupId, createdAt, srpmBuildId }
  const [known] = await tx
    .update(pipelines)
    .set({ testGroupId })
    .where(
      and(
        eq(pipelines.eventId, eventId),
        eq(pipelines.package, name),
        eq(pipelines.identifier, identifier),
        eq(pipelines.attempt, attempt),
      ),
    )
    .returning({ id: pipelines.id, runId: pipelines.mergedRunId })
  const row = known ?? (await insertPipeline(tx, columns, of?.runId))
  await fillUsageDays(tx, { from: row.id, to: row.id + 1 })
  return row.runId ?? row.id
}

type Scope = ReturnType<typeof scopeOf>

/** Writes a pipeline of a run; the first one begins the run, whose id is its own. */
async function insertPipeline(
  tx: Db,
  columns: Omit<typeof pipelines.$inferInsert, keyof Scope> & Scope,
  runId: number | undefined,
): Promise<{ id: number; runId: number }> {
  const [row] = await tx
    .insert(pipelines)
    .values({ ...columns, state: 'pending', ...(runId === undefined ? {} : { mergedRunId: runId }) })
    .returning({ id: pipelines.id })
  if (!row) throw new Error('the pipeline that was just written is not there')
  if (runId === undefined) await tx.update(pipelines).set({ mergedRunId: row.id }).where(eq(pipelines.id, row.id))
  return { id: row.id, runId: runId ?? row.id }
}
