import { type SQL, sql } from 'drizzle-orm'
import type { Cause } from '../domain/cause/cause.ts'
import type { Plan } from '../domain/plan.ts'
import type { TestSummary } from '../domain/test-result.ts'
import type { Db } from './database.ts'
import { epoch, jsonList, jsonRow, queryJson } from './read.ts'
import type { StoredFile } from './schema.ts'
import { type TestWaitRow, testWait } from './test-wait.ts'

/** A step that has a log: the SRPM, a build target, a test. */
export interface StepRow {
  id: number
  /** Group of a build target or test. */
  groupId: number | null
  target: string | null
  status: string | null
  state: string | null
  reason: string | null
  /** Why, and by whom, its end was asked for. */
  cancelReason: string | null
  queuedAt: number | null
  startedAt: number | null
  endedAt: number | null
  logKey: string | null
  logSize: number
  cause: Cause | null
  packages: { name: string; epoch: number; version: string; release: string; arch: string }[] | null
  files: StoredFile[] | null
}

/** Who a step waits for, or is made by, that does not answer. */
interface Away {
  away: { name: string; since: number | null } | null
}

export interface RunDetailsRow {
  pipelines: {
    id: number
    package: string
    identifier: string
    state: string | null
    endedAt: number | null
    buildGroupId: number | null
    repositoryName: string | null
    repositoryKey: string | null
    publishedAt: number | null
    expiredAt: number | null
    /** Where its builder has it, when that is not here. */
    owner: string | null
    projectName: string | null
    webUrl: string | null
  }[]
  event: {
    createdAt: number
    baseSha: string | null
    baseRef: string | null
    headRef: string | null
    headRepo: string | null
    receivedAt: number | null
    supersededBy: number | null
    plan: Pick<Plan, 'summary' | 'jobs' | 'warnings' | 'configPath' | 'problem'> | null
  } | null
  checks: {
    name: string
    state: string
    title: string
    summary: string
    link: string | null
    attempt: number
    shownAt: number | null
    shownState: string | null
    /** Whether all of it is shown. */
    isShown: boolean
    forgeId: string | null
    isStatus: boolean
    waitsUntil: number | null
    waitsFor: string | null
  }[]
  siblings: { id: number; package: string; state: string | null }[]
  srpm: (StepRow & { nvr: string | null; fileKey: string | null; coprBuildId: string | null } & Away) | null
  builds: (StepRow & Away)[]
  tests: (StepRow & { summary: TestSummary | null; wait: TestWaitRow | null } & Away)[]
  /** How many runs that haven't ended go before: projects take turns, and runs of one go by age. */
  ahead: number
}

const TIMES = sql`${epoch('x.submitted_at')} as "queuedAt", ${epoch('x.started_at')} as "startedAt",
  ${epoch('x.ended_at')} as "endedAt"`
const awayBackend = (isIt: SQL) =>
  jsonRow(sql`select k.name, ${epoch('k.since')} as since from backends k where k.state <> 'closed' and ${isIt}`)
const members = (column: string) =>
  sql`(select p.${sql.raw(column)} from pipelines p where p.merged_run_id = r.id or p.id = r.id)`

/** What the page of a run shows beside its entry in the list. */
export async function findRunDetails(db: Db, runId: number): Promise<RunDetailsRow | undefined> {
  const rows = await queryJson<RunDetailsRow>(
    db,
    sql`
    select
      ${jsonList(sql`select p.id, p.package, p.identifier, p.state, ${epoch('p.ended_at')} as "endedAt",
          p.build_group_id as "buildGroupId", p.repository_name as "repositoryName", p.repository_key as "repositoryKey",
          ${epoch('p.published_at')} as "publishedAt", ${epoch('p.expired_at')} as "expiredAt",
          b.owner, b.project_name as "projectName", b.web_url as "webUrl"
        from pipelines p left join lateral (
          select x.owner, x.project_name, x.web_url from builds x
          where x.group_id = p.build_group_id and p.imported_at is null order by x.id limit 1) b on true
        where p.merged_run_id = r.id or p.id = r.id order by p.id`)} as pipelines,
      ${jsonRow(sql`select ${epoch('e.created_at')} as "createdAt", e.base_sha as "baseSha", t.base_ref as "baseRef",
          t.head_ref as "headRef", t.head_repo as "headRepo",
          (select ${epoch('min(d.received_at)')} from deliveries d where d.event_id = e.id) as "receivedAt",
          (select later.merged_run_id from pipelines later
            where later.event_id = e.superseded_by and later.package = r.package order by later.id desc limit 1
          ) as "supersededBy",
          case when e.plan is null then null else json_build_object('summary', e.plan->'summary', 'jobs', e.plan->'jobs',
            'warnings', e.plan->'warnings', 'configPath', e.plan->'configPath', 'problem', e.plan->'problem') end as plan
        from project_events e left join triggers t on t.id = e.trigger_id where e.id = r.event_id`)} as event,
      ${jsonList(sql`select c.name, c.state, c.title, c.summary, c.link, c.attempt, ${epoch('c.shown_at')} as "shownAt",
          c.shown_state as "shownState", c.shown_version >= c.version as "isShown", c.forge_id as "forgeId",
          c.is_status as "isStatus", ${epoch('c.waits_until')} as "waitsUntil", c.waits_for as "waitsFor"
        from checks c
        where c.event_id = r.event_id order by c.id`)} as checks,
      ${jsonList(sql`select s.id, s.package, s.state from pipelines s
        where s.event_id = r.event_id and s.is_run and s.id <> r.id order by s.id limit 200`)} as siblings,
      ${jsonRow(sql`select x.id, null as "groupId", null as target, x.status, x.state, x.reason,
          x.cancel_reason as "cancelReason", ${TIMES}, x.log_key as "logKey",
          x.log_size as "logSize", x.cause, null as packages, null as files, x.nvr, x.file_key as "fileKey",
          x.copr_build_id as "coprBuildId", ${awayBackend(sql`k.name = 'copr' and x.copr_build_id is not null`)} as away
        from srpm_builds x where x.id = r.srpm_build_id`)} as srpm,
      ${jsonList(sql`select x.id, x.group_id as "groupId", x.target, x.status, x.state, x.reason,
          (select b.cancel_reason from builds b where b.id = x.build_row_id) as "cancelReason", ${TIMES}, x.log_key as "logKey",
          x.log_size as "logSize", x.cause, x.built_packages as packages, x.files,
          ${awayBackend(sql`k.name = (select b.builder from builds b where b.id = x.build_row_id)`)} as away
        from build_targets x where x.group_id in ${members('build_group_id')} order by x.group_id, x.id`)} as builds,
      ${jsonList(sql`select x.id, x.group_id as "groupId", x.target, x.status, x.state, x.reason,
          x.cancel_reason as "cancelReason", ${TIMES}, x.log_key as "logKey",
          x.log_size as "logSize", null as cause, null as packages, null as files, x.summary,
          ${awayBackend(sql`k.name = 'testing-farm' and x.ready_at is not null`)} as away,
          ${testWait()} as wait
        from test_targets x where x.group_id in ${members('test_group_id')} order by x.group_id, x.id`)} as tests,
      case when r.state in ('pending', 'running') then (
        with waiting as (select q.id, row_number() over (partition by q.project_id order by q.id) as turn
          from pipelines q where q.is_run and q.state in ('pending', 'running') and q.imported_at is null)
        select count(*) from waiting w, waiting own
          where own.id = r.id and (w.turn, w.id) < (own.turn, own.id)) else 0 end as ahead
    from pipelines r where r.id = ${runId}`,
  )
  return rows[0]
}
