import type { RunDetailsRow, StepRow } from '../../db/read-run-details.ts'
import type { RunRow } from '../../db/read-runs.ts'
import { waitingText } from '../../domain/backend.ts'
import { isAtCopr } from '../../domain/srpm/where.ts'
import { hasEnded, type State } from '../../domain/status.ts'
import type { TestQueue } from '../../domain/test-queue.ts'
import type { Expectations } from '../expectations.ts'
import { type Links, logPaths, pagePaths } from '../links.ts'
import type { RunStep } from '../models/runs.ts'
import { toTestCounts, toTestQueue } from './job.ts'
import { publishedFileUrl } from './repository.ts'
import { toRunState } from './run.ts'
import { toCancel, toState } from './status.ts'

const NOTHING = {
  reason: null,
  cancel_reason: null,
  log: null,
  log_size: null,
  page: null,
  target: null,
  packages: [],
  files: [],
  tests: null,
  queue: null,
}

/** The timeline of a run, in the order in which things happen. */
export function toSteps(
  run: RunRow,
  details: RunDetailsRow,
  { links, expected, now }: { links: Links; expected: Expectations['tests']; now: Date },
): RunStep[] {
  const srpm = details.srpm ? [toSrpmStep(details.srpm, now)] : []
  const builds = details.builds.map((build) => toBuildStep(run, details, build, links, now))
  const tests = details.tests.map((row) => toTestStep(row, expected.get(row.id), now))
  return [...toDecisionStep(run, details), ...srpm, ...builds, ...toRepositorySteps(run, details), ...tests]
}

function toDecisionStep(run: RunRow, { event }: RunDetailsRow): RunStep[] {
  if (!event?.plan) return []
  return [
    {
      ...NOTHING,
      kind: 'decision',
      id: null,
      name: 'Decision',
      state: event.plan.problem?.state ?? 'success',
      reason: event.plan.problem?.title ?? event.plan.summary,
      // a later attempt of the same event was not decided anew
      queued_at: run.attempt === 1 ? (event.receivedAt ?? event.createdAt) : run.createdAt,
      started_at: run.attempt === 1 ? event.createdAt : run.createdAt,
      ended_at: run.createdAt,
    },
  ]
}

function toTimes(row: StepRow) {
  return {
    state: toState(row),
    reason: row.reason,
    ...toCancel(row),
    queued_at: row.queuedAt,
    started_at: row.startedAt,
    ended_at: row.endedAt,
  }
}

function toSrpmStep(row: NonNullable<RunDetailsRow['srpm']>, now: Date): RunStep {
  const hasLog = row.logKey !== null
  return {
    ...NOTHING,
    ...toTimes(row),
    reason: reasonOf(row, now),
    kind: 'srpm',
    id: row.id,
    name: 'SRPM',
    log: hasLog ? logPaths.srpm(row.id) : null,
    log_size: hasLog ? row.logSize : null,
    page: pagePaths.srpm(row.id),
  }
}

type BuildRow = RunDetailsRow['builds'][number]

/** What a step waits for that does not answer. */
function waitOf(row: StepRow & Pick<BuildRow, 'away'>, now: Date): string | null {
  if (!row.away || hasEnded(toState(row))) return null
  const { name, since } = row.away
  return waitingText({ name, since: since === null ? null : new Date(since * 1000) }, now)
}

function reasonOf(row: StepRow & Pick<BuildRow, 'away'>, now: Date): string | null {
  return toCancel(row).reason ?? row.reason ?? waitOf(row, now)
}

function toBuildStep(run: RunRow, details: RunDetailsRow, row: BuildRow, links: Links, now: Date): RunStep {
  const hasLog = row.logKey !== null
  const { srpm } = details
  const isAtBuilder = srpm !== null && (toState(srpm) === 'success' || isAtCopr(srpm))
  const published = details.pipelines.find(
    (pipeline) => pipeline.publishedAt !== null && pipeline.expiredAt === null && pipeline.buildGroupId === row.groupId,
  )
  const name = published?.repositoryName
  const urlOf = (file: string) =>
    name && row.target ? publishedFileUrl({ name, runId: run.id, chroot: row.target }, file, links) : null
  return {
    ...NOTHING,
    ...toTimes(row),
    // before there is an SRPM nobody is asked to build it, but who makes that too
    reason: isAtBuilder ? reasonOf(row, now) : reasonOf({ ...row, away: null }, now),
    kind: 'build',
    id: row.id,
    name: row.target ?? 'Build',
    target: row.target,
    log: hasLog ? logPaths.build(row.id) : null,
    log_size: hasLog ? row.logSize : null,
    page: pagePaths.build(row.id),
    packages: row.packages ?? [],
    files: (row.files ?? []).map((file) => ({ name: file.name, url: urlOf(file.name), size: file.size })),
  }
}

function toTestStep(row: RunDetailsRow['tests'][number], expected: TestQueue | undefined, now: Date): RunStep {
  const hasLog = row.logKey !== null
  return {
    ...NOTHING,
    ...toTimes(row),
    reason: reasonOf(row, now),
    kind: 'test',
    id: row.id,
    name: row.target ?? 'Tests',
    target: row.target,
    log: hasLog ? logPaths.test(row.id) : null,
    log_size: hasLog ? row.logSize : null,
    page: pagePaths.test(row.id),
    tests: toTestCounts(row.summary),
    queue: toTestQueue(expected),
  }
}

/** Publishing begins when the last build of a pipeline has ended. */
function toRepositorySteps(run: RunRow, details: RunDetailsRow): RunStep[] {
  return details.pipelines
    .filter((pipeline) => pipeline.repositoryName !== null)
    .map((pipeline) => {
      const builds = details.builds.filter((build) => build.groupId === pipeline.buildGroupId)
      const ends = builds.map((build) => build.endedAt).filter((end) => end !== null)
      const begins = builds.length > 0 && ends.length === builds.length ? Math.max(...ends) : null
      const state = toRepositoryState(run, pipeline, builds)
      return {
        ...NOTHING,
        kind: 'repository' as const,
        id: null,
        name: 'Repository',
        state,
        reason: state === 'skipped' ? 'nothing was built' : null,
        queued_at: begins,
        started_at: state === 'skipped' ? null : begins,
        ended_at: pipeline.publishedAt,
      }
    })
}

function toRepositoryState(run: RunRow, pipeline: RunDetailsRow['pipelines'][number], builds: StepRow[]): State {
  if (pipeline.publishedAt !== null) return 'success'
  const runState = toRunState(run)
  if (!hasEnded(runState)) return builds.some((build) => toState(build) === 'success') ? 'running' : 'pending'
  return runState === 'canceled' ? 'canceled' : 'skipped'
}
