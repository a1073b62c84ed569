import { type SQL, sql } from 'drizzle-orm'
import type { EventType, JobKind, ProjectCounts, UsageCounts } from '../domain/usage/counts.ts'
import { boundariesOf, type Intervals, type Parts, type Period, splitAtDays } from '../domain/usage/periods.ts'
import type { FirstUse, IntervalCounts } from '../domain/usage/series.ts'
import type { Db } from './database.ts'
import { queryJson } from './read.ts'
import { IS_PRESENT, isSame, JOB_COLUMNS, PRESENT } from './usage-days.ts'

type Thing = 'objects' | JobKind

/** Nothing of a private project is counted or named. */
const COUNTS = sql.raw('p.same_as is null and not p.is_private')
const THING = sql.raw(`case job_kind when '' then 'objects' else job_kind end`)

/** Counts a period, each object and job once. In a transaction: three statements. */
export async function countUsage(tx: Db, period: Period): Promise<UsageCounts> {
  const active = await queryJson<ProjectCounts>(
    tx,
    sql`with ${countParts([splitAtDays(period)])},
      by_type as (
        select project_id, event_type, json_object_agg(${THING}, number) as counts from counted group by 1, 2)
      select p.id, p.url, p.forge, json_object_agg(b.event_type, b.counts) as counts
      from by_type b join projects p on p.id = b.project_id where ${COUNTS} group by p.id order by p.id`,
  )
  const all = await queryJson<{ forge: string; number: number }>(
    tx,
    sql`select p.forge, count(*) as number from projects p where ${COUNTS} group by p.forge`,
  )
  return { active, all: Object.fromEntries(all.map(({ forge, number }) => [forge, number])) }
}

/** Counts adjacent intervals: a moment belongs to the one that begins with it. */
export async function countIntervals(tx: Db, intervals: Intervals): Promise<IntervalCounts> {
  const boundaries = boundariesOf(intervals)
  const parts = boundaries.slice(1).map((before, i) => splitAtDays({ from: boundaries[i] ?? before, before }))
  const rows = await queryJson<{ interval: number; of: Thing; type: EventType | null; number: number }>(
    tx,
    sql`with ${countParts(parts)},
      visible as materialized (select c.* from counted c join projects p on p.id = c.project_id where ${COUNTS})
      select part as interval, ${THING} as of, event_type as type, sum(number) as number
      from visible group by part, job_kind, event_type
      union all
      select part, ${THING}, null, count(*)
      from (select distinct part, job_kind, project_id from visible) v group by part, job_kind`,
  )
  return {
    things: rows.flatMap(({ type, ...row }) => (type === null ? [] : [{ ...row, type }])),
    projects: rows.flatMap(({ type, ...row }) => (type === null ? [row] : [])),
  }
}

/**
 * Common table expressions that end with `counted (part, project_id, event_type, job_kind, number)`: whole days by the
 * last row of everything in them, and what the pipelines at their ends have besides.
 */
function countParts(parts: readonly Parts[]): SQL {
  const array = (values: readonly (string | number)[], type: string) => sql`${`{${values.join()}}`}::${sql.raw(type)}[]`
  const rest = parts.flatMap(({ rest }, i) => rest.map((piece) => ({ ...piece, part: i + 1 })))
  const firstDays = array(
    parts.map(({ firstDay }) => firstDay),
    'date',
  )
  const endDays = array(
    parts.map(({ endDay }) => endDay),
    'date',
  )
  const part = parts.length === 1 ? sql`1` : sql`width_bucket(u.day, ${firstDays})`
  const endDay = parts.length === 1 ? sql`${parts[0]?.endDay ?? ''}::date` : sql`(${endDays})[${part}]`
  return sql`
    rest as materialized (
      select distinct piece.part, p.project_id, t.kind as event_type, j.object_id, j.job_kind, j.job_id
      from unnest(${array(
        rest.map((r) => r.part),
        'int',
      )}, ${array(
        rest.map((r) => r.from),
        'timestamptz',
      )},
        ${array(
          rest.map((r) => r.before),
          'timestamptz',
        )}) piece (part, since, before)
      join pipelines p on p.created_at >= piece.since and p.created_at < piece.before
      join triggers t on t.id = p.trigger_id ${PRESENT} where ${IS_PRESENT}),
    counted as materialized (
      select part, project_id, event_type, job_kind, sum(number) as number from (
        select ${part} as part, u.project_id, u.event_type, u.job_kind, count(*) as number from usage_days u
        where u.day >= ${parts[0]?.firstDay ?? ''}::date and u.day < ${parts.at(-1)?.endDay ?? ''}::date
          and u.day < ${endDay} and u.next_day >= ${endDay} group by 1, 2, 3, 4
        union all
        select r.part, r.project_id, r.event_type, r.job_kind, count(*) from rest r
        left join lateral (
          select true as counted from usage_days d
          where (${firstDays})[r.part] < (${endDays})[r.part] and ${isSame('d', 'r')}
            and d.day >= (${firstDays})[r.part] and d.day < (${endDays})[r.part] limit 1) whole on true
        where whole.counted is null group by 1, 2, 3, 4
      ) both_parts group by 1, 2, 3, 4)`
}

/** When each project had its first object, and its first job of each kind. */
export async function findFirstUses(tx: Db): Promise<FirstUse[]> {
  const micros = (condition: string) =>
    sql.raw(`(extract(epoch from min(l.created_at) filter (where ${condition})) * 1000000)::bigint`)
  const firsts = [
    sql`'objects', ${micros('true')}`,
    ...Object.entries(JOB_COLUMNS).map(
      ([kind, column]) => sql`${sql.raw(`'${kind}'`)}, ${micros(`l.${column} is not null`)}`,
    ),
  ]
  return queryJson<FirstUse>(
    tx,
    sql`select p.url, f.firsts from (
        select l.project_id, json_build_object(${sql.join(firsts, sql`, `)}) as firsts from pipelines l
        where l.project_id is not null and l.trigger_id is not null group by l.project_id
      ) f join projects p on p.id = f.project_id where ${COUNTS}`,
  )
}

/** Projects by row id → address. */
export interface Onboarding {
  onboarded: Record<string, string>
  almost_onboarded: Record<string, string>
}

/**
 * Projects that use the service downstream (verified, or with a Bodhi update or a Koji build that is no scratch build), and
 * those that only have a downstream pull request of it yet. What lost its project is passed over.
 *
 * @param limit  of each, the ones with the smallest ids
 */
export async function findOnboarding(tx: Db, limit: number): Promise<Onboarding> {
  const rows = await queryJson<{ id: number; url: string; onboarded: boolean }>(
    tx,
    sql`with judged as (
        select p.id, p.url, (p.onboarded_downstream
          or exists (select 1 from bodhi_update_targets b where b.project_id = p.id and b.status = 'success')
          or exists (select 1 from koji_build_targets k
            where k.project_id = p.id and k.status = 'success' and k.scratch is false)
          or exists (select 1 from projects d where d.same_as = p.id and d.onboarded_downstream)) as onboarded,
          exists (select 1 from projects d join sync_pull_requests r on r.project_id = d.id
            join sync_target_pull_requests a on a.sync_pull_request_id = r.id
            join sync_targets s on s.id = a.sync_target_id and s.status = 'submitted'
            where d.id = p.id or d.same_as = p.id) as has_request
        from projects p where ${COUNTS})
      (select id, url, true as onboarded from judged where onboarded order by id limit ${limit})
      union all (select id, url, false from judged where not onboarded and has_request order by id limit ${limit})`,
  )
  const named = (onboarded: boolean) =>
    Object.fromEntries(rows.filter((row) => row.onboarded === onboarded).map(({ id, url }) => [id, url]))
  return { onboarded: named(true), almost_onboarded: named(false) }
}
