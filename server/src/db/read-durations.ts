import { type SQL, sql } from 'drizzle-orm'
import type { WaitingRun } from '../domain/queue-estimate.ts'
import type { Db } from './database.ts'
import { queryJson } from './read.ts'

/** What is known of how long things take, in seconds. */
export type Durations = Pick<WaitingRun, 'now' | 'workOfRun' | 'srpm' | 'targets'>

/** Medians are of so many of the newest rows, of which some may not have come to a verdict. */
const NEWEST = sql.raw('100')
const SECONDS = sql`extract(epoch from x.ended_at - x.started_at)::float8`
const HAS_VERDICT = sql`x.state in ('success', 'failure') and x.ended_at > x.started_at`
const median = (from: SQL) =>
  sql`(select percentile_cont(0.5) within group (order by ${SECONDS}) ${from} and ${HAS_VERDICT})`

/**
 * How long the steps of a run that waits take, by those of its project, where that has none by all of the same target.
 *
 * @param targets  the chroots that it will be built in
 */
export async function findDurations(db: Db, runId: number, targets: readonly string[]): Promise<Durations> {
  // written out, so that the planner knows how few they are
  const wanted = [null, ...targets].map((target, place) => sql`(${target}::text, ${sql.raw(String(place))})`)
  const rows = await queryJson<Durations>(
    db,
    sql`with project as materialized (select r.project_id as id from pipelines r where r.id = ${runId}),
      own_builds as materialized (select b.id from builds b where b.project_id = (select id from project)
        and b.listed_id is not null order by b.listed_id desc limit ${NEWEST})
      select extract(epoch from now())::float8 as now,
        coalesce(
          ${median(sql`from (select * from srpm_builds s where s.project_id = (select id from project)
            order by s.id desc limit ${NEWEST}) x where true`)},
          ${median(sql`from (select * from srpm_builds s order by s.id desc limit ${NEWEST}) x where true`)}) as srpm,
        array(select coalesce(
            ${median(sql`from own_builds b join build_targets x on x.build_row_id = b.id where x.target = wanted.target`)},
            ${median(sql`from (select * from build_targets t where t.target = wanted.target and t.listed_id is not null
              order by t.listed_id desc limit ${NEWEST}) x where true`)})
          from (values ${sql.join(wanted, sql`, `)}) wanted(target, place)
          where wanted.target is not null order by wanted.place) as targets,
        (select percentile_cont(0.5) within group (order by work) from (
          select coalesce((select ${SECONDS} from srpm_builds x where x.id = r.srpm_build_id and ${HAS_VERDICT}), 0)
            + coalesce((select sum(${SECONDS}) from build_targets x where x.group_id = r.build_group_id and ${HAS_VERDICT}), 0)
            as work
          from (select * from pipelines p where p.is_run order by p.id desc limit ${NEWEST}) r
          where r.state in ('success', 'failure')) done where work > 0) as "workOfRun"`,
  )
  return rows[0] ?? { now: 0, workOfRun: null, srpm: null, targets: targets.map(() => null) }
}
