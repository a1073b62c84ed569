import { useQuery } from '@tanstack/react-query'
import { compareQuery, type StepChange } from '../../api/compare-queries.ts'
import type { ListFilter } from '../../api/list-filter.ts'
import { runsQuery } from '../../api/queries.ts'
import type { Cause, Run, RunSummary } from '../../api/types.ts'
import { triggerName } from '../../lib/names.ts'
import { passedBefore, runBefore } from '../../lib/verdict.ts'

/** Whether a failure is this change's own. */
export interface Verdict {
  kind: 'new' | 'old' | 'flaky'
  /** The run that it was held against. */
  other: RunSummary
  /** That run in words: a branch, or an earlier try. */
  where: string
}

/** The project of a run as lists are asked for it; undefined where it is not known. */
export function projectOf({ forge, trigger }: Run): string | undefined {
  if (!forge || !trigger?.repo_namespace || !trigger.repo_name) return undefined
  return `${forge}/${trigger.repo_namespace}/${trigger.repo_name}`
}

/** Other runs of what set this one off: the same pull request, or the same branch. */
export function sameTrigger(run: Run): ListFilter | null {
  const project = projectOf(run)
  if (project === undefined || !run.trigger) return null
  const { pr_id, branch_name, release } = run.trigger
  if (pr_id != null) return { project, pr: pr_id }
  if (branch_name) return { project, branch: branch_name }
  return release ? { project, release } : null
}

/** Runs of the branch that a pull request goes into. */
export function baseBranch(run: Run): ListFilter | null {
  const project = projectOf(run)
  const branch = run.trigger?.pr_id == null ? null : run.base?.ref
  return project !== undefined && branch ? { project, branch } : null
}

/** Runs of a list; none are asked for without a filter. */
export function useRuns(filter: ListFilter | null, isWanted = true) {
  return useQuery({ ...runsQuery(filter ?? {}), enabled: filter !== null && isWanted })
}

/**
 * Tells of each failure whether it is new, was there before, or comes and goes: by the newest run of the base branch,
 * else by the run before of the same pull request or branch. Nothing is told where there is nothing to hold it against.
 */
export function useVerdicts(run: Run): (cause: Cause) => Verdict | null {
  const isWanted = run.causes.some(({ step }) => step !== 'decision')
  const own = useRuns(sameTrigger(run), isWanted)
  const base = useRuns(baseBranch(run), isWanted)
  const runs = own.data?.items ?? []
  const onBase = runBefore(run, base.data?.items ?? [])
  const before = onBase ?? runBefore(run, runs)
  const comparison = useQuery({
    ...compareQuery(before?.merged_run_id ?? 0, run.merged_run_id),
    enabled: isWanted && before !== null && !base.isLoading && !own.isLoading,
  })
  return (cause) => {
    const passed = cause.step === 'build' ? passedBefore(run, cause.target, runs) : null
    if (passed) return { kind: 'flaky', other: passed, where: 'with the same commit' }
    const step = comparison.data?.steps.find((one) => one.kind === cause.step && one.b?.id === cause.id)
    const kind = step === undefined ? undefined : KINDS[step.change]
    if (kind === undefined || before === null) return null
    return { kind, other: before, where: onBase ? `on ${run.base?.ref}` : `in ${triggerName(before.trigger)} before` }
  }
}

const KINDS: Partial<Record<StepChange, Verdict['kind']>> = { 'new failure': 'new', 'already failing': 'old' }
