import { repositoryName } from '../domain/escape.ts'
import type { JobView, PackageConfig, TargetOptions } from '../domain/package-config/types.ts'
import type { Plan, PlannedBuild, PlannedJob, PlannedTest, PlanProblem, SkippedCheck } from '../domain/plan.ts'
import { expandTargets, unknownTargetMessage } from '../domain/targets.ts'
import { findCandidates } from './plan/candidates.ts'
import type { PlanContext } from './plan/context.ts'
import { type DecidedJob, decideJobs } from './plan/decide-jobs.ts'
import { findSkipMarker } from './plan/skip.ts'

export type { PlanContext } from './plan/context.ts'
export { describeCommands } from './plan/describe-commands.ts'

/** What an event sets off, with a reason for each job of the configuration. Pure: the same answer for the same question. */
export function decidePlan(
  config: PackageConfig,
  configPath: string,
  context: PlanContext,
  warnings: readonly string[] = [],
): Plan {
  const isMonorepo = Object.keys(config.packages).length > 1
  const { candidates, warnings: ofNames } = findCandidates(config, context)
  const decided = decideJobs(candidates, { configPath, isMonorepo }, context)
  const builds: PlannedBuild[] = []
  for (const one of decided) {
    if (one.candidate.kind === 'build' && one.job.wanted) addBuild(builds, plannedBuild(one, isMonorepo, context))
  }
  const tests = decided
    .filter(({ candidate, targets }) => candidate.kind === 'test' && targets.length > 0)
    .map((one) => plannedTest(one, isMonorepo))
  const ofTests = buildsOfTests(decided, isMonorepo, context)
  const shown = bounded(
    decided.flatMap(({ skipped }) => skipped.map((check) => (isMonorepo ? check : { ...check, package: '' }))),
    context.maxTargets,
  )
  const jobs = decided.map(({ job }) => job)
  const plan: Plan = {
    summary: summarize(jobs, tests, context),
    jobs,
    builds,
    tests,
    ...(ofTests.length > 0 ? { ofTests } : {}),
    skipped: shown.checks,
    warnings: [...warnings, ...unknownTargets(decided), ...ofNames, ...shown.warnings],
    config,
    configPath,
    problem: null,
  }
  const running = [...builds, ...tests.filter(({ notRun }) => notRun === null)]
  const targets = running.reduce((sum, one) => sum + one.targets.length, 0)
  if (targets > context.maxTargets) return tooMany(plan, targets, context.maxTargets)
  return running.length > 0 ? plan : { ...plan, problem: nothingToDo(plan, context) }
}

function plannedBuild(
  { candidate, targets }: Pick<DecidedJob, 'candidate' | 'targets'>,
  isMonorepo: boolean,
  context: PlanContext,
): PlannedBuild {
  const { view, identifier, srpmKey } = candidate
  return {
    package: isMonorepo ? view.package : '',
    identifier,
    jobIndex: view.jobIndex,
    targets: targets.map(({ target }) => target),
    srpmKey,
    checks: Object.fromEntries(targets.map(({ target, check }) => [target, check])),
    repository: repositoryName({
      forge: context.project.forge,
      namespace: context.project.namespace,
      repo: context.project.name,
      ref: context.on === 'release' ? 'releases' : context.label,
      identifier: view.identifier,
    }),
    ...targetOptions(view, context),
  }
}

/** What is said about an alias is said about each of its chroots; what is said about a chroot itself comes on top. */
function targetOptions({ options }: JobView, { targets }: PlanContext): Pick<PlannedBuild, 'targetOptions'> {
  const found: Record<string, TargetOptions> = {}
  for (const [name, said] of Object.entries(options.targets)) {
    if (Object.keys(said).length === 0) continue
    for (const chroot of expandTargets([name], targets).chroots) {
      found[chroot] = chroot === name ? { ...found[chroot], ...said } : { ...said, ...found[chroot] }
    }
  }
  return Object.keys(found).length > 0 ? { targetOptions: found } : {}
}

/** Jobs of one package that differ only in targets are one build; a pipeline's identity is package and identifier. */
function addBuild(builds: PlannedBuild[], build: PlannedBuild): void {
  const same = builds.find((b) => b.package === build.package && b.identifier === build.identifier)
  if (!same) builds.push(build)
  else {
    same.targets = [...new Set([...same.targets, ...build.targets])]
    same.checks = { ...build.checks, ...same.checks }
    if (build.targetOptions) same.targetOptions = { ...build.targetOptions, ...same.targetOptions }
  }
}

/** What tests that somebody asked for need, where its builds were not asked for. */
function buildsOfTests(decided: readonly DecidedJob[], isMonorepo: boolean, context: PlanContext): PlannedBuild[] {
  const builds: PlannedBuild[] = []
  if (!context.selection) return builds
  for (const { candidate, build, targets, notRun } of decided) {
    if (candidate.kind !== 'test' || !build || notRun !== null) continue
    const needed = new Set(targets.flatMap(({ chroots }) => chroots))
    const of = { candidate: build, targets: build.targets.filter(({ target }) => needed.has(target)) }
    addBuild(builds, plannedBuild(of, isMonorepo, context))
  }
  return builds
}

function plannedTest({ candidate, targets, notRun, build }: DecidedJob, isMonorepo: boolean): PlannedTest {
  const { view, identifier } = candidate
  return {
    package: isMonorepo ? view.package : '',
    identifier,
    jobIndex: view.jobIndex,
    targets: targets.map(({ target }) => target),
    chroots: Object.fromEntries(targets.map(({ target, chroots }) => [target, chroots])),
    checks: Object.fromEntries(targets.map(({ target, check }) => [target, check])),
    build: build?.identifier ?? null,
    skipBuild: view.skip_build,
    labels: view.labels,
    manual: view.manual_trigger,
    notRun,
  }
}

/** Each name that is not known, once. */
function unknownTargets(decided: readonly DecidedJob[]): string[] {
  const shown = decided.flatMap(({ candidate, skipped }) => {
    const names = new Set(skipped.map(({ name }) => name))
    return candidate.unknown.filter(({ check }) => names.has(check))
  })
  return [...new Set(shown.map(({ target, nearest }) => unknownTargetMessage({ name: target, nearest })))]
}

/** As many skipped checks are shown as there may be targets: each costs a call of the forge's API. */
function bounded(checks: SkippedCheck[], most: number): { checks: SkippedCheck[]; warnings: string[] } {
  const each = [...new Map(checks.map((check) => [check.name, check])).values()]
  const more = each.length - most
  const warnings = more > 0 ? [`${count(more, 'further skipped check')} ${more === 1 ? 'is' : 'are'} not shown`] : []
  return { checks: each.slice(0, most), warnings }
}

function summarize(jobs: readonly PlannedJob[], tests: readonly PlannedTest[], context: PlanContext): string {
  const wanted = jobs.filter((job) => job.wanted).length
  if (jobs.length === 0) return 'The configuration has no jobs.'
  if (wanted > 0) return describeChosen(wanted, jobs.length)
  const where = context.on === 'pull_request' ? 'pull request' : context.on
  const isOnly = jobs.length === 1
  const none = `${isOnly ? 'The only job does not run' : `None of the ${jobs.length} jobs runs`} on this ${where}.`
  const reasons = new Set(tests.map(({ notRun }) => notRun).filter((reason) => reason !== null))
  return [none, ...[...reasons].map(sentence)].join(' ')
}

/** Still true when they have run: the sentence is frozen with the plan. */
export function describeChosen(chosen: number, all: number): string {
  if (all === 1) return 'The only job was chosen to run.'
  if (chosen === all) return all === 2 ? 'Both jobs were chosen to run.' : `All ${all} jobs were chosen to run.`
  return `${chosen} of ${all} jobs ${chosen === 1 ? 'was' : 'were'} chosen to run.`
}

/** Nothing runs: the title says at once where the commit itself asks for that. */
function nothingToDo({ summary }: Plan, { on, selection, commitMessage = '' }: PlanContext): PlanProblem {
  const marker = selection || on === 'release' ? undefined : findSkipMarker(commitMessage)
  const title = marker ? `Skipped: the commit says ${marker}` : 'Nothing to build'
  return { kind: 'nothing-to-build', state: 'skipped', title, summary, lines: [] }
}

function tooMany(plan: Plan, targets: number, most: number): Plan {
  const summary = `The configuration asks for ${targets} targets; at most ${most} are built and tested in one run. List fewer targets.`
  return {
    ...plan,
    builds: [],
    tests: [],
    skipped: [],
    problem: { kind: 'too-many-targets', state: 'failure', title: 'Too many targets', summary, lines: [] },
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
