import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Db } from './database.ts'
import { pipelines, projectEvents, projects, triggers } from './schema.ts'

/** A project as its forge is asked what a person may do there. */
export interface AccessProject {
  id: number
  forge: string
  namespace: string
  name: string
  installationId: number | null
}

const COLUMNS = {
  id: projects.id,
  forge: projects.forge,
  namespace: projects.namespace,
  name: projects.name,
  installationId: projects.installationId,
}

/** Whose run a pipeline is: `null` for one that belongs to no project on a forge, `undefined` when there is none. */
export async function findProjectOfPipeline(db: Db, pipelineId: number): Promise<AccessProject | null | undefined> {
  const rows = await db
    .select({ project: COLUMNS })
    .from(pipelines)
    .leftJoin(projectEvents, eq(projectEvents.id, pipelines.eventId))
    .leftJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .leftJoin(projects, eq(projects.id, triggers.projectId))
    .where(eq(pipelines.id, pipelineId))
  return rows[0]?.project
}

/** Whose event it is: `null` for one that belongs to no project on a forge, `undefined` when there is none. */
export async function findProjectOfEvent(db: Db, eventId: number): Promise<AccessProject | null | undefined> {
  const rows = await db
    .select({ project: COLUMNS })
    .from(projectEvents)
    .leftJoin(triggers, eq(triggers.id, projectEvents.triggerId))
    .leftJoin(projects, eq(projects.id, triggers.projectId))
    .where(eq(projectEvents.id, eventId))
  return rows[0]?.project
}

export async function findAccessProject(
  db: Db,
  { forge, namespace, name }: Pick<AccessProject, 'forge' | 'namespace' | 'name'>,
): Promise<AccessProject | undefined> {
  const rows = await db
    .select(COLUMNS)
    .from(projects)
    .where(
      and(
        eq(projects.forge, forge),
        eq(projects.namespace, namespace),
        eq(projects.name, name),
        isNull(projects.sameAs),
      ),
    )
  return rows[0]
}

/** The private projects that are known here, the oldest first. */
export async function listPrivateProjects(db: Db, limit: number): Promise<AccessProject[]> {
  return db
    .select(COLUMNS)
    .from(projects)
    .where(and(eq(projects.isPrivate, true), isNull(projects.sameAs)))
    .orderBy(asc(projects.id))
    .limit(limit)
}
