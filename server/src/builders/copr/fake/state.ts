/** States of sources and chroots, as Copr writes them. */
export type CoprState =
  | 'pending'
  | 'waiting'
  | 'starting'
  | 'importing'
  | 'running'
  | 'succeeded'
  | 'forked'
  | 'failed'
  | 'skipped'
  | 'canceled'
  | 'unknown'

const ENDED: ReadonlySet<CoprState> = new Set(['succeeded', 'forked', 'canceled', 'skipped', 'failed'])

export function hasEnded(state: CoprState): boolean {
  return ENDED.has(state)
}

export interface FakePackage {
  name: string
  epoch: number | null
  version: string
  release: string
  arch: string
}

export interface FakeChroot {
  name: string
  state: CoprState
  /** Epoch seconds. */
  startedOn: number | null
  endedOn: number | null
  log: string
  packages: FakePackage[]
  /** Key of each package in the storage of real builds, by its file name. */
  files: Map<string, string>
}

export interface FakeSource {
  state: CoprState
  startedOn: number | null
  endedOn: number | null
  log: string
  /** Known once the source build has ended. */
  name: string | null
  /** `[epoch:]version-release` */
  version: string | null
}

export interface FakeBuild {
  id: number
  project: FakeProject
  dirname: string
  chroots: FakeChroot[]
  source: FakeSource
  /** What `source-build-config` says. */
  method: 'upload' | 'custom' | 'url'
  sourceDict: Record<string, unknown>
  canceled: boolean
  submitter: string
  submittedOn: number
  isBackground: boolean
  /** What it was asked for with. */
  options: Record<string, unknown>
  /** The uploaded file, or what was made of a script. */
  srpm: { name: string; data: Buffer } | null
}

/** What a chroot of a project is set to. */
export interface ChrootSettings {
  additional_repos: string[]
  additional_packages: string[]
  additional_modules: string[]
  with_opts: string[]
  without_opts: string[]
  isolation: string
}

export type Grant = 'nothing' | 'request' | 'approved'

export interface FakeProject {
  id: number
  owner: string
  name: string
  chroots: Map<string, ChrootSettings>
  /** As reads return them. */
  settings: ProjectSettings
  /** Never returned by reads. */
  deleteAfterDays: number
  permissions: Map<string, { admin: Grant; builder: Grant }>
}

export interface ProjectSettings {
  homepage: string | null
  contact: string | null
  description: string
  instructions: string
  devel_mode: boolean
  persistent: boolean
  unlisted_on_hp: boolean
  auto_prune: boolean
  enable_net: boolean
  bootstrap: string
  isolation: string
  module_hotfixes: boolean
  appstream: boolean
  packit_forge_projects_allowed: string[]
  follow_fedora_branching: boolean
  repo_priority: number | null
  additional_repos: string[]
  storage: string
}

export interface FakeUser {
  id: number
  name: string
  login: string
  token: string
}

/** All that a Copr knows. */
export class State {
  readonly users: FakeUser[] = []
  /** Members by the name of the group, without `@`. */
  readonly groups = new Map<string, Set<string>>()
  /** By `owner/name`. */
  readonly projects = new Map<string, FakeProject>()
  readonly builds = new Map<number, FakeBuild>()
  /** Name and comment of the mock chroots. */
  readonly mockChroots: Map<string, string>
  readonly now: () => Date
  /** Known when the server listens. */
  url = ''
  #lastId: number

  constructor(now: () => Date, mockChroots: readonly string[], firstBuildId: number) {
    this.now = now
    this.mockChroots = new Map(mockChroots.map((name) => [name, '']))
    this.#lastId = firstBuildId - 1
  }

  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  seconds(): number {
    return Math.floor(this.now().getTime() / 1000)
  }

  findProject(owner: string, name: string): FakeProject | undefined {
    return this.projects.get(`${owner}/${name}`)
  }

  keepProject(project: FakeProject): void {
    this.projects.set(`${project.owner}/${project.name}`, project)
  }

  /** A deleted project takes its builds along. */
  removeProject(project: FakeProject): void {
    this.projects.delete(`${project.owner}/${project.name}`)
    for (const build of [...this.builds.values()]) if (build.project === project) this.builds.delete(build.id)
  }

  /** Whether an account is the owner, or a member of the group that is. */
  owns(user: string, { owner }: FakeProject): boolean {
    return owner.startsWith('@') ? (this.groups.get(owner.slice(1))?.has(user) ?? false) : owner === user
  }
}

const SOURCE_FIRST: readonly CoprState[] = ['starting', 'pending', 'running', 'importing', 'failed']
const CHROOTS_FIRST: readonly CoprState[] = [
  'running',
  'starting',
  'pending',
  'failed',
  'succeeded',
  'skipped',
  'forked',
]

/** The state of a whole build: the first rule that applies. */
export function stateOfBuild({ canceled, source, chroots }: FakeBuild): CoprState {
  if (canceled) return 'canceled'
  if (SOURCE_FIRST.includes(source.state)) return source.state
  if (chroots.length === 0) return 'waiting'
  return CHROOTS_FIRST.find((state) => chroots.some((chroot) => chroot.state === state)) ?? 'waiting'
}

/** Eight digits at least; larger ids are simply longer. */
export function paddedId(id: number): string {
  return String(id).padStart(8, '0')
}

/** Folder of a chroot's results below that of the chroot. */
export function resultFolder(build: FakeBuild): string {
  return `${paddedId(build.id)}-${build.source.name ?? 'unknown'}`
}
