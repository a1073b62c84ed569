import { describeMissingPackages, findMissingPackages } from '../builders/local/missing-packages.ts'
import { ConfigError } from '../domain/errors.ts'
import { repositoryName } from '../domain/escape.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import type { Plan, PlannedBuild, PlannedTest } from '../domain/plan.ts'
import type { PlannedHead } from '../events/plan-head.ts'
import type { Service } from './service.ts'
import type { TryOptions } from './try.ts'
import type { TryHead } from './try-source.ts'

/**
 * The plan of a pull request, narrowed to what was asked for. A project whose build jobs run on other events only (or
 * that has none) is built all the same, each package once: that is what one tries it for.
 *
 * @throws {ConfigError} a package or chroot that the plan does not have
 */
export async function planTry(
  head: TryHead,
  options: TryOptions,
  service: Service,
  planned: PlannedHead,
): Promise<PlannedHead> {
  const plan =
    planned.plan.config && planned.plan.builds.length === 0 && planned.plan.problem?.state === 'skipped'
      ? planAnyway(planned.plan, planned.plan.config, head)
      : planned.plan
  if (plan.problem) return { ...planned, plan }
  const builds = selectPackages(plan.builds, options.package)
  const missing = describeMissingPackages(await findMissingPackages(srpmBuildDeps(plan.config, builds)))
  const warnings = missing ? [...plan.warnings, missing] : plan.warnings
  const available = selectChroots(builds, options.chroot, await service.builder.findChroots())
  const config = options.merge || !plan.config ? plan.config : withoutMerge(plan.config)
  const tests = selectTests(plan.tests, { packages: options.package, chroots: options.chroot })
  return { ...planned, plan: { ...plan, builds, tests, config, warnings }, available }
}

/** What the actions of the builds need, as the configuration says. */
function srpmBuildDeps(config: PackageConfig | null, builds: readonly PlannedBuild[]): string[] {
  const only = Object.keys(config?.packages ?? {})[0] ?? ''
  return builds.flatMap(({ package: name, jobIndex }) => {
    const packages = config?.jobs[jobIndex]?.packages ?? config?.packages ?? {}
    return packages[name || only]?.srpm_build_deps ?? []
  })
}

/** One build for each package, with its own settings, whatever the jobs say. */
function planAnyway(plan: Plan, config: PackageConfig, head: TryHead): Plan {
  const { forge, namespace, name: repo } = head.project
  const names = Object.keys(config.packages)
  const several = names.length > 1
  const builds = names.map((name, i) => ({
    package: several ? name : '',
    identifier: several ? name : '',
    jobIndex: -1,
    targets: [],
    srpmKey: String(i),
    checks: {},
    repository: repositoryName({ forge, namespace, repo, ref: head.name ?? 'try', identifier: several ? name : null }),
  }))
  const summary = `${plan.summary} Building ${several ? 'each package' : 'the package'} all the same.`
  return { ...plan, summary, builds, tests: [], problem: null }
}

function selectPackages(builds: PlannedBuild[], wanted: readonly string[]): PlannedBuild[] {
  if (wanted.length === 0) return builds
  const known = [...new Set(builds.map((build) => build.package).filter(Boolean))]
  const missing = wanted.find((name) => !known.includes(name))
  if (missing !== undefined) {
    throw new ConfigError(
      `--package ${missing}: the configuration builds ${known.length > 0 ? known.join(', ') : 'one package only'}`,
    )
  }
  return builds.filter((build) => wanted.includes(build.package))
}

/** The chroots of this machine that are wanted; targets are narrowed too. */
function selectChroots(builds: PlannedBuild[], wanted: readonly string[], available: string[]): string[] {
  if (wanted.length === 0) return available
  const known = new Set([...available, ...builds.flatMap((build) => build.targets)])
  const missing = wanted.find((name) => !known.has(name))
  if (missing !== undefined) throw new ConfigError(`--chroot ${missing}: the choice is ${[...known].join(', ')}`)
  for (const build of builds) build.targets = build.targets.filter((target) => wanted.includes(target))
  return available.filter((chroot) => wanted.includes(chroot))
}

/** The tests of the packages and chroots that are wanted; none = of all. */
export function selectTests(
  tests: readonly PlannedTest[],
  { packages, chroots }: { packages: readonly string[]; chroots: readonly string[] },
): PlannedTest[] {
  const isWanted = (test: PlannedTest) => (target: string) =>
    chroots.length === 0 ||
    chroots.includes(target) ||
    (test.chroots[target] ?? []).some((chroot) => chroots.includes(chroot))
  return tests
    .filter((test) => packages.length === 0 || packages.includes(test.package))
    .map((test) => ({ ...test, targets: test.targets.filter(isWanted(test)) }))
    .filter((test) => test.targets.length > 0)
}

function withoutMerge(config: PackageConfig): PackageConfig {
  const all = <T extends { merge_pr_in_ci: boolean }>(packages: Record<string, T>) =>
    Object.fromEntries(Object.entries(packages).map(([name, options]) => [name, { ...options, merge_pr_in_ci: false }]))
  return { packages: all(config.packages), jobs: config.jobs.map((job) => ({ ...job, packages: all(job.packages) })) }
}
