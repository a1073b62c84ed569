import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, jsonList, jsonRow, queryJson, type Window } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'

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

const part = (from: SQL, order: SQL) =>
  jsonList(sql`
  select job.id, job.target, job.status, job.state, ${epoch('job.submitted_at')} as "submittedAt" ${from} order by ${order}`)
const stateless = (from: SQL, order: SQL) =>
  jsonList(sql`
  select job.id, job.target, job.status, null as state, ${epoch('job.submitted_at')} as "submittedAt" ${from} order by ${order}`)
const byGroup = sql`job.group_id, job.id`

/** What a run is made of; `x` is its first pipeline, `m` gathers what its pipelines point at. */
const RUN = sql`
  x.id, x.event_id as "eventId", x.package, x.identifier, x.attempt, x.cause, x.state, x.reason,
  ${epoch('x.created_at')} as "createdAt", ${epoch('x.ended_at')} as "endedAt",
  ${eventJson(sql`x.event_id`)} as event,
  ${jsonRow(sql`select job.id, null as target, job.status, job.state, ${epoch('job.submitted_at')} as "submittedAt"
    from srpm_builds job where job.id = x.srpm_build_id`)} as srpm,
  ${part(sql`from build_targets job where job.group_id = any(m.build_groups)`, byGroup)} as builds,
  ${stateless(sql`from koji_build_targets job where job.group_id = any(m.koji_groups)`, byGroup)} as "kojiBuilds",
  ${part(sql`from test_targets job where job.group_id = any(m.test_groups)`, byGroup)} as tests,
  ${stateless(sql`from bodhi_update_targets job where job.group_id = any(m.bodhi_groups)`, byGroup)} as "bodhiUpdates",
  ${jsonList(sql`select job.id, job.branch as target, job.status, null as state, ${epoch('job.submitted_at')} as "submittedAt",
      (select sync.job_type from sync_runs sync where sync.id = job.sync_run_id) as "jobType"
    from sync_targets job
    where job.sync_run_id = any(m.sync_runs) order by job.sync_run_id, job.id`)} as "syncTargets",
  ${stateless(sql`from vm_images job where job.id = any(m.vm_images)`, sql`job.id`)} as "vmImages"`

const gathered = (column: string, name: string) =>
  sql.raw(`array_agg(distinct ${column}) filter (where ${column} is not null) as ${name}`)
const MEMBERS = sql`cross join lateral (
  select ${gathered('build_group_id', 'build_groups')}, ${gathered('koji_build_group_id', 'koji_groups')},
    ${gathered('test_group_id', 'test_groups')}, ${gathered('bodhi_update_group_id', 'bodhi_groups')},
    ${gathered('sync_run_id', 'sync_runs')}, ${gathered('vm_image_id', 'vm_images')}
  from pipelines member where member.merged_run_id = x.id or member.id = x.id
) m`

const RUNS: JobList = {
  table: 'pipelines',
  key: 'id',
  submittedAt: 'created_at',
  always: sql`x.is_run`,
  facets: {
    package: 'package',
    identifier: 'identifier',
    status: 'state',
    // any of its pipelines may have built: an imported one shares its SRPM with others
    target: {
      table: 'pipelines member cross join build_targets',
      column: 'target',
      joined: 'member.merged_run_id = x.id and y.group_id = member.build_group_id',
    },
  },
  columns: RUN,
  joins: MEMBERS,
}

/** Runs, the newest first. */
export function listRuns(db: Db, filter: JobFilter, window: Window): Promise<Found<RunRow>> {
  return readList(db, RUNS, filter, window)
}

/** The run that a pipeline belongs to, whichever of its pipelines is named. */
export async function findRun(db: Db, pipelineId: number): Promise<RunRow | undefined> {
  const rows = await queryJson<RunRow>(
    db,
    sql`select ${RUN} from pipelines asked
      join pipelines x on x.id = coalesce(asked.merged_run_id, asked.id) ${MEMBERS} where asked.id = ${pipelineId}`,
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
