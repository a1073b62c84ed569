import type { PackageConfig } from './package-config/types.ts'

/** Why a job of the configuration is, or is not, part of what an event sets off. */
export interface PlannedJob {
  package: string
  job: string
  on: string
  identifier: string | null
  targets: string[]
  wanted: boolean
  reason: string
}

/** One pipeline to be made: one package (view), one set of targets. */
export interface PlannedBuild {
  package: string
  identifier: string
  /** Index into `config.jobs`; -1 for a build that no job asked for. */
  jobIndex: number
  /** Chroots that the configuration wants. */
  targets: string[]
  /** Builds with the same key share one SRPM. */
  srpmKey: string
  /** Name of the check run of each chroot. */
  checks: Record<string, string>
  /** Name of the repository the packages are published under. */
  repository: string
}

/** A check that is shown as skipped from the start, with the reason: what a configuration names does not vanish. */
export interface SkippedCheck {
  name: string
  kind: 'build' | 'test'
  package: string
  identifier: string
  /** As it is expanded, or as it is written where nothing of that name is known. */
  target: string
  reason: string
}

export const PROBLEM_KINDS = [
  'nothing-to-build',
  'too-many-targets',
  'no-config',
  'config',
  'not-found',
  'not-possible',
  /** An outsider's change: somebody who may has to let it be built. */
  'not-approved',
  /** The project, its namespace or the author is not served by this installation. */
  'not-allowed',
] as const

/** What ended an event before any job. */
export interface PlanProblem {
  kind: (typeof PROBLEM_KINDS)[number]
  state: 'failure' | 'error' | 'skipped'
  title: string
  summary: string
  /** Lines of the configuration that it is about. */
  lines: { number: number; text: string }[]
}

/** What is done for an event: settled once, stored with it, and never read from the forge again. */
export interface Plan {
  /** In one sentence, for the page: "2 of 3 jobs run". */
  summary: string
  jobs: PlannedJob[]
  builds: PlannedBuild[]
  /** Unknown targets, and the checks of tests that are not run; left out in plans of older versions. */
  skipped?: SkippedCheck[]
  warnings: string[]
  /** Null when there is none to be had; `problem` then says why. */
  config: PackageConfig | null
  configPath: string | null
  /** What ended the event before any job: no configuration, an invalid one, a vanished commit. */
  problem: PlanProblem | null
}
