import { type SQL, sql } from 'drizzle-orm'
import type { Cause } from '../domain/cause/cause.ts'
import type { Db } from './database.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, jsonList, jsonRow, queryJson, type Window } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'
import type { StoredFile } from './schema.ts'

/** What lists and details of an SRPM or a build have in common. */
interface JobRow {
  id: number
  status: string | null
  state: string
  reason: string | null
  queuedAt: number
  startedAt: number | null
  endedAt: number | null
  event: EventRow | null
  package: string | null
  identifier: string | null
  runId: number | null
}

/** The repository that the packages of a pipeline are published in. */
export interface PublishedRow {
  name: string | null
  runId: number
  publishedAt: number | null
  expiredAt: number | null
}

export interface SrpmRow extends JobRow {
  coprBuildId: string | null
}

export interface SrpmDetailsRow extends SrpmRow {
  nvr: string | null
  cancelReason: string | null
  fileKey: string | null
  url: string | null
  logsUrl: string | null
  coprWebUrl: string | null
  logKey: string | null
  logSize: number
  cause: Cause | null
  runIds: number[]
  published: PublishedRow | null
}

/** A build of one SRPM for a set of chroots. */
export interface BuildRow extends JobRow {
  /** Id of the row in `builds`, which is the build's id where its builder has none. */
  buildRowId: number
  builder: string
  buildId: string | null
  projectName: string | null
  webUrl: string | null
  targets: {
    id: number
    target: string | null
    status: string | null
    state: string
    startedAt: number | null
    endedAt: number | null
    logsUrl: string | null
    logKey: string | null
  }[]
  srpmState: string | null
}

export interface BuildTargetRow extends JobRow {
  target: string | null
  webUrl: string | null
  buildRowId: number | null
  builder: string | null
  buildId: string | null
  projectName: string | null
  owner: string | null
  logsUrl: string | null
  logKey: string | null
  logSize: number
  cancelReason: string | null
  packages: { name: string; epoch: number; version: string; release: string; arch: string }[] | null
  files: StoredFile[] | null
  cause: Cause | null
  srpmBuildId: number | null
  srpmState: string | null
  runIds: number[]
  logDetectiveRuns: number[]
  published: PublishedRow | null
}

const TIMES = sql`${epoch('x.submitted_at')} as "queuedAt", ${epoch('x.started_at')} as "startedAt",
  ${epoch('x.ended_at')} as "endedAt"`

const PUBLISHED = jsonRow(sql`select f.repository_name as name, coalesce(f.merged_run_id, f.id) as "runId",
  ${epoch('f.published_at')} as "publishedAt", ${epoch('f.expired_at')} as "expiredAt"
  where f.repository_name is not null`)

/** The first pipeline that points at a row; it tells the row's event and run. */
function firstPipeline(column: string, id: SQL): SQL {
  return sql`left join lateral (
    select p.* from pipelines p where p.${sql.raw(column)} = ${id} order by p.id limit 1
  ) f on true`
}

const SRPM = sql`x.id, x.status, x.state, x.reason, ${TIMES}, ${eventJson(sql`coalesce(x.event_id, f.event_id)`)} as event,
  coalesce(x.package, f.package) as package, f.identifier, coalesce(f.merged_run_id, f.id) as "runId",
  x.copr_build_id as "coprBuildId"`

const SRPMS: JobList = {
  table: 'srpm_builds',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', status: 'status' },
  columns: SRPM,
  joins: firstPipeline('srpm_build_id', sql`x.id`),
}

/** SRPMs, the newest first. */
export function listSrpmBuilds(db: Db, filter: JobFilter, window: Window): Promise<Found<SrpmRow>> {
  return readList(db, SRPMS, filter, window)
}

export async function findSrpmBuild(db: Db, id: number): Promise<SrpmDetailsRow | undefined> {
  const rows = await queryJson<SrpmDetailsRow>(
    db,
    sql`select ${SRPM}, x.nvr, x.cancel_reason as "cancelReason", x.file_key as "fileKey", x.url, x.logs_url as "logsUrl", x.copr_web_url as "coprWebUrl",
        x.log_key as "logKey", x.log_size as "logSize", x.cause,
        array(select p.id from pipelines p where p.srpm_build_id = x.id order by p.id) as "runIds",
        ${PUBLISHED} as published
      from srpm_builds x ${firstPipeline('srpm_build_id', sql`x.id`)} where x.id = ${id}`,
  )
  return rows[0]
}

const SRPM_STATE = sql`(select s.state from srpm_builds s where s.id = f.srpm_build_id) as "srpmState"`

/** A build is listed under its smallest target that is shown: one entry a build, whatever its number of chroots. */
const BUILDS: JobList = {
  table: 'builds',
  key: 'listed_id',
  submittedAt: 'submitted_at',
  always: sql`x.listed_id is not null`,
  facets: {
    package: 'package',
    identifier: 'identifier',
    target: { table: 'build_targets', column: 'target', joined: 'y.build_row_id = x.id', key: 'listed_id' },
    status: { table: 'build_targets', column: 'status', joined: 'y.build_row_id = x.id', key: 'listed_id' },
  },
  columns: sql`t.id, t.status, t.state, t.reason, ${epoch('t.submitted_at')} as "queuedAt",
    ${epoch('t.started_at')} as "startedAt", ${epoch('t.ended_at')} as "endedAt",
    ${eventJson(sql`x.event_id`)} as event, x.package, coalesce(t.identifier, x.identifier) as identifier,
    coalesce(f.merged_run_id, f.id) as "runId", x.id as "buildRowId", x.builder, x.build_id as "buildId",
    x.project_name as "projectName", coalesce(x.web_url, t.web_url) as "webUrl", ${SRPM_STATE},
    ${jsonList(sql`select y.id, y.target, y.status, y.state, ${epoch('y.started_at')} as "startedAt",
      ${epoch('y.ended_at')} as "endedAt", y.logs_url as "logsUrl", y.log_key as "logKey"
      from build_targets y where y.build_row_id = x.id order by y.id`)} as targets`,
  joins: sql`join build_targets t on t.id = x.listed_id ${firstPipeline('build_group_id', sql`x.group_id`)}`,
}

/** RPM builds of any builder, the newest first. */
export function listBuilds(db: Db, filter: JobFilter, window: Window): Promise<Found<BuildRow>> {
  return readList(db, BUILDS, filter, window)
}

export async function findBuildTarget(db: Db, id: number): Promise<BuildTargetRow | undefined> {
  const rows = await queryJson<BuildTargetRow>(
    db,
    sql`select x.id, x.target, x.status, x.state, x.reason, ${TIMES}, ${eventJson(sql`f.event_id`)} as event, f.package,
        coalesce(x.identifier, f.identifier) as identifier, coalesce(f.merged_run_id, f.id) as "runId",
        coalesce(x.web_url, w.web_url) as "webUrl", x.build_row_id as "buildRowId", w.builder, w.build_id as "buildId",
        w.project_name as "projectName", w.owner, w.cancel_reason as "cancelReason", x.logs_url as "logsUrl", x.log_key as "logKey", x.log_size as "logSize",
        x.built_packages as packages, x.files, x.cause, f.srpm_build_id as "srpmBuildId", ${SRPM_STATE},
        array(select p.id from pipelines p where p.build_group_id = x.group_id order by p.id) as "runIds",
        array(select l.id from log_detective_runs l where l.build_target_id = x.id order by l.id) as "logDetectiveRuns",
        ${PUBLISHED} as published
      from build_targets x left join builds w on w.id = x.build_row_id
      ${firstPipeline('build_group_id', sql`x.group_id`)} where x.id = ${id}`,
  )
  return rows[0]
}

/** Where the log of a step lies, and whether it still grows. */
export interface LogRow {
  state: string | null
  status: string | null
  logKey: string | null
  logsUrl: string | null
}

const LOGS = {
  srpm: sql`x.logs_url as "logsUrl" from srpm_builds x`,
  build: sql`x.logs_url as "logsUrl" from build_targets x`,
  test: sql`x.web_url as "logsUrl" from test_targets x`,
}

export async function findLog(db: Db, step: keyof typeof LOGS, id: number): Promise<LogRow | undefined> {
  const rows = await queryJson<LogRow>(
    db,
    sql`select x.state, x.status, x.log_key as "logKey", ${LOGS[step]} where x.id = ${id}`,
  )
  return rows[0]
}
