import { createHash } from 'node:crypto'
import { ConfigError } from '../domain/errors.ts'
import { repositoryName } from '../domain/escape.ts'
import type { ForgeProject } from '../domain/forge-event.ts'
import type { JobView, PackageConfig } from '../domain/package-config/types.ts'
import { jobViews } from '../domain/package-config/views.ts'
import { compilePattern } from '../domain/pattern.ts'
import type { Plan, PlannedBuild, PlannedJob } from '../domain/plan.ts'
import { refuseUnselected, type Selection, selectTargets } from '../domain/selection.ts'
import { expandTargets, type TargetTable } from '../domain/targets.ts'
import { checkName } from './check-name.ts'

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
  /** What somebody asked for; left out: all that runs by itself. */
  selection?: Selection
}

/** Settings that decide what the SRPM is; jobs that differ in nothing of these share one. */
const SRPM_SETTINGS = [
  'upstream_package_name',
  'downstream_package_name',
  'upstream_project_url',
  'specfile_path',
  'paths',
  'upstream_ref',
  'upstream_tag_template',
  'upstream_tag_include',
  'upstream_tag_exclude',
  'actions',
  'spec_source_id',
  'archive_root_dir_template',
  'sources',
  'srpm_build_deps',
  'merge_pr_in_ci',
  'update_release',
  'release_suffix',
  'version_suffix',
  'preserve_spec',
  'parse_time_macros',
  'patch_generation_ignore_paths',
  'patch_generation_patch_id_digits',
  'files_to_sync',
] as const

/** What an event sets off, with a reason for each job of the configuration. Pure: the same answer for the same question. */
export function decidePlan(
  config: PackageConfig,
  configPath: string,
  context: PlanContext,
  warnings: readonly string[] = [],
): Plan {
  const notes = [...warnings]
  const jobs: PlannedJob[] = []
  const builds: PlannedBuild[] = []
  const matches = createMatcher()
  for (const view of jobViews(config)) {
    const decided = decideJob(view, context, matches)
    notes.push(...decided.warnings)
    jobs.push(decided.job)
    if (decided.job.wanted) addBuild(builds, plannedBuild(view, decided.job.targets, config, context))
  }
  const wanted = jobs.filter((job) => job.wanted)
  const chroots = builds.reduce((sum, build) => sum + build.targets.length, 0)
  const plan: Plan = {
    summary: summarize(jobs, context),
    jobs,
    builds,
    warnings: notes,
    config,
    configPath,
    problem: null,
  }
  if (chroots > context.maxTargets) return tooMany(plan, chroots, context.maxTargets)
  if (wanted.length > 0) return plan
  return {
    ...plan,
    problem: {
      kind: 'nothing-to-build',
      state: 'skipped',
      title: 'Nothing to build',
      summary: plan.summary,
      lines: [],
    },
  }
}

const WORDS = {
  pull_request: 'pull requests',
  commit: 'pushes',
  release: 'releases',
  koji_build: 'Koji builds',
  ignore: 'nothing',
}

type Matches = (pattern: string, text: string) => boolean

/** All patterns of one configuration together may take so long: nothing else happens meanwhile. */
const MATCHING_MS = 1000

/** Matches the patterns of one configuration, of which there may be thousands. */
function createMatcher(): Matches {
  let spentMs = 0
  return (pattern, text) => {
    if (spentMs > MATCHING_MS)
      throw new ConfigError(`The patterns of this configuration take more than ${MATCHING_MS} ms to match together.`)
    const beganAt = performance.now()
    const isMatch = compilePattern(pattern).test(text)
    spentMs += performance.now() - beganAt
    return isMatch
  }
}

function decideJob(view: JobView, context: PlanContext, matches: Matches): { job: PlannedJob; warnings: string[] } {
  const job: PlannedJob = {
    package: view.package,
    job: view.type,
    on: view.on,
    identifier: view.identifier,
    targets: [],
    wanted: false,
    reason: '',
  }
  const refusal = refuseJob(view, context, matches)
  if (refusal) return { job: { ...job, reason: refusal }, warnings: [] }
  const { chroots, unknown } = expandTargets(Object.keys(view.options.targets), context.targets)
  const warnings = unknown.map(
    ({ name, nearest }) =>
      `the target ${JSON.stringify(name)} is not known${nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : ''}`,
  )
  if (chroots.length === 0) return { job: { ...job, reason: warnings.join('; ') || 'it has no targets' }, warnings }
  const targets = context.selection ? selectTargets(chroots, context.selection) : chroots
  if (targets.length === 0) return { job: { ...job, reason: 'none of its targets was asked for' }, warnings }
  return { job: { ...job, targets, wanted: true, reason: `it runs on ${WORDS[context.on]}` }, warnings }
}

/** Why a job is no part of this event; `undefined` when it is. */
function refuseJob(view: JobView, context: PlanContext, matches: Matches): string | undefined {
  if (view.on === 'ignore') return 'it never runs (trigger: ignore)'
  if (view.on !== context.on) return `it runs on ${WORDS[view.on]}, not on ${WORDS[context.on]}`
  if (view.type !== 'copr_build') return `this installation does not run jobs of type ${view.type}`
  if (view.manual_trigger && !context.selection?.includeManual)
    return 'it runs only when it is asked for (manual_trigger)'
  const { packit_instances: instances, require, branch } = view.options
  if (!instances.some((name) => name === context.instance))
    return `it is for the instances ${instances.join(', ')}, and this is ${context.instance}`
  return (
    refuseBranch(branch, context, matches) ??
    refuseLabels(require.label, context) ??
    (context.selection && refuseUnselected(view, context.selection))
  )
}

function refuseBranch(branch: string | null, context: PlanContext, matches: Matches): string | undefined {
  if (context.on === 'release') return undefined
  if (branch === null) {
    const anyBranch = context.on === 'pull_request' || context.isDefaultBranch
    return anyBranch ? undefined : `it runs on pushes to the default branch, not to ${context.branch}`
  }
  return matches(branch, context.branch)
    ? undefined
    : `its branch ${JSON.stringify(branch)} does not match ${context.branch}`
}

function refuseLabels(
  { present, absent }: { present: string[]; absent: string[] },
  { on, labels }: PlanContext,
): string | undefined {
  if (on !== 'pull_request') return undefined
  if (present.length > 0 && !present.some((label) => labels.includes(label)))
    return `it needs one of the labels ${present.join(', ')}`
  const unwanted = absent.find((label) => labels.includes(label))
  return unwanted === undefined ? undefined : `it does not run with the label ${unwanted}`
}

function plannedBuild(view: JobView, targets: string[], config: PackageConfig, context: PlanContext): PlannedBuild {
  const identifier = view.identifier ?? ''
  const packageCount = Object.keys(config.packages).length
  return {
    package: packageCount > 1 ? view.package : '',
    identifier,
    jobIndex: view.jobIndex,
    targets,
    srpmKey: srpmKey(view),
    checks: Object.fromEntries(targets.map((chroot) => [chroot, checkName(view, chroot, context)])),
    repository: repositoryName({
      forge: context.project.forge,
      namespace: context.project.namespace,
      repo: context.project.name,
      ref: context.on === 'release' ? 'releases' : context.label,
      identifier: identifier || null,
    }),
  }
}

function srpmKey(view: JobView): string {
  const settings = Object.fromEntries(SRPM_SETTINGS.map((key) => [key, view.options[key]]))
  return createHash('sha256')
    .update(JSON.stringify([view.package, settings]))
    .digest('hex')
    .slice(0, 16)
}

/** Jobs of one package that differ only in targets are one build; a pipeline's identity is package and identifier. */
function addBuild(builds: PlannedBuild[], build: PlannedBuild): void {
  const same = builds.find((b) => b.package === build.package && b.identifier === build.identifier)
  if (!same) builds.push(build)
  else if (same.srpmKey !== build.srpmKey)
    builds.push({ ...build, identifier: `${build.identifier}#${build.jobIndex}` })
  else {
    same.targets = [...new Set([...same.targets, ...build.targets])]
    same.checks = { ...build.checks, ...same.checks }
  }
}

function summarize(jobs: readonly PlannedJob[], context: PlanContext): string {
  const wanted = jobs.filter((job) => job.wanted).length
  if (jobs.length === 0) return 'The configuration has no jobs.'
  if (wanted === 0)
    return `None of the ${count(jobs.length, 'job')} runs on this ${context.on === 'pull_request' ? 'pull request' : context.on}.`
  return `${wanted} of ${count(jobs.length, 'job')} ${wanted === 1 ? 'runs' : 'run'}.`
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function tooMany(plan: Plan, chroots: number, most: number): Plan {
  const summary = `The configuration asks for ${chroots} targets; at most ${most} are built in one run. List fewer targets.`
  return {
    ...plan,
    builds: [],
    problem: { kind: 'too-many-targets', state: 'failure', title: 'Too many targets', summary, lines: [] },
  }
}
