import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { findJob, type JobRow, jobColumns, runIds } from './job-row.ts'
import { type JobList, readList } from './list.ts'
import type { JobFilter } from './list-filter.ts'
import { epoch, type Found, jsonList, queryJson, type Window } from './read.ts'
import { type EventRow, eventJson } from './read-event.ts'

/** An update in Bodhi for one branch of the distribution. */
export interface BodhiUpdateRow extends JobRow {
  status: string | null
  target: string | null
  webUrl: string | null
  /** Separated by blanks. */
  kojiNvrs: string | null
  sidetag: string | null
  alias: string | null
  updateCreatedAt: number | null
}

const UPDATE = sql`${jobColumns('bodhi_update_targets')}, x.status, x.target, x.web_url as "webUrl",
  x.koji_nvrs as "kojiNvrs", x.sidetag, x.alias, ${epoch('x.update_created_at')} as "updateCreatedAt"`

const UPDATES: JobList = {
  table: 'bodhi_update_targets',
  key: 'id',
  submittedAt: 'submitted_at',
  facets: { package: 'package', target: 'target', status: 'status' },
  columns: UPDATE,
}

/** Updates in Bodhi, the newest first. */
export function listBodhiUpdates(db: Db, filter: JobFilter, window: Window): Promise<Found<BodhiUpdateRow>> {
  return readList(db, UPDATES, filter, window)
}

export function findBodhiUpdate(
  db: Db,
  id: number,
): Promise<(BodhiUpdateRow & { runIds: number[]; error: string | null }) | undefined> {
  return findJob(
    db,
    'bodhi_update_targets',
    sql`${UPDATE}, ${runIds('bodhi_update_targets')} as "runIds", x.data->>'error' as error`,
    sql`x.id = ${id}`,
  )
}

export type SyncJob = 'propose_downstream' | 'pull_from_upstream'

/** A release on its way into the distribution: one target for each branch. */
export interface SyncRunRow extends JobRow {
  status: string | null
  targets: { id: number; branch: string; status: string | null }[]
}

const syncRuns = (job: SyncJob): JobList => ({
  table: 'sync_runs',
  key: 'id',
  submittedAt: 'submitted_at',
  always: sql`x.job_type = ${sql.raw(`'${job}'`)}`,
  facets: {
    status: 'status',
    package: 'package',
    target: { table: 'sync_targets', column: 'branch', joined: 'y.sync_run_id = x.id' },
  },
  columns: sql`${jobColumns('sync_runs')}, x.status,
    ${jsonList(sql`select y.id, y.branch, y.status from sync_targets y where y.sync_run_id = x.id order by y.id`)} as targets`,
})
const SYNC_RUNS = {
  propose_downstream: syncRuns('propose_downstream'),
  pull_from_upstream: syncRuns('pull_from_upstream'),
}

/** Releases that were proposed, or pulled, downstream; the newest first. */
export function listSyncRuns(db: Db, job: SyncJob, filter: JobFilter, window: Window): Promise<Found<SyncRunRow>> {
  return readList(db, SYNC_RUNS[job], filter, window)
}

/** One branch that a release is brought to. */
export interface SyncTargetRow {
  id: number
  runId: number | null
  syncRunId: number
  event: EventRow | null
  package: string | null
  status: string | null
  branch: string
  submittedAt: number
  startedAt: number | null
  endedAt: number | null
  logKey: string | null
  pullRequests: { number: number | null; branch: string | null; isFastForward: boolean; url: string | null }[]
  projectUrl: string | null
}

export async function findSyncTarget(db: Db, job: SyncJob, id: number): Promise<SyncTargetRow | undefined> {
  const pulls = sql`from sync_target_pull_requests l join sync_pull_requests q on q.id = l.sync_pull_request_id`
  const rows = await queryJson<SyncTargetRow>(
    db,
    sql`select t.id, x.id as "syncRunId", ${eventJson(sql`x.event_id`)} as event, x.package, t.status, t.branch,
        ${epoch('t.submitted_at')} as "submittedAt", ${epoch('t.started_at')} as "startedAt",
        ${epoch('t.ended_at')} as "endedAt", t.log_key as "logKey",
        (select coalesce(p.merged_run_id, p.id) from pipelines p where p.sync_run_id = x.id order by p.id limit 1) as "runId",
        ${jsonList(sql`select q.number, q.target_branch as branch, q.is_fast_forward as "isFastForward", q.url
          ${pulls} where l.sync_target_id = t.id order by q.id`)} as "pullRequests",
        (select home.url ${pulls} join projects home on home.id = q.project_id
          where l.sync_target_id = t.id order by q.id limit 1) as "projectUrl"
      from sync_targets t join sync_runs x on x.id = t.sync_run_id where t.id = ${id} and x.job_type = ${job}`,
  )
  return rows[0]
}
