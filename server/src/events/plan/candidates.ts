import { createHash } from 'node:crypto'
import { ConfigError } from '../../domain/errors.ts'
import type { JobView, PackageConfig } from '../../domain/package-config/types.ts'
import { jobViews } from '../../domain/package-config/views.ts'
import { createExpander, type ExpandedTargets } from '../../domain/targets.ts'
import { testTargets } from '../../domain/tested-on.ts'
import { type CheckNames, checkName, createCheckNames } from './check-names.ts'
import type { PlanContext, PlannedKind } from './context.ts'
import { createMatcher, refuseJob } from './match.ts'

/** A target of a job that is part of the event. */
export interface CandidateTarget {
  target: string
  /** Itself for builds; for tests the chroots whose packages are tested there. */
  chroots: string[]
  check: string
}

/** A job for one package, with all it would do if it were set off. */
export interface Candidate {
  view: JobView
  kind: PlannedKind
  /** Why the event has nothing to do with it; it then has no targets. */
  refusal: string | undefined
  targets: CandidateTarget[]
  unknown: { target: string; nearest: string[]; check: string }[]
  /** Of several jobs with the same package and identifier but other settings, all but the first have another one. */
  identifier: string
  srpmKey: string
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

/** More would fill memory before anybody counts them. */
const MOST_TARGETS = 20_000

/**
 * All jobs of a configuration with their targets and the names of their checks. Names don't depend on what is asked for: a
 * check that is run again keeps its own.
 */
export function findCandidates(
  config: PackageConfig,
  context: PlanContext,
): { candidates: Candidate[]; warnings: string[] } {
  const matches = createMatcher()
  const expand = createExpander(context.targets)
  const views = jobViews(config)
  const naming = createNaming(context)
  const find = { findBuild: createBuildFinder(views), expand }
  let count = 0
  const candidates = views.map((view): Candidate => {
    const kind = view.type === 'tests' ? 'test' : 'build'
    const refusal = refuseJob(view, context, matches)
    const found = refusal === undefined ? findTargets(view, kind, find, context) : NOTHING
    count += found.targets.length + found.unknown.length
    if (count > MOST_TARGETS)
      throw new ConfigError(`The configuration asks for more than ${MOST_TARGETS} targets. List fewer targets.`)
    return naming.name({ view, kind, refusal, srpmKey: srpmKey(view), ...found })
  })
  return { candidates, warnings: naming.warnings }
}

type Expand = ReturnType<typeof createExpander>
type Found = { targets: Omit<CandidateTarget, 'check'>[]; unknown: ExpandedTargets['unknown'] }
const NOTHING: Found = { targets: [], unknown: [] }

function findTargets(
  view: JobView,
  kind: PlannedKind,
  { findBuild, expand }: { findBuild: (test: JobView) => JobView | undefined; expand: Expand },
  context: PlanContext,
): Found {
  if (kind === 'build') {
    const { chroots, unknown } = expand(Object.keys(view.options.targets))
    return { targets: chroots.map((chroot) => ({ target: chroot, chroots: [chroot] })), unknown }
  }
  const own = view.options.targets
  const build = view.skip_build ? undefined : findBuild(view)
  const targets = Object.keys(own).length > 0 ? own : (build?.options.targets ?? {})
  return findTestTargets(view, targets, expand, context)
}

/** Where the packages of the chroots are tested; of several names for one chroot the first counts. */
function findTestTargets(
  view: JobView,
  targets: JobView['options']['targets'],
  expand: Expand,
  context: PlanContext,
): Found {
  const chrootsOf = new Map<string, string[]>()
  const seen = new Set<string>()
  const unknown: Found['unknown'] = []
  const names = Object.keys(targets)
  for (const name of names.length > 0 ? names : [undefined]) {
    const expanded = expand(name === undefined ? [] : [name])
    unknown.push(...expanded.unknown)
    for (const chroot of expanded.chroots.filter((c) => !seen.has(c))) {
      seen.add(chroot)
      const distros = name === undefined ? undefined : targets[name]?.distros
      const options = { distros, isInternal: view.options.use_internal_tf, table: context.targets }
      for (const target of testTargets(chroot, options))
        chrootsOf.set(target, [...(chrootsOf.get(target) ?? []), chroot])
    }
  }
  return { targets: Array.from(chrootsOf, ([target, chroots]) => ({ target, chroots })), unknown }
}

/** Finds the build that tests wait for: of the same package and trigger, with the same identifier if there is one. */
export function createBuildFinder<T extends JobView>(views: readonly T[]): (test: JobView) => T | undefined {
  const keyOf = (view: JobView) => `${view.package}\0${view.on}`
  const builds = Map.groupBy(
    views.filter((view) => view.type === 'copr_build'),
    keyOf,
  )
  return (test) => {
    const of = builds.get(keyOf(test)) ?? []
    return of.find((view) => view.identifier === test.identifier) ?? of[0]
  }
}

/** Gives candidates, in their order, identifiers and names of checks of their own. */
function createNaming(context: PlanContext) {
  const names = createCheckNames()
  const known = new Map<string, string>()
  const warnings: string[] = []
  const name = (found: Omit<Candidate, 'identifier' | 'targets' | 'unknown'> & Found): Candidate => {
    const { view, kind, refusal, targets, unknown } = found
    const given = view.identifier ?? ''
    if (refusal !== undefined) return { ...found, identifier: given, targets: [], unknown: [] }
    const key = [kind, view.package, given].join('\0')
    // builds with the same settings are one, tests are always different ones
    const first = known.get(key)
    const isSame = first === undefined || (kind === 'build' && first === found.srpmKey)
    known.set(key, first ?? found.srpmKey)
    const identifier = isSame ? given : `${given}#${view.jobIndex}`
    const changed: string[] = []
    const give = (target: string) => giveName(target, { view, kind, identifier, names, context, changed })
    const named = {
      ...found,
      identifier,
      targets: targets.map((target) => ({ ...target, check: give(target.target) })),
      unknown: unknown.map(({ name: target, nearest }) => ({ target, nearest, check: give(target) })),
    }
    if (changed.length > 0) warnings.push(nameTaken(view, changed))
    return named
  }
  return { name, warnings }
}

interface Naming {
  view: JobView
  kind: PlannedKind
  identifier: string
  names: CheckNames
  context: PlanContext
  /** Names that are not what the configuration says. */
  changed: string[]
}

function giveName(target: string, { view, kind, identifier, names, context, changed }: Naming): string {
  const wanted = checkName(view, kind, target, context)
  const apart = [wanted.includes(target) ? '' : target, view.identifier ?? '', view.package, `job ${view.jobIndex + 1}`]
  const { name, isChanged } = names.give([kind, view.package, identifier, target].join('\0'), wanted, apart)
  if (isChanged) changed.push(name)
  return name
}

const MOST_NAMES = 3

function nameTaken(view: JobView, names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => JSON.stringify(name))
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return `the checks of job ${view.jobIndex + 1} (${view.type}) would have names that others have; they are called ${shown.join(', ')}${more}. Give the job an identifier of its own, or its status_name_template {chroot} and {identifier}`
}

function srpmKey(view: JobView): string {
  const settings = Object.fromEntries(SRPM_SETTINGS.map((key) => [key, view.options[key]]))
  return createHash('sha256')
    .update(JSON.stringify([view.package, settings]))
    .digest('hex')
    .slice(0, 16)
}
