import type http from 'node:http'
import type { Storage } from '../../../storage/storage.ts'
import { Faults } from './faults.ts'
import type { CoprMessage } from './messages.ts'
import type { Pace } from './paces.ts'
import { type EndedChroot, findChroot, Progress } from './progress.ts'
import type { LogStyle } from './results.ts'
import { listen } from './server.ts'
import { type FakeBuild, type FakeProject, type FakeUser, State } from './state.ts'

export interface FakeCoprOptions {
  /** Default: the machine's clock. */
  now?: () => Date
  /** The list of mock chroots. */
  chroots?: readonly string[]
  /** Default: one that is free. */
  port?: number
  host?: string
  /** What makes builds go on; left out: they wait for a test. */
  pace?: Pace
  /** Told of each message of the bus: who starts this may lose, double and shuffle them. */
  onMessage?: (message: CoprMessage) => void
  /** Default `gzip`. */
  logStyle?: LogStyle
  /** Where the pace of real builds keeps packages. */
  storage?: Storage
  firstBuildId?: number
}

const CHROOTS = ['fedora-45-x86_64', 'fedora-45-aarch64', 'fedora-rawhide-x86_64', 'epel-10-x86_64']

/** A Copr of our own: a web server with projects, builds, results and a bus, all in memory but real packages. */
export class FakeCopr implements AsyncDisposable {
  readonly state: State
  readonly faults = new Faults()
  readonly progress: Progress
  /** The account that is there from the start. */
  readonly user: FakeUser
  /** Requests of the API, as `GET /api_3/…`. */
  readonly asked: string[] = []
  /** Told of each of them before it is answered. */
  onRequest: ((line: string) => void) | undefined
  readonly #close: () => Promise<void>

  private constructor(state: State, progress: Progress, user: FakeUser, close: () => Promise<void>) {
    this.state = state
    this.progress = progress
    this.user = user
    this.#close = close
  }

  static async start(options: FakeCoprOptions = {}): Promise<FakeCopr> {
    const { now = () => new Date(), chroots = CHROOTS, port = 0, host = '127.0.0.1', pace } = options
    const state = new State(now, chroots, options.firstBuildId ?? 1001)
    const progress = new Progress(state, (message) => options.onMessage?.(message))
    const user = {
      id: 1,
      name: 'packit',
      login: 'loginloginloginloginloginlogin',
      token: 'tokentokentokentokentokentoken',
    }
    state.users.push(user)
    const close = async () => {
      await pace?.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    const fake = new FakeCopr(state, progress, user, close)
    const hooks = {
      progress,
      onCreate: (build: FakeBuild) => pace?.begin(build, progress),
      onCancel: (build: FakeBuild) => pace?.cancel(build),
    }
    const { logStyle = 'gzip', storage } = options
    const onRequest = (method: string, path: string) => {
      fake.asked.push(`${method} ${path}`)
      fake.onRequest?.(`${method} ${path}`)
    }
    const server: http.Server = await listen(
      { state, faults: fake.faults, hooks, logStyle, storage, onRequest },
      port,
      host,
    )
    return fake
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  get url(): string {
    return this.state.url
  }

  /** What the service is told of it. */
  get settings(): { url: string; login: string; token: string; owner: string } {
    return { url: this.url, login: this.user.login, token: this.user.token, owner: this.user.name }
  }

  get builds(): FakeBuild[] {
    return [...this.state.builds.values()]
  }

  build(id: number | string): FakeBuild {
    const found = this.state.builds.get(Number(id))
    if (!found) throw new Error(`there is no build ${id}`)
    return found
  }

  project(owner: string, name: string): FakeProject {
    const found = this.state.findProject(owner, name)
    if (!found) throw new Error(`there is no project ${owner}/${name}`)
    return found
  }

  addUser(name: string): FakeUser {
    const user = { id: this.state.nextId(), name, login: `login-of-${name}`, token: `token-of-${name}` }
    this.state.users.push(user)
    return user
  }

  addGroup(name: string, members: readonly string[]): void {
    this.state.groups.set(name, new Set(members))
  }

  /** A project that is there before the service comes. */
  addProject(owner: string, name: string, settings: Partial<FakeProject['settings']> & { chroots?: string[] } = {}) {
    const { chroots = [...this.state.mockChroots.keys()].slice(0, 1), ...given } = settings
    const nothing = { additional_repos: [], additional_packages: [], additional_modules: [], with_opts: [] }
    const project: FakeProject = {
      ...{ id: this.state.nextId(), owner, name, deleteAfterDays: -1, permissions: new Map() },
      chroots: new Map(chroots.map((chroot) => [chroot, { ...nothing, without_opts: [], isolation: 'unchanged' }])),
      settings: {
        ...{ homepage: null, contact: null, description: '', instructions: '', devel_mode: false, persistent: false },
        ...{ unlisted_on_hp: false, auto_prune: true, enable_net: false, bootstrap: 'default', isolation: 'default' },
        ...{ module_hotfixes: false, appstream: false, packit_forge_projects_allowed: [], additional_repos: [] },
        ...{ follow_fedora_branching: true, repo_priority: null, storage: 'backend', ...given },
      },
    }
    this.state.keepProject(project)
    return project
  }

  /** Begins a chroot, its source first. */
  begin(id: number | string, chroot: string): void {
    this.progress.startChroot(this.build(id), chroot)
  }

  /** What a chroot that runs says meanwhile. */
  write(id: number | string, chroot: string, text: string): void {
    findChroot(this.build(id), chroot).log += text
  }

  /** Ends a chroot of a build. */
  end(id: number | string, chroot: string, end: 'succeeded' | 'failed', ended?: EndedChroot): void {
    this.progress.endChroot(this.build(id), chroot, end, ended)
  }

  endSource(id: number | string, end: 'succeeded' | 'failed' | 'import-failed', log?: string): void {
    this.progress.endSource(this.build(id), end, log)
  }

  /** Cancels a build as somebody does on its page. */
  cancel(id: number | string): void {
    this.progress.cancel(this.build(id))
  }

  /** Removes a project as Copr does with one that expired: its builds are gone, too. */
  expire(owner: string, name: string): void {
    this.state.removeProject(this.project(owner, name))
  }
}
