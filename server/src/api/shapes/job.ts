import type { GroupRow, JobRow } from '../../db/job-row.ts'
import type { LogDetectiveRow, ScanRow } from '../../db/read-analyses.ts'
import type { findKojiBuild, KojiBuildRow, TagRequestRow } from '../../db/read-koji.ts'
import type { BodhiUpdateRow, SyncRunRow, SyncTargetRow } from '../../db/read-releases.ts'
import type { TestDetailsRow, TestRow } from '../../db/read-tests.ts'
import type { State } from '../../domain/status.ts'
import type { TestQueue } from '../../domain/test-queue.ts'
import type { TestSummary } from '../../domain/test-result.ts'
import type { Analysis, ScanEntry } from '../models/analyses.ts'
import type { Trigger } from '../models/common.ts'
import type { KojiBuild, KojiBuildEntry, TagRequest, TagRequestEntry } from '../models/koji.ts'
import type { BodhiUpdate, BodhiUpdateEntry, SyncRunEntry, SyncTarget } from '../models/releases.ts'
import type { Test, TestEntry } from '../models/tests.ts'
import { toCancel, toEpoch, toState } from './status.ts'
import { toTrigger } from './trigger.ts'

type Job = Pick<JobRow, 'package' | 'runId'> & {
  status: string | null
  state?: string | null
  reason?: string | null
  identifier?: string | null
}

function toJobKeys(row: Job) {
  const state: State = toState({ state: row.state ?? null, status: row.status })
  const { reason = null, identifier } = row
  return { state, reason, package: row.package || null, identifier: identifier || null, run_id: row.runId }
}

const toStateless = (row: Job | TagRequestRow) => ({ package: row.package || null, run_id: row.runId })

/** A project's keys where a list leaves them out when there is none. */
function toOptionalProject({ project_url, repo_namespace, repo_name }: Trigger) {
  return project_url === undefined
    ? {}
    : { project_url, repo_namespace: repo_namespace ?? null, repo_name: repo_name ?? null }
}

function toListTrigger(trigger: Trigger) {
  return {
    pr_id: trigger.pr_id ?? null,
    branch_name: trigger.branch_name ?? null,
    release: trigger.release ?? null,
  }
}

const commitOf = ({ event }: Pick<JobRow, 'event'>) => event?.commit ?? null

export function toTestEntry(row: TestRow): TestEntry {
  const trigger = toTrigger(row.event)
  return {
    packit_id: row.id,
    pipeline_id: row.pipelineId,
    ref: commitOf(row),
    status: row.status,
    target: row.target,
    web_url: row.webUrl,
    submitted_time: toEpoch(row.submittedAt),
    repo_namespace: trigger.repo_namespace ?? null,
    repo_name: trigger.repo_name ?? null,
    project_url: trigger.project_url ?? null,
    ...toListTrigger(trigger),
    ...toJobKeys(row),
  }
}

/**
 * @param log       path of its log, or null
 * @param expected  while it waits
 */
export function toTest(row: TestDetailsRow, log: string | null, expected: TestQueue | undefined): Test {
  return {
    pipeline_id: row.pipelineId,
    status: row.status,
    chroot: row.target,
    commit_sha: commitOf(row),
    web_url: row.webUrl,
    copr_build_ids: row.buildIds,
    koji_build_ids: row.kojiBuildIds,
    run_ids: row.runIds,
    submitted_time: toEpoch(row.submittedAt),
    ...toTrigger(row.event),
    ranch: row.ranch,
    ...toJobKeys(row),
    ...toCancel(row),
    started_at: row.startedAt,
    ended_at: row.endedAt,
    tries: row.tries,
    queue: toTestQueue(expected),
    counts: toTestCounts(row.summary),
    results: row.results,
    log,
    log_size: log === null ? null : row.logSize,
    log_url: row.logUrl,
  }
}

export function toTestCounts(summary: TestSummary | null) {
  return summary && { total: summary.total, failed: summary.failed, first: summary.worst }
}

export function toTestQueue(expected: TestQueue | undefined) {
  if (!expected) return null
  const { waitsFor, position, expectedStart, expectedEnd } = expected
  return { waits_for: waitsFor, position, expected_start: expectedStart, expected_end: expectedEnd }
}

const toKojiKeys = (row: KojiBuildRow) => ({
  task_id: row.taskId,
  scratch: row.scratch,
  status: row.status,
  build_submitted_time: toEpoch(row.submittedAt),
  chroot: row.target,
  web_url: row.webUrl,
  build_logs_urls: row.logsUrls,
  sidetag: row.sidetag,
  nvr: row.nvr,
  ...toJobKeys(row),
})

export function toKojiEntry(row: KojiBuildRow): KojiBuildEntry {
  const trigger = toTrigger(row.event)
  return { packit_id: row.id, ...toKojiKeys(row), ...toListTrigger(trigger), ...toOptionalProject(trigger) }
}

/** @param stdout  the last megabyte of what the submit command printed, or null */
export function toKojiBuild(
  row: NonNullable<Awaited<ReturnType<typeof findKojiBuild>>>,
  stdout: string | null,
): KojiBuild {
  return {
    ...toKojiKeys(row),
    build_start_time: toEpoch(row.startedAt),
    build_finished_time: toEpoch(row.endedAt),
    commit_sha: commitOf(row),
    srpm_build_id: row.srpmBuildId,
    run_ids: row.runIds,
    build_submission_stdout: stdout,
    error_message: row.error,
    log_detective_runs: row.logDetectiveRuns,
    ...toTrigger(row.event),
  }
}

const toTagKeys = (row: TagRequestRow) => ({
  task_id: row.taskId,
  tag_request_submitted_time: toEpoch(row.submittedAt),
  chroot: row.target,
  sidetag: row.sidetag,
  nvr: row.nvr,
  web_url: row.webUrl,
  ...toStateless(row),
})

export function toTagEntry(row: TagRequestRow): TagRequestEntry {
  const trigger = toTrigger(row.event)
  return { packit_id: row.id, ...toTagKeys(row), ...toListTrigger(trigger), ...toOptionalProject(trigger) }
}

export function toTagRequest(row: TagRequestRow & { runIds: number[] }): TagRequest {
  return { ...toTagKeys(row), commit_sha: commitOf(row), run_ids: row.runIds, ...toTrigger(row.event) }
}

const toUpdateKeys = (row: BodhiUpdateRow) => ({
  status: row.status,
  branch: row.target,
  web_url: row.webUrl,
  koji_nvrs: row.kojiNvrs,
  alias: row.alias,
  submitted_time: toEpoch(row.submittedAt),
  update_creation_time: toEpoch(row.updateCreatedAt),
  sidetag: row.sidetag,
  ...toJobKeys(row),
})

export function toUpdateEntry(row: BodhiUpdateRow): BodhiUpdateEntry {
  const trigger = toTrigger(row.event)
  return { packit_id: row.id, ...toUpdateKeys(row), ...toListTrigger(trigger), ...toOptionalProject(trigger) }
}

export function toUpdate(row: BodhiUpdateRow & { runIds: number[]; error: string | null }): BodhiUpdate {
  return { ...toUpdateKeys(row), run_ids: row.runIds, error_message: row.error, ...toTrigger(row.event) }
}

export function toSyncEntry(row: SyncRunRow): SyncRunEntry {
  const trigger = toTrigger(row.event)
  // of several targets of one branch the newest counts
  const byBranch = <T>(read: (target: SyncRunRow['targets'][number]) => T) =>
    Object.fromEntries(row.targets.map((target) => [target.branch, read(target)]))
  return {
    packit_id: row.id,
    status: row.status,
    submitted_time: toEpoch(row.submittedAt),
    status_per_downstream_pr: byBranch((target) => target.status),
    packit_id_per_downstream_pr: byBranch((target) => target.id),
    pr_id: trigger.pr_id ?? null,
    issue_id: trigger.issue_id ?? null,
    release: trigger.release ?? null,
    anitya_version: trigger.anitya_version ?? null,
    repo_namespace: trigger.repo_namespace ?? null,
    repo_name: trigger.repo_name ?? null,
    project_url: trigger.project_url ?? null,
    anitya_project_id: trigger.anitya_project_id ?? null,
    anitya_project_name: trigger.anitya_project_name ?? null,
    anitya_package: trigger.anitya_package ?? null,
    non_git_upstream: trigger.non_git_upstream ?? false,
    ...toJobKeys(row),
  }
}

/** @param logs  the last megabyte of its log, or null */
export function toSyncTarget(row: SyncTargetRow, logs: string | null): SyncTarget {
  return {
    status: row.status,
    branch: row.branch,
    downstream_prs: row.pullRequests.map((pull) => ({
      pr_id: pull.number,
      branch: pull.branch,
      is_fast_forward: pull.isFastForward,
      url: pull.url,
    })),
    downstream_pr_project: row.projectUrl,
    submitted_time: toEpoch(row.submittedAt),
    start_time: toEpoch(row.startedAt),
    finished_time: toEpoch(row.endedAt),
    logs,
    ...toTrigger(row.event),
    sync_run_id: row.syncRunId,
    ...toJobKeys(row),
  }
}

export function toScan(row: ScanRow) {
  return {
    task_id: row.taskId,
    status: row.status,
    url: row.url,
    issues_added_count: row.issuesAddedCount,
    issues_added_url: row.issuesAddedUrl,
    issues_fixed_url: row.issuesFixedUrl,
    scan_results_url: row.scanResultsUrl,
    copr_build_target_id: row.buildTargetId,
    submitted_time: toEpoch(row.submittedAt),
    ...toTrigger(row.event),
    ...toJobKeys(row),
  }
}

export const toScanEntry = (row: ScanRow): ScanEntry => ({ packit_id: row.id, ...toScan(row) })

export function toAnalysis(row: LogDetectiveRow): Analysis {
  return {
    packit_id: row.id,
    analysis_id: row.analysisId,
    status: row.status,
    chroot: row.target,
    commit_sha: commitOf(row),
    log_detective_response: row.response,
    error_msg: row.errorMessage,
    target_build: row.targetBuild,
    run_ids: row.runIds,
    submitted_time: toEpoch(row.submittedAt),
    ...toTrigger(row.event),
    build_system: row.buildSystem,
    copr_build_target_id: row.buildTargetId,
    koji_build_target_id: row.kojiBuildTargetId,
    group_id: row.groupId,
    ...toJobKeys(row),
  }
}

/** @param key  what the ids of its targets are called */
export function toGroup<K extends string>(row: GroupRow, key: K) {
  return {
    submitted_time: toEpoch(row.submittedAt),
    run_ids: row.runIds,
    ...({ [key]: row.targetIds } as Record<K, number[]>),
    ...toTrigger(row.event),
  }
}
