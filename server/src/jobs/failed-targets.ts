import type { BuildTarget, Pipeline, Run } from '../db/runs.ts'
import type { State } from '../domain/status.ts'

/** What of a pipeline is to be built again; what can't be built here goes along, so that the run tells of it. */
export interface Leftover {
  run: Run
  pipeline: Pipeline
  targets: BuildTarget[]
}

export const FAILED: readonly (State | null)[] = ['failure', 'error', 'canceled']

/**
 * What of a run failed, broke or was cancelled: of a pipeline that had an SRPM those targets alone.
 *
 * @param andGone  also what was built, and whose packages were removed since
 */
export function findFailed(run: Run, andGone = false): Leftover[] {
  const [first] = run.pipelines
  return run.pipelines.flatMap((pipeline) => {
    const targets = run.targets.filter((target) => target.groupId === pipeline.buildGroupId)
    const isWhole = first?.gaveUp || run.srpm?.state !== 'success'
    if (isWhole) {
      const state = first?.gaveUp || !run.srpm ? first?.state : run.srpm.state
      return FAILED.includes(state ?? null) ? [{ run, pipeline, targets }] : []
    }
    const isGone = andGone && pipeline.expiredAt !== null
    const failed = targets.filter(({ state }) => FAILED.includes(state) || (isGone && state === 'success'))
    return failed.length > 0
      ? [{ run, pipeline, targets: targets.filter((t) => failed.includes(t) || isNowhere(t)) }]
      : []
  })
}

/** Never handed to a builder. */
const isNowhere = (target: BuildTarget) => target.buildRowId === null

/**
 * Leaves out what a later attempt has, however that ended.
 *
 * @returns what is left, and one of the runs that the rest was run again in
 */
export function leaveOutRetried(
  failed: readonly Leftover[],
  newer: readonly Run[],
): { left: Leftover[]; again: number | undefined } {
  let again: number | undefined
  const left = failed.flatMap((leftover) => {
    const { pipeline, targets } = leftover
    const later = newer.flatMap((run) => run.pipelines.filter((p) => isLater(p, pipeline)).map((p) => ({ run, p })))
    if (later.length === 0) return [leftover]
    again = later.at(-1)?.run.id
    // what was decided without a build (its commit could not be had, …) is done by any later attempt
    if (targets.length === 0) return []
    const done = new Set(
      later.flatMap(({ run, p }) => run.targets.filter((t) => t.groupId === p.buildGroupId).map((t) => t.target)),
    )
    const rest = targets.filter(({ target }) => !done.has(target))
    return rest.some((target) => !isNowhere(target)) ? [{ ...leftover, targets: rest }] : []
  })
  return { left, again }
}

function isLater(other: Pipeline, pipeline: Pipeline): boolean {
  if (other.attempt <= pipeline.attempt) return false
  const isSame = other.package === pipeline.package && other.identifier === pipeline.identifier
  return isSame || pipeline.buildGroupId === null
}
