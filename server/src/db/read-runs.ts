import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { cut, epoch, every, type Found, jsonList, jsonRow, queryJson, readPage, type Window } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'
import type { ProjectName } from './read-projects.ts'

/** One target of a job, as lists show it. */
export interface PartRow {
  id: number
  target: string | null
  status: string | null
  state: string | null
  submittedAt: number | null
}

/** All pipelines that share an SRPM. */
export interface RunRow {
  id: number
  eventId: number | null
  package: string
  identifier: string
  attempt: number
  cause: 'delivery' | 'command' | 'retry' | 'import' | 'try'
  state: string | null
  reason: string | null
  createdAt: number
  endedAt: number | null
  event: EventRow | null
  srpm: PartRow | null
  builds: PartRow[]
  kojiBuilds: PartRow[]
  tests: PartRow[]
  bodhiUpdates: PartRow[]
  syncTargets: (PartRow & { jobType: 'propose_downstream' | 'pull_from_upstream' })[]
  vmImages: PartRow[]
}

export interface RunFilter {
  project?: ProjectName | undefined
  pullRequest?: number | undefined
  state?: string | undefined
}

const part = (from: SQL, order: SQL) =>
  jsonList(sql`
  select x.id, x.target, x.status, x.state, ${epoch('x.submitted_at')} as "submittedAt" ${from} order by ${order}`)
const stateless = (from: SQL, order: SQL) =>
  jsonList(sql`
  select x.id, x.target, x.status, null as state, ${epoch('x.submitted_at')} as "submittedAt" ${from} order by ${order}`)
const byGroup = sql`x.group_id, x.id`

/** What a run is made of; `r` is its first pipeline, `m` gathers what its pipelines point at. */
const RUN = sql`
  r.id, r.event_id as "eventId", r.package, r.identifier, r.attempt, r.cause, r.state, r.reason,
  ${epoch('r.created_at')} as "createdAt", ${epoch('r.ended_at')} as "endedAt",
  ${eventJson(sql`r.event_id`)} as event,
  ${jsonRow(sql`select x.id, null as target, x.status, x.state, ${epoch('x.submitted_at')} as "submittedAt"
    from srpm_builds x where x.id = r.srpm_build_id`)} as srpm,
  ${part(sql`from build_targets x where x.group_id = any(m.build_groups)`, byGroup)} as builds,
  ${stateless(sql`from koji_build_targets x where x.group_id = any(m.koji_groups)`, byGroup)} as "kojiBuilds",
  ${part(sql`from test_targets x where x.group_id = any(m.test_groups)`, byGroup)} as tests,
  ${stateless(sql`from bodhi_update_targets x where x.group_id = any(m.bodhi_groups)`, byGroup)} as "bodhiUpdates",
  ${jsonList(sql`select x.id, x.branch as target, x.status, null as state, ${epoch('x.submitted_at')} as "submittedAt",
      (select y.job_type from sync_runs y where y.id = x.sync_run_id) as "jobType"
    from sync_targets x
    where x.sync_run_id = any(m.sync_runs) order by x.sync_run_id, x.id`)} as "syncTargets",
  ${stateless(sql`from vm_images x where x.id = any(m.vm_images)`, sql`x.id`)} as "vmImages"`

const gathered = (column: string, name: string) =>
  sql.raw(`array_agg(distinct ${column}) filter (where ${column} is not null) as ${name}`)
const MEMBERS = sql`cross join lateral (
  select ${gathered('build_group_id', 'build_groups')}, ${gathered('koji_build_group_id', 'koji_groups')},
    ${gathered('test_group_id', 'test_groups')}, ${gathered('bodhi_update_group_id', 'bodhi_groups')},
    ${gathered('sync_run_id', 'sync_runs')}, ${gathered('vm_image_id', 'vm_images')}
  from pipelines member where member.merged_run_id = r.id or member.id = r.id
) m`

/** Runs, the newest first. */
export async function listRuns(db: Db, filter: RunFilter, window: Window): Promise<Found<RunRow>> {
  const conditions = [
    sql`p.id = p.merged_run_id`,
    filter.state === undefined ? undefined : sql`p.state = ${filter.state}`,
    filter.project && sql`p.event_id in (${eventsOf(filter.project, filter.pullRequest)})`,
    filter.pullRequest === undefined || filter.project ? undefined : ofPullRequest(filter.pullRequest),
  ]
  const after = window.after === undefined ? undefined : sql`p.id < ${window.after}`
  return readPage(
    db,
    window,
    sql`with page as materialized (
        select p.id from pipelines p where ${every([...conditions, after])} order by p.id desc ${cut(window)}
      ) select ${RUN} from page join pipelines r on r.id = page.id ${MEMBERS} order by r.id desc`,
    sql`from pipelines p where ${every(conditions)}`,
  )
}

function eventsOf(project: ProjectName, pullRequest: number | undefined): SQL {
  const numbered = pullRequest === undefined ? sql`` : sql`and t.kind = 'pull_request' and t.number = ${pullRequest}`
  return sql`select e.id from projects q join triggers t on t.project_id = q.id join project_events e on e.trigger_id = t.id
    where q.forge = ${project.forge} and q.namespace = ${project.namespace} and q.name = ${project.name} ${numbered}`
}

function ofPullRequest(number: number): SQL {
  return sql`exists (select 1 from project_events e join triggers t on t.id = e.trigger_id
    where e.id = p.event_id and t.kind = 'pull_request' and t.number = ${number})`
}

/** The run that a pipeline belongs to, whichever of its pipelines is named. */
export async function findRun(db: Db, pipelineId: number): Promise<RunRow | undefined> {
  const rows = await queryJson<RunRow>(
    db,
    sql`select ${RUN} from pipelines asked
      join pipelines r on r.id = coalesce(asked.merged_run_id, asked.id) ${MEMBERS} where asked.id = ${pipelineId}`,
  )
  return rows[0]
}

export interface PipelineRow {
  id: number
  mergedRunId: number | null
  package: string
  identifier: string
  attempt: number
  createdAt: number
  srpmBuildId: number | null
  buildGroupId: number | null
  kojiBuildGroupId: number | null
  testGroupId: number | null
  bodhiUpdateGroupId: number | null
  event: EventRow | null
}

/** One pipeline by itself. */
export async function findPipeline(db: Db, id: number): Promise<PipelineRow | undefined> {
  const rows = await queryJson<PipelineRow>(
    db,
    sql`select p.id, p.merged_run_id as "mergedRunId", p.package, p.identifier, p.attempt,
      ${epoch('p.created_at')} as "createdAt", p.srpm_build_id as "srpmBuildId", p.build_group_id as "buildGroupId",
      p.koji_build_group_id as "kojiBuildGroupId", p.test_group_id as "testGroupId",
      p.bodhi_update_group_id as "bodhiUpdateGroupId", ${eventJson(sql`p.event_id`)} as event
      from pipelines p where p.id = ${id}`,
  )
  return rows[0]
}
