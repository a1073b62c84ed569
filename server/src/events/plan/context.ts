import type { ForgeProject } from '../../domain/forge-event.ts'
import type { Selection } from '../../domain/selection.ts'
import type { TargetTable } from '../../domain/targets.ts'

/** What an event offers its jobs. */
export interface PlanContext {
  on: 'pull_request' | 'commit' | 'release'
  project: ForgeProject
  /** Number of a pull request, name of a branch or tag: the human label, as in the repository's name. */
  label: string
  /** The branch that `branch` of a job is held against: the base of a pull request, the pushed branch. */
  branch: string
  isDefaultBranch: boolean
  labels: readonly string[]
  instance: string
  maxTargets: number
  targets: TargetTable
  /** Whether this installation runs tests. */
  runsTests: boolean
  /** What somebody asked for; left out when the event alone sets off what it sets off. */
  selection?: Selection
  /** Message of the head commit, which may ask to be skipped. */
  commitMessage?: string
  /** Paths that a pull request or push changes; left out when they aren't known. */
  changedPaths?: readonly string[]
}

export type PlannedKind = 'build' | 'test'

/** Jobs by their trigger, in words. */
export const WORDS = {
  pull_request: 'pull requests',
  commit: 'pushes',
  release: 'releases',
  koji_build: 'Koji builds',
  ignore: 'nothing',
}
