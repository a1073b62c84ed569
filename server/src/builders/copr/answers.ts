import type { BuiltPackage } from '../builder.ts'

/** A build, in Copr's words. */
export interface CoprBuild {
  id: number
  state: string
  owner: string
  project: string
  chroots: string[]
  submittedAt: Date | null
  sourceUrl: string | null
}

/** The source build of a build. */
export interface CoprSource {
  state: string
  /** With a slash at the end. */
  resultUrl: string | null
}

/** What a submission handed in. */
export interface CoprHandedIn {
  /** Name of the file that was uploaded. */
  file: string | null
  /** The script that makes the sources. */
  script: string | null
}

export interface CoprChroot {
  name: string
  state: string
  startedAt: Date | null
  endedAt: Date | null
  /** With a slash at the end. */
  resultUrl: string | null
}

export interface CoprProject {
  owner: string
  name: string
  chroots: string[]
  additionalRepos: string[]
  bootstrap: string
  moduleHotfixes: boolean
  isUnlisted: boolean
  allowedForgeProjects: string[]
}

/** What a chroot of a project is set to; lists of names. */
export interface CoprChrootSettings {
  additional_repos: string[]
  additional_packages: string[]
  additional_modules: string[]
  with_opts: string[]
  without_opts: string[]
}

const CHROOT = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,120}$/
const MOST_CHROOTS = 1000

/*
 * Each function reads one kind of answer; it throws a `TypeError` that names what is missing.
 */

export function readBuild(value: unknown): CoprBuild {
  const build = record(value, 'build')
  const source = optional(build.source_package, (found) => record(found, 'source_package'))
  return {
    id: wholeNumber(build.id, 'id'),
    state: text(build.state, 'state'),
    owner: text(build.ownername, 'ownername'),
    project: text(build.projectname, 'projectname'),
    chroots: chrootNames(build.chroots, 'chroots'),
    submittedAt: instant(build.submitted_on),
    sourceUrl: source ? httpUrl(source.url) : null,
  }
}

export function readSource(value: unknown): CoprSource {
  const source = record(value, 'source')
  const url = httpUrl(source.result_url)
  return { state: text(source.state, 'state'), resultUrl: url === null ? null : withSlash(url) }
}

/** Nothing else of it: the rest is the package configuration's, which may say anything. */
export function readHandedIn(value: unknown): CoprHandedIn {
  const { pkg, script } = record(record(value, 'source').source_dict ?? {}, 'source_dict')
  return { file: typeof pkg === 'string' ? pkg : null, script: typeof script === 'string' ? script : null }
}

export function readItems<T>(value: unknown, read: (item: unknown) => T): T[] {
  const { items } = record(value, 'list')
  if (!Array.isArray(items)) throw new TypeError('the answer has no list of items')
  return items.map(read)
}

export function readChroot(value: unknown): CoprChroot {
  const chroot = record(value, 'chroot')
  const url = httpUrl(chroot.result_url)
  return {
    name: chrootName(chroot.name, 'name'),
    state: text(chroot.state, 'state'),
    startedAt: instant(chroot.started_on),
    endedAt: instant(chroot.ended_on),
    resultUrl: url === null ? null : withSlash(url),
  }
}

export function readProject(value: unknown): CoprProject {
  const project = record(value, 'project')
  return {
    owner: text(project.ownername, 'ownername'),
    name: text(project.name, 'name'),
    chroots: chrootNames(Object.keys(record(project.chroot_repos, 'chroot_repos')), 'chroot_repos'),
    additionalRepos: texts(project.additional_repos),
    bootstrap: typeof project.bootstrap === 'string' ? project.bootstrap : 'default',
    moduleHotfixes: project.module_hotfixes === true,
    isUnlisted: project.unlisted_on_hp === true,
    allowedForgeProjects: texts(project.packit_forge_projects_allowed),
  }
}

export function readChrootSettings(value: unknown): CoprChrootSettings {
  const settings = record(value, 'chroot')
  return {
    additional_repos: texts(settings.additional_repos),
    additional_packages: texts(settings.additional_packages),
    additional_modules: texts(settings.additional_modules),
    with_opts: texts(settings.with_opts),
    without_opts: texts(settings.without_opts),
  }
}

/** Names and comments of the mock chroots. */
export function readMockChroots(value: unknown): string[] {
  const names = Object.keys(record(value, 'list of chroots')).filter((name) => CHROOT.test(name))
  if (names.length === 0) throw new TypeError('the answer names no chroot')
  return names.slice(0, MOST_CHROOTS).sort()
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,199}$/

/** What does not look like a package is left out: names stand in command lines that people copy. */
export function readPackages(value: unknown): BuiltPackage[] {
  const { packages } = record(value, 'list of packages')
  if (!Array.isArray(packages)) throw new TypeError('the answer has no list of packages')
  return packages.flatMap((item) => {
    const { name, epoch, version, release, arch } = record(item, 'package')
    const parts = [name, version, release, arch]
    if (!parts.every((part): part is string => typeof part === 'string' && NAME.test(part))) return []
    const [n = '', v = '', r = '', a = ''] = parts
    return [{ name: n, epoch: typeof epoch === 'number' ? epoch : 0, version: v, release: r, arch: a }]
  })
}

export function readUserName(value: unknown): string {
  return text(record(value, 'account').name, 'name')
}

export function readFlag(value: unknown, name: string): boolean {
  const flag = record(value, 'answer')[name]
  if (typeof flag !== 'boolean') throw new TypeError(`${name} is not true or false`)
  return flag
}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${what} is no object`)
  return value as Record<string, unknown>
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value)
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${what} is no text`)
  return value
}

function wholeNumber(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new TypeError(`${what} is no whole number`)
  return value
}

function chrootName(value: unknown, what: string): string {
  const name = text(value, what)
  // it becomes part of keys in storage
  if (!CHROOT.test(name)) throw new TypeError(`${what} is no name of a chroot`)
  return name
}

function chrootNames(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is no list`)
  return value.map((name) => chrootName(name, what))
}

/** Lists come as such, or as a text with spaces between. */
function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : []
}

/** Epoch seconds. */
function instant(value: unknown): Date | null {
  return typeof value === 'number' && Number.isFinite(value) ? new Date(value * 1000) : null
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

function httpUrl(value: unknown): string | null {
  return typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value) ? value : null
}
