import { settleDistGit } from './dist-git.ts'
import { DEFAULTS } from './options.ts'
import type { Job, OptionName, PackageConfig, PackageOptions, TargetOptions } from './types.ts'

const PUBLISHES = 'where packages or images are published, for whom and for how long'
const REACHES = 'what builds and tests reach, with the rights of the service'
const SPEAKS = 'what the service says and asks for in its own name'
const DISTRIBUTES = 'what goes to a distribution, and who may have it sent there'

/** The settings that give rights, each with what it decides: of a fork the base branch's hold, whoever approved it. */
export const PRIVILEGED = {
  owner: PUBLISHES,
  project: PUBLISHES,
  list_on_homepage: PUBLISHES,
  preserve_project: PUBLISHES,
  module_hotfixes: PUBLISHES,
  follow_fedora_branching: PUBLISHES,
  scratch: PUBLISHES,
  image_distribution: PUBLISHES,
  image_request: PUBLISHES,
  image_customizations: PUBLISHES,
  copr_chroot: PUBLISHES,

  enable_net: REACHES,
  additional_repos: REACHES,
  additional_packages: REACHES,
  bootstrap: REACHES,
  use_internal_tf: REACHES,
  tf_extra_params: REACHES,
  tf_post_install_script: REACHES,
  csmock_args: REACHES,
  osh_options: REACHES,

  notifications: SPEAKS,
  issue_repository: SPEAKS,
  status_name_template: SPEAKS,

  dist_git_base_url: DISTRIBUTES,
  dist_git_namespace: DISTRIBUTES,
  pkg_tool: DISTRIBUTES,
  sig: DISTRIBUTES,
  dist_git_branches: DISTRIBUTES,
  upload_sources: DISTRIBUTES,
  allowed_gpg_keys: DISTRIBUTES,
  allowed_pr_authors: DISTRIBUTES,
  allowed_builders: DISTRIBUTES,
  allowed_committers: DISTRIBUTES,
  bodhi_extra_params: DISTRIBUTES,
} as const satisfies Partial<Record<OptionName, string>>

/** The same of one target: a chroot of a Copr project keeps them, for the builds of others too. */
export const PRIVILEGED_OF_TARGET = [
  'additional_repos',
  'additional_packages',
  'additional_modules',
  'with_opts',
  'without_opts',
] as const satisfies readonly (keyof TargetOptions)[]

const NAMES = Object.keys(PRIVILEGED) as (keyof typeof PRIVILEGED)[]

export interface KeptConfig {
  config: PackageConfig
  /** What was not taken from the fork, for the packager: one sentence for each job. */
  notes: string[]
}

/**
 * The configuration of a fork's commit, with the settings that give rights as the base branch has them: of the job of the
 * same type, trigger, identifier and package. Where the base has no such job, they are what they are when nobody sets them.
 *
 * @param base  null when the base branch has no configuration that can be read
 */
export function keepPrivileged(head: PackageConfig, base: PackageConfig | null): KeptConfig {
  const findBase = indexJobs(base)
  const notes: string[] = []
  const jobs = head.jobs.map((job) => {
    const packages = mapValues(job.packages, (options, name) => {
      const kept = keep(options, findBase(job, name, options))
      // of what pull requests don't run nobody needs to know
      if (job.on === 'pull_request') notes.push(...describe(job, name, kept.changed))
      return kept.options
    })
    return { ...job, packages }
  })
  const packages = mapValues(head.packages, (options, name) => keep(options, get(base?.packages, name)).options)
  return { config: { packages, jobs }, notes: [...new Set(notes)] }
}

type FindBase = (job: Job, name: string, options: PackageOptions) => PackageOptions | undefined

/** Of several jobs that are called the same, the first of the fork goes with the first of the base, and so on. */
function indexJobs(base: PackageConfig | null): FindBase {
  const keyOf = (job: Job, name: string, { identifier }: PackageOptions) =>
    JSON.stringify([job.type, job.on, identifier, name])
  const known = new Map<string, PackageOptions[]>()
  for (const job of base?.jobs ?? []) {
    for (const [name, options] of Object.entries(job.packages)) {
      const key = keyOf(job, name, options)
      known.set(key, [...(known.get(key) ?? []), options])
    }
  }
  const taken = new Map<string, number>()
  return (job, name, options) => {
    const key = keyOf(job, name, options)
    const index = taken.get(key) ?? 0
    taken.set(key, index + 1)
    return known.get(key)?.[index]
  }
}

function keep(head: PackageOptions, base: PackageOptions | undefined): { options: PackageOptions; changed: string[] } {
  const from = base ?? defaultsOf(head)
  const privileged = Object.fromEntries(NAMES.map((name) => [name, from[name]])) as Partial<PackageOptions>
  const targets = mapValues(head.targets, (target, name) => keepOfTarget(target, get(from.targets, name)))
  const changed: string[] = NAMES.filter((name) => !isSame(head[name], from[name]))
  if (!isSame(targets, head.targets)) changed.push('targets (what is added to a target)')
  return { options: { ...head, ...privileged, targets }, changed }
}

function keepOfTarget(head: TargetOptions, base: TargetOptions | undefined): TargetOptions {
  const isPrivileged = (key: string) => PRIVILEGED_OF_TARGET.some((name) => name === key)
  const own = Object.entries(head).filter(([key]) => !isPrivileged(key))
  const given = Object.entries(base ?? {}).filter(([key]) => isPrivileged(key))
  return Object.fromEntries([...own, ...given])
}

/** What the settings are when nobody wrote any. */
function defaultsOf(head: PackageOptions): PackageOptions {
  const { base, namespace } = settleDistGit(DEFAULTS)
  return { ...head, ...DEFAULTS, downstream_package_name: '', dist_git_base_url: base, dist_git_namespace: namespace }
}

function describe(job: Job, name: string, changed: readonly string[]): string[] {
  if (changed.length === 0) return []
  const identifier = job.packages[name]?.identifier
  const which = [job.type, ...(identifier ? [JSON.stringify(identifier)] : []), 'of', JSON.stringify(name)].join(' ')
  return [
    `${which}: a fork can't change ${changed.join(', ')}; what the base branch says holds, and without it the default`,
  ]
}

/** Names are the packager's: `constructor` is none of ours. */
function get<T>(of: Record<string, T> | undefined, name: string): T | undefined {
  return of && Object.hasOwn(of, name) ? of[name] : undefined
}

function mapValues<T, R>(of: Record<string, T>, map: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value, name)]))
}

/** The same value, in whatever order the keys of a mapping stand. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, sortKeys) === JSON.stringify(b, sortKeys)
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
