import { sql } from 'drizzle-orm'
import type { Plan } from '../domain/plan.ts'
import type { Db } from './database.ts'
import { epoch, queryJson } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'

/** The plan of a project's newest event that has one. */
export interface ConfigRow {
  runId: number
  eventId: number
  decidedAt: number
  event: EventRow
  /** Without its configuration where that is very large. */
  plan: Omit<Plan, 'builds'>
}

/** So many of a project's newest runs are looked at. */
const LOOK_LIMIT = 200
/** Bytes as the database keeps them, that is compressed. */
const MOST_BYTES = 200_000

export async function findConfig(db: Db, projectId: number): Promise<ConfigRow | undefined> {
  const rows = await queryJson<ConfigRow>(
    db,
    sql`select found.run_id as "runId", found.id as "eventId", ${epoch('found.created_at')} as "decidedAt",
        ${eventJson(sql`found.id`)} as event,
        case when pg_column_size(found.plan) > ${sql.raw(String(MOST_BYTES))} then found.plan - '{builds,tests,skipped}'::text[] || jsonb_build_object('config', null)
          else found.plan - '{builds,tests,skipped}'::text[] end as plan
      from (select e.id, e.created_at, e.plan, r.id as run_id
        from (select r.id, r.event_id from pipelines r where r.project_id = ${projectId} and r.is_run
          order by r.id desc limit ${sql.raw(String(LOOK_LIMIT))}) r
        join project_events e on e.id = r.event_id and e.plan is not null order by r.id desc limit 1) found`,
  )
  return rows[0]
}
