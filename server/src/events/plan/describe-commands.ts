import type { PackageConfig } from '../../domain/package-config/types.ts'
import { findCandidates } from './candidates.ts'
import type { PlanContext, PlannedKind } from './context.ts'
import { decideJobs } from './decide-jobs.ts'

/** A job that can be asked for at this event. */
export interface CommandJob {
  kind: PlannedKind
  package: string
  identifier: string | null
  labels: string[]
  /** Chroots of a build, test targets of tests. */
  targets: string[]
  checks: string[]
  manual: boolean
  /** Why the event does not set it off by itself; null when it does. */
  reason: string | null
}

/** What commands can ask for at an event: the help of one project. */
export interface CommandChoice {
  jobs: CommandJob[]
  /** Empty where there is only one. */
  packages: string[]
  identifiers: string[]
  /** Of test jobs. */
  labels: string[]
  chroots: string[]
  testTargets: string[]
  /** False: tests can be asked for, but this installation has nothing that runs them. */
  runsTests: boolean
}

/** Which jobs, packages, identifiers, labels and targets there are to ask for. */
export function describeCommands(config: PackageConfig, configPath: string, context: PlanContext): CommandChoice {
  const isMonorepo = Object.keys(config.packages).length > 1
  const { candidates } = findCandidates(config, context)
  const { selection: _, ...alone } = context
  const jobs = decideJobs(candidates, { configPath, isMonorepo }, alone)
    .filter(({ candidate }) => candidate.refusal === undefined)
    .map(
      ({ candidate: { view, kind, targets }, job }): CommandJob => ({
        kind,
        package: view.package,
        identifier: view.identifier,
        labels: view.labels,
        targets: targets.map(({ target }) => target),
        checks: targets.map(({ check }) => check),
        manual: view.manual_trigger,
        reason: job.wanted ? null : job.reason,
      }),
    )
  const targetsOf = (kind: PlannedKind) => distinct(jobs.filter((job) => job.kind === kind).flatMap((j) => j.targets))
  return {
    jobs,
    packages: isMonorepo ? distinct(jobs.map((job) => job.package)) : [],
    identifiers: distinct(jobs.flatMap(({ identifier }) => identifier ?? [])),
    labels: distinct(jobs.filter(({ kind }) => kind === 'test').flatMap(({ labels }) => labels)),
    chroots: targetsOf('build'),
    testTargets: targetsOf('test'),
    runsTests: context.runsTests,
  }
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)]
}
