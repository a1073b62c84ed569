import type { ListSearch } from './list-search.ts'
import type { RowKind } from './project-search.ts'

/** What tells a row from others: one of them is there. */
interface RowName {
  pr_id: number | null
  branch_name: string | null
  release: string | null
}

/** The targets that rows have, as columns: by distribution, the newest release first, then by architecture. */
export function columnsOf(rows: readonly { cells: Readonly<Record<string, unknown>> }[]): string[] {
  const targets = new Set(rows.flatMap(({ cells }) => Object.keys(cells)))
  return [...targets].sort(compareTargets)
}

/** `fedora-rawhide` before `fedora-45` before `fedora-44`; `x86_64` before other architectures. */
export function compareTargets(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  return (
    left.distribution.localeCompare(right.distribution, 'en') ||
    right.release - left.release ||
    Number(left.arch !== 'x86_64') - Number(right.arch !== 'x86_64') ||
    a.localeCompare(b, 'en')
  )
}

/** A target as two lines of a heading: `fedora-45` and `x86_64`. */
export function partsOf(target: string): { distribution: string; release: number; name: string; arch: string } {
  const dash = target.lastIndexOf('-')
  const [name, arch] = dash > 0 ? [target.slice(0, dash), target.slice(dash + 1)] : [target, '']
  const [, distribution = name, version = ''] = /^(.*?)-([\d.]+)$/.exec(name) ?? []
  // what has no number moves on for ever: rawhide, tumbleweed
  return {
    distribution: distribution.replace(/-rawhide$/, ''),
    release: version ? Number(version) : Infinity,
    name,
    arch,
  }
}

/** Rows of a page with those that are open first, otherwise in their order. */
export function openFirst<Row extends { open: boolean }>(rows: readonly Row[]): Row[] {
  return [...rows.filter((row) => row.open), ...rows.filter((row) => !row.open)]
}

/** What a row is called: `#41`, `main`, `v1.2`. */
export function rowName(row: RowName): string {
  return row.pr_id !== null ? `#${row.pr_id}` : (row.branch_name ?? row.release ?? '')
}

/** The newest of the newest runs of its packages; null where nothing ran yet. */
export function newestRun(row: { latest: readonly { merged_run_id: number }[] }): number | null {
  return row.latest.length === 0 ? null : Math.max(...row.latest.map((run) => run.merged_run_id))
}

/** The list of runs of what a row is. */
export function runsOf(project: string, row: RowName): ListSearch {
  if (row.pr_id !== null) return { project, pr: row.pr_id }
  return row.branch_name === null ? { project, release: row.release ?? '' } : { project, branch: row.branch_name }
}

/** The rows that a project is looked at for: pull requests, unless it never had one. */
export function usualKind(project: {
  prs_handled: number
  branches_handled: number
  releases_handled: number
}): RowKind {
  if (project.prs_handled > 0) return 'pull_request'
  if (project.branches_handled > 0) return 'branch'
  return project.releases_handled > 0 ? 'release' : 'pull_request'
}
