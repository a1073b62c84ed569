import { sql } from 'drizzle-orm'
import { copyListedId } from './builds.ts'
import { type Db, query } from './database.ts'
import { fillNextUsageDays } from './usage-days.ts'

/**
 * Fills columns that are derived from others and that older rows (of an import, or of an earlier release) lack:
 * `merged_run_id` of pipelines, `listed_id` of builds and the days of usage. A few rows a call, so that the service goes on meanwhile.
 *
 * @returns how many rows were filled; 0 when there is nothing left to do
 */
export async function fillDerivedIds(tx: Db, limit: number): Promise<number> {
  const runs = await query<{ id: number }>(
    tx,
    sql`
      update pipelines p set merged_run_id = coalesce(
        (select min(q.id) from pipelines q where q.srpm_build_id = p.srpm_build_id), p.id)
      where p.id in (select id from pipelines where merged_run_id is null order by id limit ${limit})
      returning p.id`,
  )
  const builds = await query<{ id: number }>(
    tx,
    sql`
      with listable as (
        select t.build_row_id as build, min(t.id) as first from build_targets t
        join builds b on b.id = t.build_row_id and b.listed_id is null and b.build_id is not null
        where t.status is not null and t.status <> 'waiting_for_srpm'
          and not (t.status = 'failure' and t.started_at is null and t.logs_url is null and t.log_key is null)
        group by t.build_row_id order by t.build_row_id limit ${limit})
      update builds b set listed_id = listable.first from listable where b.id = listable.build
      returning b.id`,
  )
  await copyListedId(tx, sql`b.id = any(${sql.param(builds.map(({ id }) => id))})`)
  const pipelines = await fillNextUsageDays(tx, limit)
  return runs.length + builds.length + pipelines
}
