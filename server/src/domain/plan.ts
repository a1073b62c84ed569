import type { PackageConfig, TargetOptions } from './package-config/types.ts'

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
  /** What the configuration says about single chroots, its aliases expanded; left out when it says nothing. */
  targetOptions?: Record<string, TargetOptions>
}

/** Tests that one job wants of one package. */
export interface PlannedTest {
  package: string
  identifier: string
  /** Index into `config.jobs`. */
  jobIndex: number
  /** Where is tested: `centos-stream-9-x86_64`. */
  targets: string[]
  /** The chroots whose packages are tested in each target. */
  chroots: Record<string, string[]>
  /** Name of the check of each target. */
  checks: Record<string, string>
  /** The tests bring along what they test, and wait for no build. */
  skipBuild: boolean
  labels: string[]
  manual: boolean
  /** Why they are not run though they are wanted; null when they are. */
  notRun: string | null
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
  /** The project is not on the allowlist: nothing was fetched. */
  'not-allowed',
  /** An outsider's commit that waits for leave; the builds that it wants are in the plan. */
  'not-approved',
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
  tests: PlannedTest[]
  /** Unknown targets, and the checks of tests that are not run. */
  skipped: SkippedCheck[]
  warnings: string[]
  /** Null when there is none to be had; `problem` then says why. */
  config: PackageConfig | null
  configPath: string | null
  /** What ended the event before any job: no configuration, an invalid one, a vanished commit. */
  problem: PlanProblem | null
}

/** A plan as it is stored: those of earlier versions have no tests. */
export type StoredPlan = Omit<Plan, 'tests' | 'skipped'> & Partial<Pick<Plan, 'tests' | 'skipped'>>

export function toPlan(stored: StoredPlan): Plan {
  return { ...stored, tests: stored.tests ?? [], skipped: stored.skipped ?? [] }
}
