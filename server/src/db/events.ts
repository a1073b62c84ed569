import { and, desc, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { type Plan, toPlan } from '../domain/plan.ts'
import type { Db } from './database.ts'
import type { Project, Trigger } from './projects.ts'
import { checks, pipelines, projectEvents, projects, triggers } from './schema.ts'

export type ProjectEvent = typeof projectEvents.$inferSelect

/** A head of a trigger: an event, and how many attempts it had. */
export interface KnownHead {
  id: number
  sha: string | null
  before: string | null
  order: number
  /** The last one, and all that are there: they may begin out of order. */
  attempts: number
  taken: number[]
}

/** The newest heads of a trigger by the forge's order, at most 500: one that is older than all of these is superseded anyhow. */
export async function listHeads(db: Db, triggerId: number): Promise<KnownHead[]> {
  return db
    .select({
      id: projectEvents.id,
      sha: projectEvents.commitSha,
      before: projectEvents.beforeSha,
      order: projectEvents.orderKey,
      attempts: sql<number>`coalesce(max(${pipelines.attempt}), 0)::int`,
      taken: sql<
        number[]
      >`coalesce(array_agg(distinct ${pipelines.attempt}) filter (where ${pipelines.attempt} is not null), '{}')`,
    })
    .from(projectEvents)
    .leftJoin(pipelines, eq(pipelines.eventId, projectEvents.id))
    .where(eq(projectEvents.triggerId, triggerId))
    .groupBy(projectEvents.id)
    .orderBy(desc(projectEvents.orderKey), desc(projectEvents.id))
    .limit(500)
}

/** The event of a commit of a trigger. */
export async function findEventOfCommit(db: Db, triggerId: number, sha: string): Promise<ProjectEvent | undefined> {
  const rows = await db
    .select()
    .from(projectEvents)
    .where(and(eq(projectEvents.triggerId, triggerId), eq(projectEvents.commitSha, sha)))
  return rows[0]
}

/** The runs of a trigger that have not ended. */
export async function listLivingRuns(db: Db, triggerId: number): Promise<number[]> {
  const rows = await db
    .select({ id: pipelines.id })
    .from(pipelines)
    .innerJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .where(
      and(
        eq(projectEvents.triggerId, triggerId),
        eq(pipelines.id, pipelines.mergedRunId),
        inArray(pipelines.state, ['pending', 'running']),
      ),
    )
    .orderBy(pipelines.id)
  return rows.map((row) => row.id)
}

export async function insertEvent(tx: Db, event: typeof projectEvents.$inferInsert): Promise<ProjectEvent> {
  const [row] = await tx.insert(projectEvents).values(event).returning()
  if (!row) throw new Error('the event that was just written is not there')
  return row
}

export async function updateEvent(tx: Db, id: number, set: Partial<typeof projectEvents.$inferInsert>): Promise<void> {
  await tx.update(projectEvents).set(set).where(eq(projectEvents.id, id))
}

/** All events of the trigger but this one give way to it. */
export async function supersedeEvents(tx: Db, triggerId: number, by: number): Promise<void> {
  await tx
    .update(projectEvents)
    .set({ supersededBy: by })
    .where(and(eq(projectEvents.triggerId, triggerId), ne(projectEvents.id, by), isNull(projectEvents.supersededBy)))
}

/** An event with its trigger and project. */
export async function findEvent(
  db: Db,
  id: number,
): Promise<{ event: ProjectEvent; trigger: Trigger; project: Project; plan: Plan | null } | undefined> {
  const rows = await db
    .select({ event: projectEvents, trigger: triggers, project: projects })
    .from(projectEvents)
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .innerJoin(projects, eq(projects.id, triggers.projectId))
    .where(eq(projectEvents.id, id))
  const row = rows[0]
  return row && { ...row, plan: row.event.plan && toPlan(row.event.plan) }
}

/** The newest event of a pull request, of a commit, or of the whole project, that has a plan. */
export async function findNewestEvent(
  db: Db,
  projectId: number,
  { number, sha }: { number?: number; sha?: string },
): Promise<number | undefined> {
  const rows = await db
    .select({ id: projectEvents.id })
    .from(projectEvents)
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .where(
      and(
        eq(triggers.projectId, projectId),
        isNotNull(projectEvents.plan),
        number === undefined ? undefined : and(eq(triggers.kind, 'pull_request'), eq(triggers.number, number)),
        sha === undefined ? undefined : eq(projectEvents.commitSha, sha),
      ),
    )
    .orderBy(desc(projectEvents.orderKey), desc(projectEvents.id))
    .limit(1)
  return rows[0]?.id
}

/** Locks the trigger of an event until the transaction ends: attempts are given by one transaction at a time. */
export async function lockTriggerOfEvent(tx: Db, eventId: number): Promise<Trigger | undefined> {
  const ofEvent = tx.select({ id: projectEvents.triggerId }).from(projectEvents).where(eq(projectEvents.id, eventId))
  const rows = await tx.select().from(triggers).where(inArray(triggers.id, ofEvent)).for('update')
  return rows[0]
}

/** The pipelines of an event, newest attempt last. */
export async function listPipelinesOfEvent(db: Db, eventId: number): Promise<(typeof pipelines.$inferSelect)[]> {
  return db.select().from(pipelines).where(eq(pipelines.eventId, eventId)).orderBy(pipelines.id)
}

export type CheckRow = typeof checks.$inferSelect

export async function listChecks(db: Db, eventId: number): Promise<CheckRow[]> {
  return db.select().from(checks).where(eq(checks.eventId, eventId)).orderBy(checks.id)
}

/** Whether the newest commit of a project that was planned had a package configuration. */
export async function hasConfiguration(db: Db, projectId: number): Promise<boolean> {
  const rows = await db
    .select({ path: sql<string | null>`${projectEvents.plan} ->> 'configPath'` })
    .from(pipelines)
    .innerJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .where(and(eq(pipelines.projectId, projectId), eq(pipelines.isRun, true), isNotNull(projectEvents.plan)))
    .orderBy(desc(pipelines.id))
    .limit(1)
  return rows[0]?.path != null
}

/** The events of a commit of a project, the newest first. */
export async function listEventsOfCommit(
  db: Db,
  projectId: number,
  sha: string,
): Promise<{ id: number; supersededBy: number | null }[]> {
  return db
    .select({ id: projectEvents.id, supersededBy: projectEvents.supersededBy })
    .from(projectEvents)
    .innerJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .where(and(eq(triggers.projectId, projectId), eq(projectEvents.commitSha, sha)))
    .orderBy(desc(projectEvents.id))
    .limit(20)
}
