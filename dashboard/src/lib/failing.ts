import { hasEnded, type State } from './state.ts'

interface Run {
  state: State
  package: string | null
  trigger?: { project_url?: string | null; pr_id?: number | null; branch_name?: string | null; release?: string | null }
}

/**
 * The runs that fail now: of each pull request, branch or release, and package, the newest that has ended. A failure
 * that was built anew is history once the new run has ended.
 *
 * @param runs  the newest first
 */
export function failingRuns<T extends Run>(runs: readonly T[]): T[] {
  const seen = new Set<string>()
  const failing: T[] = []
  for (const run of runs) {
    // a cancelled or skipped run tells nothing about the change
    if (!hasEnded(run.state) || run.state === 'canceled' || run.state === 'skipped') continue
    const what = subjectOf(run)
    if (!seen.has(what) && run.state !== 'success') failing.push(run)
    seen.add(what)
  }
  return failing
}

function subjectOf({ package: name, trigger = {} }: Run): string {
  const { project_url, pr_id, branch_name, release } = trigger
  return JSON.stringify([project_url, pr_id, branch_name, release, name])
}
