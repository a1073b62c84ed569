import type { BuildRow, BuildTargetRow, PublishedRow, SrpmDetailsRow, SrpmRow } from '../../db/read-builds.ts'
import type { Cause as DomainCause } from '../../domain/cause/cause.ts'
import { findRemote } from '../../domain/repository.ts'
import { combineStates, hasEnded } from '../../domain/status.ts'
import { type Links, logPaths, pagePaths } from '../links.ts'
import type { CoprBuild, CoprBuildEntry, SrpmBuild, SrpmBuildEntry } from '../models/builds.ts'
import type { Cause } from '../models/common.ts'
import { toInstallLines } from './repository.ts'
import { toCancel, toEpoch, toState, toStatus, waitsForSrpm } from './status.ts'
import { toTrigger } from './trigger.ts'

/** The cause of a failure with the step it belongs to. */
export function toCause(cause: DomainCause, of: Pick<Cause, 'step' | 'id' | 'target' | 'page'>): Cause {
  return {
    ...of,
    kind: cause.kind,
    section: cause.section,
    summary: cause.summary,
    line: cause.line,
    lines: cause.lines,
  }
}

interface Job {
  status: string | null
  state: string
  reason: string | null
  package: string | null
  identifier: string | null
  runId: number | null
  queuedAt: number
  startedAt: number | null
  endedAt: number | null
}

function toJobKeys(row: Job, builder: string) {
  return {
    state: toState(row),
    // the contract has no word for skipped: its `canceled` says so here
    reason: toState(row) === 'skipped' && row.reason ? `skipped: ${row.reason}` : row.reason,
    builder,
    package: row.package || null,
    identifier: row.identifier || null,
    run_id: row.runId,
    queued_at: row.queuedAt,
    started_at: row.startedAt,
    ended_at: row.endedAt,
  }
}

const srpmBuilder = (row: SrpmRow) => (row.coprBuildId === null ? 'local' : 'copr')

export function toSrpmEntry(row: SrpmRow, links: Links): SrpmBuildEntry {
  const trigger = toTrigger(row.event)
  const project = row.event?.kind
    ? {
        repo_namespace: trigger.repo_namespace ?? null,
        repo_name: trigger.repo_name ?? null,
        project_url: trigger.project_url ?? null,
        pr_id: trigger.pr_id ?? null,
        branch_name: trigger.branch_name ?? null,
        release: trigger.release ?? null,
      }
    : {}
  return {
    srpm_build_id: row.id,
    status: toStatus(row),
    log_url: links.base + pagePaths.srpm(row.id),
    build_submitted_time: toEpoch(row.queuedAt),
    ...project,
    ...toJobKeys(row, srpmBuilder(row)),
  }
}

/** @param logs  the last megabyte of the log, or null */
export function toSrpmBuild(row: SrpmDetailsRow, logs: string | null, links: Links): SrpmBuild {
  const page = pagePaths.srpm(row.id)
  return {
    status: toStatus(row),
    build_submitted_time: toEpoch(row.queuedAt),
    build_start_time: toEpoch(row.startedAt),
    build_finished_time: toEpoch(row.endedAt),
    url: row.url ?? fileUrl(row.fileKey, links),
    logs,
    logs_url: row.logsUrl ?? (row.logKey === null ? null : links.base + logPaths.srpm(row.id)),
    copr_build_id: row.coprBuildId,
    copr_web_url: row.coprWebUrl,
    run_ids: row.runIds,
    commit_sha: row.event?.commit ?? null,
    nvr: row.nvr,
    ...toTrigger(row.event),
    ...toJobKeys(row, srpmBuilder(row)),
    ...toCancel(row),
    log: row.logKey === null ? null : logPaths.srpm(row.id),
    log_size: row.logKey === null ? null : row.logSize,
    install: [],
    cause: row.cause && toCause(row.cause, { step: 'srpm', id: row.id, target: null, page }),
  }
}

/** Only what lies in the published part of the store can be fetched. */
function fileUrl(key: string | null, links: Links): string | null {
  return key?.startsWith('repos/') ? `${links.base}/${key}` : null
}

/** The builder's id of a build; a local one has none of its own and is known by its row. */
function toBuildId(row: { buildId: string | null; buildRowId: number | null; builder: string | null }): string | null {
  if (row.buildId !== null) return row.buildId
  return row.builder === 'local' && row.buildRowId !== null ? String(row.buildRowId) : null
}

export function toBuildEntry(row: BuildRow, links: Links): CoprBuildEntry {
  const listed = row.targets.filter((target) => isListed(target, row.srpmState))
  const trigger = toTrigger(row.event)
  return {
    packit_id: row.id,
    project: row.projectName,
    build_id: toBuildId(row) ?? String(row.buildRowId),
    status_per_chroot: byChroot(listed, (target) => toStatus(target, row.srpmState)),
    packit_id_per_chroot: byChroot(listed, (target) => target.id),
    build_submitted_time: toEpoch(row.queuedAt),
    web_url: row.webUrl ?? links.base + pagePaths.build(row.id),
    ref: row.event?.commit ?? null,
    pr_id: trigger.pr_id ?? null,
    branch_name: trigger.branch_name ?? null,
    release: trigger.release ?? null,
    repo_namespace: trigger.repo_namespace ?? '',
    repo_name: trigger.repo_name ?? '',
    project_url: trigger.project_url ?? '',
    ...toJobKeys(combine(row), row.builder),
  }
}

/** A build stands as all its chroots together do: from the first begin to the last end. */
function combine(row: BuildRow): BuildRow {
  const { targets } = row
  if (targets.length < 2) return row
  const state = combineStates(targets.map(toState))
  const begins = targets.map((target) => target.startedAt).filter((at) => at !== null)
  const ends = targets.map((target) => target.endedAt).filter((at) => at !== null)
  return {
    ...row,
    state,
    reason: toState(row) === state ? row.reason : null,
    startedAt: begins.length > 0 ? Math.min(...begins) : null,
    endedAt: hasEnded(state) && ends.length > 0 ? Math.max(...ends) : null,
  }
}

/** Targets that never were real builds are left out: those before their SRPM, and failures of the SRPM. */
function isListed(target: BuildRow['targets'][number], srpmState: string | null): boolean {
  if (waitsForSrpm(target, srpmState)) return false
  const everBegan = target.startedAt !== null || target.logsUrl !== null || target.logKey !== null
  return toStatus(target, srpmState) !== 'failure' || everBegan
}

/** Of several rows of one chroot the newest counts. */
function byChroot<T>(
  targets: BuildRow['targets'],
  read: (target: BuildRow['targets'][number]) => T,
): Record<string, T> {
  return Object.fromEntries(targets.map((target) => [target.target ?? 'null', read(target)]))
}

export function toBuild(row: BuildTargetRow, links: Links): CoprBuild {
  const page = pagePaths.build(row.id)
  const hasLog = row.logKey !== null
  return {
    build_id: toBuildId(row),
    status: toStatus(row, row.srpmState),
    chroot: row.target,
    build_submitted_time: toEpoch(row.queuedAt),
    build_start_time: toEpoch(row.startedAt),
    build_finished_time: toEpoch(row.endedAt),
    commit_sha: row.event?.commit ?? null,
    web_url: row.webUrl ?? links.base + page,
    build_logs_url: row.logsUrl ?? (hasLog ? links.base + logPaths.build(row.id) : null),
    copr_project: row.projectName,
    copr_owner: row.owner,
    srpm_build_id: row.srpmBuildId,
    run_ids: row.runIds,
    built_packages: row.packages,
    log_detective_runs: row.logDetectiveRuns,
    ...toTrigger(row.event),
    ...toJobKeys(row, row.builder ?? 'copr'),
    ...toCancel(row),
    log: hasLog ? logPaths.build(row.id) : null,
    log_size: hasLog ? row.logSize : null,
    install: toInstall(row, row.published, links),
    cause: row.cause && toCause(row.cause, { step: 'build', id: row.id, target: row.target, page }),
  }
}

function toInstall(row: BuildTargetRow, published: PublishedRow | null, links: Links): string[] {
  if (!published?.name || published.publishedAt === null || published.expiredAt !== null) return []
  if (row.target === null || toState(row) !== 'success') return []
  const { name, runId } = published
  const of = { name, runId, chroot: row.target, packages: row.packages ?? [], remote: findRemote(row) }
  return toInstallLines([of], links)
}
