import type { Problems } from './problems.ts'
import type { JobDraft } from './read-jobs.ts'
import type { PackageDraft } from './read-packages.ts'
import type { JobType, JobView, OptionName, PackageConfig, Trigger } from './types.ts'
import { jobViews } from './views.ts'
import { shorten } from './yaml/nodes.ts'

/** Tells what is allowed, yet can hardly be meant. */
export function warnAbout(
  config: PackageConfig,
  packages: readonly PackageDraft[],
  jobs: readonly JobDraft[],
  problems: Problems,
): void {
  for (const draft of packages) warnAboutPackage(draft, problems)
  for (const job of jobs) warnAboutJob(job, problems)
  warnAboutNames(packages, jobs, problems)
  warnAboutDoubles(config, jobs, problems)
}

function warnAboutPackage({ layers, options, path, name }: PackageDraft, problems: Problems): void {
  const written = (option: OptionName) =>
    layers.map(({ nodes }) => nodes.get(option)).find((node) => node !== undefined)
  const namespace = written('dist_git_namespace')
  if (namespace && !options.dist_git_base_url) {
    problems.warn(
      'ignored',
      namespace,
      { path: at(path, 'dist_git_namespace'), key: 'dist_git_namespace' },
      'dist_git_namespace has no effect without dist_git_base_url',
    )
  }
  const sig = written('sig')
  if (sig && options.pkg_tool !== 'centpkg-sig') {
    problems.warn(
      'ignored',
      sig,
      { path: at(path, 'sig'), key: 'sig' },
      'sig has no effect without "pkg_tool: centpkg-sig"',
    )
  }
  const spec = written('specfile_path') ?? written('paths')
  if (spec && leavesRepository(options.paths[0] ?? '.', options.specfile_path ?? '')) {
    const text = `the spec file of package "${shorten(name)}" lies outside of the repository; paths are relative to it, specfile_path to the first of paths`
    problems.warn('outside_repository', spec, { path: at(path, 'specfile_path'), key: 'specfile_path' }, text)
  }
}

function leavesRepository(folder: string, file: string): boolean {
  if (folder.startsWith('/') || file.startsWith('/')) return true
  let depth = 0
  for (const part of `${folder}/${file}`.split('/')) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) return true
  }
  return false
}

const SUPPORTED: Record<JobType, readonly Trigger[]> = {
  copr_build: ['pull_request', 'commit', 'release'],
  upstream_koji_build: ['pull_request', 'commit', 'release'],
  tests: ['pull_request', 'commit', 'release'],
  vm_image_build: ['pull_request'],
  propose_downstream: ['release'],
  pull_from_upstream: ['release'],
  koji_build: ['commit', 'koji_build'],
  bodhi_update: ['commit', 'koji_build'],
  sync_from_downstream: ['commit'],
  koji_build_tag: ['koji_build'],
}

function warnAboutJob(job: JobDraft, problems: Problems): void {
  const { type } = job.settings
  const inert = job.triggers.filter((on) => on !== 'ignore' && !SUPPORTED[type].includes(on))
  if (inert.length > 0) {
    const text = `${type} never runs on ${inert.join(' or ')}; it runs on ${SUPPORTED[type].join(', ')}`
    problems.warn('never_fires', job.triggerNode, { path: at(job.path, 'trigger'), key: 'trigger' }, text)
  }
}

/** A colon in an identifier is read as the border between identifier and target when a check is run again. */
function warnAboutNames(packages: readonly PackageDraft[], jobs: readonly JobDraft[], problems: Problems): void {
  for (const { name, node, path } of packages.length > 1 ? packages : []) {
    if (!name.includes(':')) continue
    const text = `the package name "${shorten(name)}" is the identifier of its checks, and ":" in it breaks running them again`
    problems.warn('bad_identifier', node, { path, key: 'packages' }, text)
  }
  const places = [
    ...packages.flatMap(({ layers, path }) => layers.map((layer) => ({ layer, path }))),
    ...jobs.flatMap(({ layer, selection, path }) => [
      { layer, path },
      ...selection.map((own) => ({ layer: own.layer, path })),
    ]),
  ]
  for (const { layer, path } of places) {
    const node = layer.nodes.get('identifier')
    if (!node || !layer.values.identifier?.includes(':')) continue
    const text = 'an identifier with ":" breaks running its checks again; use another sign'
    problems.warn('bad_identifier', node, { path: at(path, 'identifier'), key: 'identifier' }, text)
  }
}

/** Job types whose checks are named by type, target and identifier. */
const CHECKED: readonly JobType[] = ['copr_build', 'upstream_koji_build', 'tests', 'propose_downstream']

function warnAboutDoubles(config: PackageConfig, jobs: readonly JobDraft[], problems: Problems): void {
  const drafts = jobs.flatMap((job) => job.triggers.map(() => job))
  const first = new Map<string, JobView>()
  for (const view of jobViews(config)) {
    const job = drafts[view.jobIndex]
    if (!job || view.on === 'ignore' || !CHECKED.includes(view.type)) continue
    for (const id of checkNames(view)) {
      const other = first.get(id)
      if (other === undefined) first.set(id, view)
      else if (other.jobIndex !== view.jobIndex) warnAboutDouble(view, other, job, problems)
    }
  }
}

function warnAboutDouble(view: JobView, other: JobView, job: JobDraft, problems: Problems): void {
  problems.warn('duplicate_identifier', job.node, { path: at(job.path, 'identifier'), key: 'identifier' }, () => {
    const same = `job ${other.jobIndex + 1} is ${view.type} on ${view.on} with the same identifier and target`
    return `${same}, so their checks overwrite each other; give one of them another identifier`
  })
}

/** What tells the checks of a job from those of others; without targets they are those of the default. */
function checkNames({ type, on, package: name, identifier, options }: JobView): string[] {
  const targets = type === 'propose_downstream' ? options.dist_git_branches : options.targets
  const names = Array.isArray(targets) ? targets : Object.keys(targets)
  const base = JSON.stringify([type, on, name, identifier, options.branch, [...options.packit_instances].sort()])
  return (names.length > 0 ? names : ['']).map((target) => `${base} ${target}`)
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
