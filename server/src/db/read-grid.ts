import { type SQL, sql } from 'drizzle-orm'
import { SUMMARY_CHECK } from '../domain/check.ts'
import type { Db } from './database.ts'
import { along } from './list-condition.ts'
import { epoch, type Found, jsonList, jsonRow, queryJson, type Window } from './read.ts'
import type { LatestRow } from './read-projects.ts'

export const GRID_KINDS = ['pull_request', 'branch_push', 'release'] as const
export type GridKind = (typeof GRID_KINDS)[number]

/** The newest build of one job of a trigger in one chroot. */
export interface CellRow {
  id: number
  target: string
  state: string
  status: string | null
  runId: number
  package: string
  endedAt: number | null
}

/** A trigger with the builds of its newest head. */
export interface GridRow {
  /** Its newest run: what the rows are ordered by. */
  newestRunId: number
  kind: GridKind
  number: number | null
  name: string | null
  title: string | null
  author: string | null
  url: string | null
  open: boolean
  activeAt: number
  /** `state`: how it stands as a whole, by its stable check; null where none is known. */
  head: { eventId: number; commit: string | null; commitTitle: string | null; state: string | null } | null
  latest: LatestRow[]
  cells: CellRow[]
}

/** So many of a project's newest runs are looked at for a page. */
const LOOK_LIMIT = 2000
/** Of one trigger's newest runs, for its newest head; of one head's pipelines. */
const MOST_RUNS = 50
const MOST_PIPELINES = 200

const HEAD = sql`select e.id as "eventId", e.commit_sha as "commit", e.commit_title as "commitTitle",
    (select c.state from checks c where c.event_id = e.id and c.name = ${SUMMARY_CHECK}) as state
  from (select r.id, r.event_id from pipelines r where r.trigger_id = page.id and r.is_run
    order by r.id desc limit ${sql.raw(String(MOST_RUNS))}) r
  join project_events e on e.id = r.event_id order by e.superseded_by is not null, r.id desc limit 1`

const OF_HEAD = sql`(select r.* from pipelines r where r.event_id = head."eventId" order by r.id desc
  limit ${sql.raw(String(MOST_PIPELINES))}) r`

/** Whether a run `x` is the newest of its trigger: one look into an index for each, as the limit has it. */
const IS_NEWEST = sql`left join lateral (select 1 as later from pipelines y
  where y.trigger_id = x.trigger_id and y.is_run and y.id > x.id limit 1) y on true`

/**
 * Pull requests, branches and releases of a project by their newest run, the newest first, each with the newest build of
 * its newest head in every chroot. The cursor is that run's id. At most 2,000 runs are looked at for a page: then `next`
 * leads on, even if the page is not full.
 */
export async function listGrid(
  db: Db,
  projectId: number,
  kinds: readonly GridKind[],
  { limit, after }: Window,
): Promise<Found<GridRow>> {
  const { range, order } = along(
    { after, isAscending: false, from: [], to: [] },
    { column: sql`x.project_id`, key: sql`x.id`, value: sql`${projectId}` },
  )
  const looked = sql`select x.id, x.trigger_id, x.created_at from pipelines x where x.is_run and ${range}
    order by ${order} limit ${sql.raw(String(LOOK_LIMIT))}`
  const wanted = sql.join(
    kinds.map((kind) => sql`${kind}`),
    sql`, `,
  )
  const rows = await queryJson<GridRow>(
    db,
    sql`with page as materialized (
        select x.id as newest, x.created_at, t.* from (${looked}) x
        cross join lateral (select t.* from triggers t where t.id = x.trigger_id and t.kind in (${wanted}) offset 0) t
        ${IS_NEWEST}
        where y.later is null limit ${sql.raw(String(limit))})
      select page.newest as "newestRunId", page.kind, page.number, page.name, page.title, page.author, page.url, page.open,
        ${epoch('page.created_at')} as "activeAt", ${jsonRow(sql`select head.* where head."eventId" is not null`)} as head,
        ${jsonList(sql`select distinct on (r.package) r.id as "runId", r.package, r.state, head."commit",
            ${epoch('r.created_at')} as "createdAt"
          from ${OF_HEAD} where r.is_run order by r.package, r.id desc`)} as latest,
        ${jsonList(sql`select distinct on (r.package, r.identifier, b.target) b.id, b.target, b.state, b.status,
            coalesce(r.merged_run_id, r.id) as "runId", r.package, ${epoch('b.ended_at')} as "endedAt"
          from ${OF_HEAD} join build_targets b on b.group_id = r.build_group_id and b.target is not null
          order by r.package, r.identifier, b.target, b.id desc limit 500`)} as cells
      from page left join lateral (${HEAD}) head on true order by page.newest desc`,
  )
  const isFull = rows.length === limit
  return { rows, total: null, next: isFull ? (rows.at(-1)?.newestRunId ?? null) : await findEnd(db, looked) }
}

/** Where the looking ended; null when there was nothing more to look at. */
async function findEnd(db: Db, looked: SQL): Promise<number | null> {
  const rows = await queryJson<{ looked: number; end: number | null }>(
    db,
    sql`select count(*) as looked, min(x.id) as end from (${looked}) x`,
  )
  return rows[0]?.looked === LOOK_LIMIT ? rows[0].end : null
}
