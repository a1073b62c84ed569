import { type SQL, sql } from 'drizzle-orm'
import { type Db, query } from '../db/database.ts'
import type { JobKind, Jobs } from './jobs.ts'

/** Whose turn it is: jobs of one group (a project) wait for each other, those of different groups take turns. */
export interface Turn {
  group: string
  /** The smaller goes first. */
  turn: number
}

/** Of the kinds that take long: the project that a job is for. Jobs of other kinds begin in the order in which they came. */
const PROJECT_OF: { readonly [K in JobKind]?: (data: Jobs[K]) => SQL } = {
  'run-head': ({ deliveryId }) => sql`select project_id from deliveries where id = ${deliveryId}`,
  'run-event': ({ eventId }) =>
    sql`select t.project_id from project_events e join triggers t on t.id = e.trigger_id where e.id = ${eventId}`,
  'build-srpm': ({ srpmBuildId }) => sql`select project_id from srpm_builds where id = ${srpmBuildId}`,
  'start-build': ({ buildRowId }) => sql`select project_id from builds where id = ${buildRowId}`,
}

/**
 * The turn of a job that is added now: one after the last of its project that waits, and not before what runs now. So a
 * project that has one job waits for one job of each other project at most, however many these have; and who comes later
 * is not let in before those that have waited meanwhile.
 *
 * @returns undefined for a kind without turns, or where no project is known
 */
export async function findTurn<K extends JobKind>(tx: Db, kind: K, data: Jobs[K]): Promise<Turn | undefined> {
  const projectOf = PROJECT_OF[kind]
  if (!projectOf) return undefined
  const [found] = await query<{ group: string | null; turn: number }>(
    tx,
    sql`select max(project.id)::text as "group", greatest(
        coalesce(max(-job.priority) filter (where job.state = 'active'), min(-job.priority), 0),
        coalesce(max(-job.priority) filter (where job.group_id = project.id::text) + 1, 0))::int as turn
      from (select (${projectOf(data)}) as id) project
        left join pgboss.job job on job.name = ${kind} and job.state < 'completed'`,
  )
  return found && found.group !== null ? { group: found.group, turn: found.turn } : undefined
}
