import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { findJob, type JobRow, jobColumns, runIds } from './job-row.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, type Window } from './read.ts'

/** A build in Koji for one branch of the distribution. */
export interface KojiBuildRow extends JobRow {
  taskId: string | null
  scratch: boolean | null
  status: string | null
  target: string | null
  webUrl: string | null
  /** By architecture; old rows may hold something else. */
  logsUrls: unknown
  sidetag: string | null
  nvr: string | null
  startedAt: number | null
  endedAt: number | null
}

export interface KojiBuildDetailsRow extends KojiBuildRow {
  runIds: number[]
  srpmBuildId: number | null
  /** Key in storage of what the submit command printed. */
  submissionLogKey: string | null
  error: string | null
  logDetectiveRuns: number[]
}

const KOJI_BUILD = sql`${jobColumns('koji_build_targets')}, x.task_id as "taskId", x.scratch, x.status, x.target,
  x.web_url as "webUrl", x.build_logs_urls as "logsUrls", x.sidetag, x.nvr,
  ${epoch('x.started_at')} as "startedAt", ${epoch('x.ended_at')} as "endedAt"`

const KOJI_BUILDS: JobList = {
  table: 'koji_build_targets',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', target: 'target', status: 'status', scratch: 'scratch' },
  columns: KOJI_BUILD,
}

/** Builds in Koji, the newest first. */
export function listKojiBuilds(db: Db, filter: JobFilter, window: Window): Promise<Found<KojiBuildRow>> {
  return readList(db, KOJI_BUILDS, filter, window)
}

export function findKojiBuild(db: Db, id: number): Promise<KojiBuildDetailsRow | undefined> {
  return findJob(
    db,
    'koji_build_targets',
    sql`${KOJI_BUILD}, ${runIds('koji_build_targets')} as "runIds", x.submission_log_key as "submissionLogKey",
      x.data->>'error' as error,
      (select p.srpm_build_id from pipelines p where p.koji_build_group_id = x.group_id order by p.id limit 1) as "srpmBuildId",
      array(select l.id from log_detective_runs l where l.koji_build_target_id = x.id order by l.id) as "logDetectiveRuns"`,
    sql`x.id = ${id}`,
  )
}

/** A request to tag a build into a side tag; it has no status. */
export interface TagRequestRow extends JobRow {
  taskId: string | null
  target: string | null
  sidetag: string | null
  nvr: string | null
  webUrl: string | null
}

const TAG_REQUEST = sql`${jobColumns('tag_request_targets')}, x.task_id as "taskId", x.target, x.sidetag, x.nvr,
  x.web_url as "webUrl"`

const TAG_REQUESTS: JobList = {
  table: 'tag_request_targets',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', target: 'target' },
  columns: TAG_REQUEST,
}

/** Tag requests, the newest first. */
export function listTagRequests(db: Db, filter: JobFilter, window: Window): Promise<Found<TagRequestRow>> {
  return readList(db, TAG_REQUESTS, filter, window)
}

export function findTagRequest(db: Db, id: number): Promise<(TagRequestRow & { runIds: number[] }) | undefined> {
  return findJob(
    db,
    'tag_request_targets',
    sql`${TAG_REQUEST}, ${runIds('tag_request_targets')} as "runIds"`,
    sql`x.id = ${id}`,
  )
}
