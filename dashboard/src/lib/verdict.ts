import { hasEnded, type State } from './state.ts'

/** As much of a run in a list as tells whether another can be held against it. */
export interface ListedRun {
  merged_run_id: number
  state: State
  package: string | null
  created_at: number
  commit: { sha: string } | null
  copr: readonly { target: string | null; status: string | null }[]
}

type ThisRun = Pick<ListedRun, 'merged_run_id' | 'package' | 'created_at' | 'commit'>

/**
 * The run that tells whether failures are new: the newest before this one, of the same package, that came to a verdict.
 *
 * @param runs  newest first
 */
export function runBefore<T extends ListedRun>(run: ThisRun, runs: readonly T[]): T | null {
  return runs.find((other) => isComparable(run, other) && other.created_at < run.created_at) ?? null
}

/** Runs that this one can be compared with; what still runs has nothing to tell. */
export function isComparable(run: ThisRun, other: ListedRun): boolean {
  if (other.merged_run_id === run.merged_run_id || other.package !== run.package) return false
  return hasEnded(other.state) && other.state !== 'skipped' && other.state !== 'canceled'
}

/** A run of the very same commit in which this target was built: then the failure comes and goes. */
export function passedBefore<T extends ListedRun>(run: ThisRun, target: string | null, runs: readonly T[]): T | null {
  const isPassed = (other: ListedRun) => other.copr.some((part) => part.target === target && part.status === 'success')
  return (
    runs.find(
      (other) =>
        other.merged_run_id !== run.merged_run_id &&
        other.package === run.package &&
        run.commit !== null &&
        other.commit?.sha === run.commit.sha &&
        isPassed(other),
    ) ?? null
  )
}
