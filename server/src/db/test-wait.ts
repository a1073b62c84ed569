import { type SQL, sql } from 'drizzle-orm'
import { HOST_PREFIX } from '../domain/run.ts'
import { epoch, jsonRow } from './read.ts'

/** Of tests that wait: what for, and how long such waits and tests lately were, in seconds. */
export interface TestWaitRow {
  /** What they test is there, and they were handed over. */
  isReady: boolean
  /** Not this machine runs them. */
  isElsewhere: boolean
  /** Their runner does not answer, or broke and is asked again later. */
  isHeldUp: boolean
  /** Tests of this machine that have not ended and were handed over before. */
  ahead: number
  /** When their runner was asked. */
  askedAt: number | null
  runnerWait: number | null
  /** Of the same tests of the project. */
  seconds: number | null
  /** Rows of the builds that are tested. */
  buildIds: number[]
}

const IS_HERE = (row: string) => sql.raw(`coalesce(${row}.target like '${HOST_PREFIX}%', false)`)
/** Statuses, since their column has an index. */
const NOT_ENDED = sql.raw(`('new', 'queued', 'retry', 'running', 'cancel-requested')`)
/** Medians are of so many of the newest rows, of which some may not have come to a verdict. */
const NEWEST = sql.raw('200')
const median = (seconds: SQL) => sql`percentile_cont(0.5) within group (order by ${seconds})`

/** The wait of the tests in row `x`, as JSON; null when they do not wait. */
export function testWait(): SQL {
  return sql`case when x.state = 'pending' and x.imported_at is null then ${jsonRow(sql`select
    x.ready_at is not null as "isReady", not ${IS_HERE('x')} as "isElsewhere",
    not ${IS_HERE('x')} and ((x.tries > 0 and x.pipeline_id is null)
      or exists (select 1 from backends k where k.name = 'testing-farm' and k.state <> 'closed')) as "isHeldUp",
    case when x.ready_at is null or not ${IS_HERE('x')} then 0 else (select count(*) from test_targets y
      where y.status in ${NOT_ENDED} and y.state in ('pending', 'running') and y.imported_at is null
        and ${IS_HERE('y')} and (y.ready_at, y.id) < (x.ready_at, x.id)) end as ahead,
    (select ${epoch('max(q.created_at)')} from test_requests q
      where q.test_target_id = x.id and q.request_id = x.pipeline_id) as "askedAt",
    (select ${median(sql`extract(epoch from t.started_at - q.created_at)::float8`)}
      from (select * from test_requests r order by r.id desc limit ${NEWEST}) q
        join test_targets t on t.id = q.test_target_id and t.pipeline_id = q.request_id
      where q.tester = 'testing-farm' and t.started_at >= q.created_at) as "runnerWait",
    (select ${median(sql`extract(epoch from d.ended_at - d.started_at)::float8`)} from (
        select y.target, y.identifier, y.package, y.state, y.started_at, y.ended_at from test_targets y
        where y.project_id = x.project_id order by y.id desc limit ${NEWEST}) d
      where d.target = x.target and coalesce(d.identifier, '') = coalesce(x.identifier, '')
        and coalesce(d.package, '') = coalesce(x.package, '')
        and d.state in ('success', 'failure') and d.ended_at > d.started_at) as seconds,
    array(select l.build_target_id::float8 from test_target_builds l where l.test_target_id = x.id order by 1)
      as "buildIds"`)} end`
}
