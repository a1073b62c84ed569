import { sql } from 'drizzle-orm'
import type { Repeated } from '../domain/statistics.ts'
import type { Db } from './database.ts'
import { epoch, jsonList, queryJson } from './read.ts'

type StepRow = Omit<Repeated, 'state'> & { state: string; status: string | null }

export interface StatisticsRow {
  /** The newest first. */
  srpms: StepRow[]
  builds: (StepRow & { target: string })[]
  /** Whether all of the time that was asked for was looked at; else how far back it was. */
  isWhole: boolean
  since: number
}

/** So many of a project's newest SRPMs and builds are looked at, and chroots of these builds. */
const MOST = 500
const MOST_TARGETS = 5000
const literal = (count: number) => sql.raw(String(count))

const STEP = sql`x.id, x.state, x.status, ${epoch('x.started_at')} as "startedAt", ${epoch('x.ended_at')} as "endedAt",
  e.commit_sha as "commit"`

/** What was built for a project in the last days. */
export async function findStatistics(db: Db, projectId: number, days: number): Promise<StatisticsRow> {
  const since = sql`now() - make_interval(days => ${days})`
  const rows = await queryJson<Omit<StatisticsRow, 'since' | 'isWhole'> & { asked: number; oldest: number | null }>(
    db,
    sql`with newest_srpms as materialized (
        select x.* from srpm_builds x where x.project_id = ${projectId} order by x.id desc limit ${literal(MOST)}),
      newest_builds as materialized (
        select b.id, b.event_id, b.package, b.identifier, b.submitted_at from builds b
        where b.project_id = ${projectId} and b.listed_id is not null order by b.listed_id desc limit ${literal(MOST)})
      select
        ${jsonList(sql`select ${STEP}, coalesce(x.package, '') as series
          from newest_srpms x left join project_events e on e.id = x.event_id
          where x.submitted_at >= ${since} order by x.id desc`)} as srpms,
        ${jsonList(sql`select ${STEP}, x.target, coalesce(b.package, '') || '/' || coalesce(b.identifier, '') as series
          from newest_builds b join build_targets x on x.build_row_id = b.id and x.target is not null
          left join project_events e on e.id = b.event_id
          where b.submitted_at >= ${since} order by x.id desc limit ${literal(MOST_TARGETS)}`)} as builds,
        extract(epoch from ${since})::float8 as asked,
        greatest(
          (select case when count(*) = ${literal(MOST)} then ${epoch('min(submitted_at)')} end from newest_srpms),
          (select case when count(*) = ${literal(MOST)} then ${epoch('min(submitted_at)')} end from newest_builds)
        ) as oldest`,
  )
  const { srpms = [], builds = [], asked = 0, oldest = null } = rows[0] ?? {}
  const isWhole = (oldest === null || oldest <= asked) && builds.length < MOST_TARGETS
  return { srpms, builds, isWhole, since: Math.max(asked, oldest ?? asked) }
}
