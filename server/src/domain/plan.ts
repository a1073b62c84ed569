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

/** What ended an event before any job. */
export interface PlanProblem {
  kind:
    | 'nothing-to-build'
    | 'too-many-targets'
    | 'no-config'
    | 'config'
    | 'not-found'
    | 'not-possible'
    /** The project is not on the allowlist: nothing was fetched. */
    | 'not-allowed'
    /** An outsider's commit that waits for leave; the builds that it wants are in the plan. */
    | 'not-approved'
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
  warnings: string[]
  /** Null when there is none to be had; `problem` then says why. */
  config: PackageConfig | null
  configPath: string | null
  /** What ended the event before any job: no configuration, an invalid one, a vanished commit. */
  problem: PlanProblem | null
}
