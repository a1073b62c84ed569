import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import type http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GithubApp } from '../app.ts'
import { EVENTS, PERMISSIONS } from '../needs.ts'
import { Api, type LoggedRequest, type Violation } from './api.ts'
import { editComment, writeComment } from './comments.ts'
import { type Deliver, Deliveries, type Delivery, type DeliveryMode } from './deliveries.ts'
import { Events } from './events.ts'
import { type FaultOrder, Faults } from './faults.ts'
import type { Files } from './git.ts'
import type { Hub } from './hub.ts'
import * as installations from './installations.ts'
import { type LimitSettings, Limits } from './limits.ts'
import { look, type ShownCheck, type ShownStatus, type Spot } from './look.ts'
import { commonKey, type Manifest, makeApp } from './manifests.ts'
import * as queue from './merge-queue.ts'
import { createPages } from './pages.ts'
import * as pulls from './pulls.ts'
import * as repositories from './repositories.ts'
import { listen } from './server.ts'
import { State } from './state.ts'
import type { App, CheckRun, Comment, Installation, Issue, Level, PullRequest, Repository, User } from './things.ts'

export interface FakeOptions {
  /** Default: the machine's clock. */
  now?: () => Date
  /** Where deliveries go: an address, or a function that takes them. Left out: the App's own webhook address. */
  deliver?: string | Deliver
  cloneUrls?: 'http' | 'file'
  /** Default: one that is free. */
  port?: number
  host?: string
  /** For the git repositories; default: a new one, removed at the end. */
  dir?: string
  /** Changes what the App that is there from the start asks for. */
  manifest?: Partial<Manifest>
}

/** The service's own App has what it asks for; a test may want another. */
const MANIFEST: Manifest = {
  name: 'Packit fake',
  url: 'https://packit.example.org/',
  hook_attributes: { url: 'http://127.0.0.1:9/api/webhooks/github' },
  default_permissions: { ...PERMISSIONS },
  default_events: [...EVENTS],
}

/** A GitHub of our own: a web server with accounts, repositories, Apps and webhooks, all in memory but git. */
export class FakeGithub implements AsyncDisposable {
  readonly hub: Hub
  readonly state: State
  readonly deliveries: Deliveries
  readonly limits: Limits
  readonly faults = new Faults()
  readonly #api: Api
  readonly #app: App
  readonly #close: () => Promise<void>

  private constructor(parts: { hub: Hub; api: Api; limits: Limits; app: App; close: () => Promise<void> }) {
    this.hub = parts.hub
    this.state = parts.hub.state
    this.deliveries = parts.hub.deliveries
    this.limits = parts.limits
    this.#api = parts.api
    this.#app = parts.app
    this.#close = parts.close
  }

  static async start(options: FakeOptions = {}): Promise<FakeGithub> {
    const { now = () => new Date(), cloneUrls = 'http', port = 0, host = '127.0.0.1' } = options
    const root = options.dir ?? (await mkdtemp(join(tmpdir(), 'fake-github-')))
    await mkdir(root, { recursive: true })
    const state = new State(now, cloneUrls)
    const deliveries = new Deliveries(state, options.deliver)
    const events = new Events(state, deliveries)
    const limits = new Limits(now)
    const hub = { state, events, deliveries, root }
    const api = new Api({ state, events, deliveries, limits })
    const maker: User = { id: state.nextId(), login: 'packit-maker', type: 'User' }
    state.users.push(maker)
    const app = await makeApp(state, maker, { ...MANIFEST, ...options.manifest }, commonKey())
    const close = async () => {
      await deliveries.settle()
      server?.closeAllConnections()
      server?.close()
      if (!options.dir) await rm(root, { recursive: true, force: true })
    }
    const github = new FakeGithub({ hub, api, limits, app, close })
    const parts = { state, api, limits, faults: github.faults, root, pages: createPages(hub) }
    const server: http.Server = await listen(parts, port, host)
    return github
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  /** Of the pages; the API is at `apiUrl`. */
  get url(): string {
    return this.state.url
  }

  get apiUrl(): string {
    return this.state.apiUrl
  }

  /** The App that is there from the start, as the service is told of it. */
  get app(): GithubApp {
    const { id, slug, privateKey, webhookSecret, clientId, clientSecret } = this.#app
    return { appId: id, slug, privateKey, webhookSecret, oauth: { clientId, clientSecret }, apiUrl: this.apiUrl }
  }

  /** Another App, as other services on the same repositories have. */
  async createApp(name: string, manifest: Partial<Manifest> = {}): Promise<App> {
    return await makeApp(this.state, this.createUser(`${name}-maker`), { ...MANIFEST, ...manifest, name })
  }

  /** The account with this name; made if there is none. */
  createUser(login: string, type: 'User' | 'Organization' = 'User'): User {
    const known = this.state.findUser(login)
    if (known) return known
    const user: User = { id: this.state.nextId(), login, type }
    this.state.users.push(user)
    return user
  }

  async createRepository(
    wanted: Omit<repositories.NewRepository, 'owner'> & { owner: User | string },
  ): Promise<Repository> {
    return await repositories.createRepository(this.hub, { ...wanted, owner: this.#user(wanted.owner) })
  }

  setPermission(repository: Repository, user: User | string, level: Level): void {
    repository.levels.set(this.#user(user).login.toLowerCase(), level)
  }

  /** Installs the App on an account, or on the account of a repository and there on it alone. */
  async install(
    where: User | string | Repository,
    options: Partial<installations.NewInstallation> = {},
  ): Promise<Installation> {
    const isRepository = typeof where === 'object' && 'owner' in where
    const account = isRepository ? where.owner : this.#user(where)
    const only = isRepository ? { repositories: [where] } : {}
    return await installations.install(this.hub, { app: this.#app, account, ...only, ...options })
  }

  uninstall = (installation: Installation) => installations.uninstall(this.hub, installation)
  suspend = (installation: Installation) => installations.suspend(this.hub, installation)
  unsuspend = (installation: Installation) => installations.unsuspend(this.hub, installation)
  changeRepositories = (
    installation: Installation,
    change: { add?: readonly Repository[]; remove?: readonly Repository[] },
  ) => installations.changeRepositories(this.hub, installation, change)
  renameAccount = (account: User, login: string) => installations.renameAccount(this.hub, account, login)

  async openPullRequest(
    wanted: Omit<pulls.NewPullRequest, 'author'> & { author?: User | string },
  ): Promise<PullRequest> {
    const author = wanted.author === undefined ? wanted.repository.owner : this.#user(wanted.author)
    return await pulls.openPullRequest(this.hub, { ...wanted, author })
  }

  openIssue = (repository: Repository, author: User | string, title = 'An issue') =>
    pulls.openIssue(this.hub, repository, this.#user(author), title)
  push = (pr: PullRequest, files?: Files) => pulls.pushToPull(this.hub, pr, files ? { files } : {})
  close = (pr: PullRequest) => pulls.closePull(this.hub, pr)
  reopen = (pr: PullRequest) => pulls.reopenPull(this.hub, pr)
  merge = (pr: PullRequest) => pulls.mergePull(this.hub, pr)
  retarget = (pr: PullRequest, base: string) => pulls.retarget(this.hub, pr, base)
  retitle = (pr: PullRequest, title: string) => pulls.retitle(this.hub, pr, title)
  label = (pr: PullRequest, name: string) => pulls.setLabel(this.hub, pr, name, true)
  unlabel = (pr: PullRequest, name: string) => pulls.setLabel(this.hub, pr, name, false)
  markReady = (pr: PullRequest) => pulls.markReady(this.hub, pr)
  queueMerge = (pr: PullRequest) => queue.queueMerge(this.hub, pr)
  leaveQueue = (group: queue.MergeGroup, reason: 'merged' | 'dequeued' | 'invalidated') =>
    queue.leaveQueue(this.hub, group, reason)

  comment = (where: Issue | { repository: Repository; sha: string }, author: User | string, body: string) =>
    writeComment(this.hub, where, this.#user(author), body)
  editComment = (comment: Comment, body: string) => editComment(this.hub, comment, body)

  pushBranch = (push: repositories.BranchPush) => repositories.pushToBranch(this.hub, push)
  deleteBranch = (repository: Repository, branch: string) =>
    repositories.deleteBranch(this.hub, repository, branch, repository.owner)
  pushTag = (tag: repositories.NewTag) => repositories.pushTag(this.hub, tag)
  release = (release: Parameters<typeof repositories.publishRelease>[1]) =>
    repositories.publishRelease(this.hub, release)
  rename = (repository: Repository, name: string) => repositories.renameRepository(this.hub, repository, name)
  transfer = (repository: Repository, owner: User | string) =>
    repositories.transferRepository(this.hub, repository, this.#user(owner))
  setVisibility = (repository: Repository, isPrivate: boolean) =>
    repositories.setVisibility(this.hub, repository, isPrivate)
  deleteRepository = (repository: Repository) => repositories.deleteRepository(this.hub, repository)

  /** Somebody wants a check to be run again. */
  async rerun(check: CheckRun, by: User | string = check.repository.owner): Promise<void> {
    await this.hub.events.checkRun('rerequested', check, this.#user(by))
  }

  /** Somebody wants all checks of a commit to be run again. */
  async rerunAll(check: CheckRun, by: User | string = check.repository.owner): Promise<void> {
    await this.hub.events.checkSuite('rerequested', check.suite, this.#user(by))
  }

  /** Somebody clicks a button of a check. */
  async clickButton(check: CheckRun, identifier: string, by: User | string = check.repository.owner): Promise<void> {
    if (!check.actions.some((one) => one.identifier === identifier))
      throw new Error(`check ${check.name} has no button ${identifier}`)
    await this.hub.events.checkRun('requested_action', check, this.#user(by), { requested_action: { identifier } })
  }

  /** The newest check of each name. */
  checkRuns = (where: Spot): Record<string, ShownCheck> => look(this.state).checkRuns(where)
  findCheck = (where: Spot, name: string): CheckRun => look(this.state).findCheck(where, name)
  /** Every check, oldest first. */
  allCheckRuns = (where?: Spot): CheckRun[] => look(this.state).allCheckRuns(where)
  /** The newest status of each context. */
  statuses = (where: Spot): Record<string, ShownStatus> => look(this.state).statuses(where)
  comments = (where: Issue | string): { author: string; body: string }[] => look(this.state).comments(where)
  reactions = (comment: Comment | number): string[] => look(this.state).reactions(comment)

  /** What was asked, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.#api.requests
  }

  /** Requests that GitHub does not describe, and answers of ours that it does not. Tests assert that there are none. */
  get violations(): readonly Violation[] {
    return this.#api.violations
  }

  /** How often each operation was asked for, and how many requests used up some of the limit. */
  get calls(): { counted: number; byOperation: Record<string, number> } {
    const byOperation: Record<string, number> = {}
    for (const { operation } of this.requests)
      byOperation[operation ?? 'unknown'] = (byOperation[operation ?? 'unknown'] ?? 0) + 1
    return { counted: this.requests.filter(({ isCounted }) => isCounted).length, byOperation }
  }

  /** Has the next requests, or those to a path, fail. */
  failNext = (order: FaultOrder): void => this.faults.add(order)
  limit = (settings: Partial<LimitSettings>): void => this.limits.change(settings)

  /** What happens to deliveries from now on. */
  setDeliveryMode(mode: DeliveryMode): void {
    this.deliveries.mode = mode
  }

  /** Sends what was held. */
  async releaseDeliveries(order?: (held: Delivery[]) => Delivery[]): Promise<void> {
    this.deliveries.mode = 'send'
    await this.deliveries.release(order)
  }

  redeliver = (delivery: Delivery): Promise<void> => this.deliveries.redeliver(delivery)
  /** Where deliveries go from now on. */
  deliverTo(target: string | Deliver): void {
    this.deliveries.target = target
  }

  ping = () => this.hub.events.ping(this.#app)

  #user(user: User | string): User {
    return typeof user === 'string' ? this.createUser(user) : user
  }
}
