import type { EventRow } from '../../db/read-event.ts'
import type { PartRow, PipelineRow, RunRow } from '../../db/read-runs.ts'
import { combineStates, type State } from '../../domain/status.ts'
import { commitUrl } from '../links.ts'
import type { Pipeline, RunEntry } from '../models/runs.ts'
import { toEpoch, toState, toStatus, waitsForSrpm } from './status.ts'
import { toTrigger } from './trigger.ts'

/** A run as the list shows it. */
export function toRunEntry(row: RunRow): RunEntry {
  const srpmState = row.srpm && toState(row.srpm)
  const builds = row.builds.filter((part) => !waitsForSrpm(part, srpmState))
  return {
    merged_run_id: row.id,
    srpm: row.srpm && { packit_id: row.srpm.id, status: toStatus(row.srpm) },
    copr: builds.map((part) => ({ packit_id: part.id, target: part.target, status: toStatus(part, srpmState) })),
    koji: row.kojiBuilds.map(toPart),
    test_run: row.tests.map(toPart),
    bodhi_update: row.bodhiUpdates.map(toPart),
    propose_downstream: row.syncTargets.filter((part) => part.jobType === 'propose_downstream').map(toPart),
    pull_from_upstream: row.syncTargets.filter((part) => part.jobType === 'pull_from_upstream').map(toPart),
    vm_image_build: row.vmImages.map(toPart),
    time_submitted: toEpoch(findSubmitted(row)),
    trigger: toTrigger(row.event),
    state: toRunState(row),
    reason: row.reason,
    package: row.package || null,
    title: row.event?.title ?? null,
    author: row.event?.author ?? null,
    commit: toCommit(row.event),
    created_at: row.createdAt,
    ended_at: row.endedAt,
  }
}

function toPart(part: PartRow) {
  return { packit_id: part.id, target: part.target, status: part.status ?? part.state }
}

/** The time of the SRPM, else of the first job there is, else of the run itself. */
function findSubmitted(row: RunRow): number {
  const parts = [row.builds, row.kojiBuilds, row.tests, row.bodhiUpdates, row.syncTargets, row.vmImages]
  const first = row.srpm ?? parts.find((list) => list.length > 0)?.[0]
  return first?.submittedAt ?? row.createdAt
}

/** How a run stands; one from an import has no state of its own, and stands as its parts do. */
export function toRunState(row: RunRow): State {
  if (row.state !== null) return toState({ state: row.state, status: null })
  const jobs = [row.builds, row.kojiBuilds, row.tests, row.bodhiUpdates, row.syncTargets, row.vmImages].flat()
  const srpm = row.srpm ? [toState(row.srpm)] : []
  return combineStates([...srpm, ...jobs.map(toState)])
}

export function toCommit(event: EventRow | null): RunEntry['commit'] {
  if (!event?.commit) return null
  const url = event.forge && event.projectUrl ? commitUrl(event.forge, event.projectUrl, event.commit) : null
  return { sha: event.commit, url, title: event.commitTitle }
}

/** One pipeline by itself, as the older clients ask for it. */
export function toPipeline(row: PipelineRow): Pipeline {
  return {
    run_id: row.id,
    trigger: toTrigger(row.event),
    srpm_build_id: row.srpmBuildId,
    copr_build_group_id: row.buildGroupId,
    koji_build_group_id: row.kojiBuildGroupId,
    test_run_group_id: row.testGroupId,
    bodhi_update_group_id: row.bodhiUpdateGroupId,
    merged_run_id: row.mergedRunId,
    package: row.package || null,
    identifier: row.identifier || null,
    attempt: row.attempt,
    created_at: row.createdAt,
  }
}
