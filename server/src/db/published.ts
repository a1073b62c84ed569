import { eq, sql } from 'drizzle-orm'
import { type Db, query } from './database.ts'
import type { Pipeline } from './runs.ts'
import { pipelines, projectEvents, triggers } from './schema.ts'

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

/** Notes that a pipeline's packages are to be had, and under which key; null where their builder publishes them. */
export async function setPublished(
  tx: Db,
  pipelineId: number,
  repositoryKey: string | null,
  publishedAt: Date,
): Promise<void> {
  await tx.update(pipelines).set({ repositoryKey, publishedAt }).where(eq(pipelines.id, pipelineId))
}
