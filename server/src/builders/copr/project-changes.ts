import type { BuildOptions } from '../../domain/build-options.ts'
import type { CoprChrootSettings, CoprProject } from './answers.ts'

/** The project that a build is to be made in. */
export interface WantedProject {
  owner: string
  name: string
  /** Made up and owned by us: nobody else has a say in it. */
  isOurs: boolean
  chroots: readonly string[]
  /** `github.com/acme/hello` */
  forgeProject: string | null
  options: BuildOptions
  /** When Copr removes it, in days after that was last said. */
  keepDays: number
}

const LONGEST_DAYS = 720

/** What a new project is made with. */
export function newProjectSettings(wanted: WantedProject): Record<string, unknown> {
  const { options, forgeProject, chroots } = wanted
  const of = forgeProject ?? 'a change'
  return {
    chroots,
    description: `Packages of changes of ${of}, built by Packit.`,
    instructions: 'These packages are made of changes that may not be merged yet: use them for tests.',
    unlisted_on_hp: !options.listOnHomepage,
    delete_after_days: expiryDays(wanted),
    additional_repos: options.additionalRepos,
    bootstrap: options.bootstrap,
    module_hotfixes: options.moduleHotfixes,
    follow_fedora_branching: options.followFedoraBranching,
    ...(forgeProject === null ? {} : { packit_forge_projects_allowed: [forgeProject] }),
  }
}

export function expiryDays({ options, keepDays }: WantedProject): number {
  return options.preserveProject ? -1 : Math.min(Math.max(1, keepDays), LONGEST_DAYS)
}

/**
 * What has to be changed so that the build can be made: only what differs, and nothing that its owner set is taken away.
 *
 * @returns fields of an edit; empty when nothing is to be changed
 */
export function decideProjectChanges(project: CoprProject, wanted: WantedProject): Record<string, unknown> {
  const { options, forgeProject, isOurs } = wanted
  const changes: Record<string, unknown> = {}
  const chroots = union(project.chroots, wanted.chroots)
  if (chroots) changes.chroots = chroots
  const repos = union(project.additionalRepos, options.additionalRepos)
  // it is called otherwise when a project is made
  if (repos) changes.repos = repos
  if (options.moduleHotfixes && !project.moduleHotfixes) changes.module_hotfixes = true
  // each build says for itself what it is bootstrapped by
  if (!isOurs) return changes
  if (options.bootstrap !== 'default' && options.bootstrap !== project.bootstrap) changes.bootstrap = options.bootstrap
  if (options.listOnHomepage && project.isUnlisted) changes.unlisted_on_hp = false
  const allowed = forgeProject === null ? undefined : union(project.allowedForgeProjects, [forgeProject])
  if (allowed) changes.packit_forge_projects_allowed = allowed
  return changes
}

/** The same for one chroot of it. */
export function decideChrootChanges(
  settings: CoprChrootSettings,
  wanted: Partial<CoprChrootSettings>,
): Partial<CoprChrootSettings> {
  const changes: Partial<CoprChrootSettings> = {}
  for (const name of Object.keys(wanted) as (keyof CoprChrootSettings)[]) {
    const list = union(settings[name], wanted[name] ?? [])
    if (list) changes[name] = list
  }
  return changes
}

/** What the package configuration wants of a chroot; empty when it wants nothing. */
export function wantedChrootSettings(options: BuildOptions, chroot: string): Partial<CoprChrootSettings> {
  const own = options.chroots[chroot] ?? {}
  const lists = {
    additional_repos: own.additional_repos ?? [],
    additional_packages: [...options.additionalPackages, ...(own.additional_packages ?? [])],
    additional_modules: (own.additional_modules ?? '').split(',').flatMap((name) => name.trim() || []),
    with_opts: own.with_opts ?? [],
    without_opts: own.without_opts ?? [],
  }
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}

/** Whether a project is one of those that are allowed; patterns are the shell's, as far as `*` goes. */
export function isLetIn(forgeProject: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) => {
    const [first = '', ...rest] = pattern.split('*')
    if (rest.length === 0) return pattern === forgeProject
    if (!forgeProject.startsWith(first)) return false
    let at = first.length
    const last = rest.pop() ?? ''
    for (const part of rest) {
      const found = forgeProject.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return forgeProject.length - last.length >= at && forgeProject.endsWith(last)
  })
}

/** Both, in this order; `undefined` when the first holds all of the second. */
function union(there: readonly string[], wanted: readonly string[]): string[] | undefined {
  const missing = wanted.filter((one) => !there.includes(one))
  return missing.length > 0 ? [...there, ...new Set(missing)] : undefined
}
