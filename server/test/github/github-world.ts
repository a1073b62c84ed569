// A whole service beside a GitHub of our own: deliveries go through the real webhook, what is asked and shown through the real client.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../../src/config.ts'
import { setEntry } from '../../src/db/allowlist.ts'
import type { ProjectEvent } from '../../src/db/events.ts'
import { checks } from '../../src/db/schema.ts'
import { FakeGithub, type FakeOptions } from '../../src/forges/github/fake/fake-github.ts'
import type { Spot } from '../../src/forges/github/fake/look.ts'
import type { PullRequest, Repository } from '../../src/forges/github/fake/things.ts'
import { openMirrors } from '../../src/git/mirrors.ts'
import type { Jobs } from '../../src/jobs/jobs.ts'
import { CONFIG, createWorld, type World, type WorldOptions } from '../world.ts'

export const SPEC = 'Name: hello\nVersion: 1.0\nRelease: 1\n'

interface GithubWorldOptions extends WorldOptions {
  /** Default: files, which is quicker; `http` asks for tokens. */
  cloneUrls?: FakeOptions['cloneUrls']
  manifest?: FakeOptions['manifest']
  /** Whose repositories may start work. */
  allow?: readonly string[]
}

export class GithubWorld {
  readonly github: FakeGithub
  readonly world: World
  readonly #gate: { opens: Promise<void> }
  readonly #end: () => Promise<void>

  constructor(github: FakeGithub, world: World, gate: { opens: Promise<void> }, end: () => Promise<void>) {
    this.github = github
    this.world = world
    this.#gate = gate
    this.#end = end
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end()
  }

  /** A repository with the App, one commit on `main`. */
  async createRepository(
    config: string | null = CONFIG,
    { name = 'hello', isPrivate = false } = {},
  ): Promise<Repository> {
    const files = { 'hello.spec': SPEC, ...(config === null ? {} : { '.packit.yaml': config }) }
    const repository = await this.github.createRepository({ owner: 'acme', name, isPrivate, files })
    await this.github.install(repository)
    await this.world.settle()
    return repository
  }

  /** A pull request, when all that comes of it is done and shown. */
  async openPull(
    repository: Repository,
    options: Omit<Parameters<FakeGithub['openPullRequest']>[0], 'repository'> = {},
  ): Promise<PullRequest> {
    const pull = await this.github.openPullRequest({ repository, ...options })
    await this.shown()
    return pull
  }

  /** Until nothing is left to do, and GitHub shows all that is wanted. */
  async shown(timeoutMs = 60_000): Promise<void> {
    const { db } = this.world.service.database
    const end = Date.now() + timeoutMs
    for (;;) {
      await this.github.deliveries.settle()
      await this.world.settle()
      // a reason without a time: it will not be shown
      const left = (await db.query.checks.findMany()).filter(
        (row) => row.shownVersion < row.version && (row.waitsFor === null || row.waitsUntil !== null),
      )
      const posts = (await db.query.posts.findMany()).filter((post) => post.state === 'waiting')
      if (left.length === 0 && posts.length === 0) return
      if (Date.now() > end) throw new Error(`not shown: ${JSON.stringify({ left, posts })}`)
      await sleep(30)
    }
  }

  /** The newest check of each name as a person sees it: how it ended, else where it stands. */
  checks(where: Spot): Record<string, string> {
    const shown = Object.entries(this.github.checkRuns(where))
    return Object.fromEntries(shown.map(([name, { status, conclusion }]) => [name, conclusion ?? status]))
  }

  /** Ends a target of the newest build that has it. */
  async end(chroot: string, state: 'success' | 'failure', log?: string): Promise<void> {
    const { builder } = this.world
    const found = [...builder.builds].findLast(([, { targets }]) => targets.some((t) => t.chroot === chroot))
    if (!found) throw new Error(`nothing is built for ${chroot}`)
    await builder.end(found[0], chroot, state, log)
  }

  /** As if whatever waits for GitHub had waited long enough. */
  async hurry(): Promise<void> {
    const { queue, database } = this.world.service
    await database.db.update(checks).set({ waitsUntil: null })
    const rows = await database.db.query.checks.findMany()
    for (const eventId of new Set(rows.map((row) => row.eventId)))
      await queue.add(database.db, 'show-checks', { eventId })
    const waiting = (await database.db.query.posts.findMany()).filter(({ state }) => state === 'waiting')
    for (const { id } of waiting) await queue.add(database.db, 'send-post', { postId: id })
    await this.world.settle()
  }

  /** Fetching waits until what is returned is called. */
  holdGit(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate.opens = promise
    return resolve
  }

  async sweep(kind: 'sweep-deliveries' | 'sweep-pull-requests'): Promise<void> {
    const { queue, database } = this.world.service
    await queue.add(database.db, kind, {} satisfies Jobs[typeof kind])
    await this.world.settle()
  }

  /** The event of a commit, once there is one. */
  async eventOf(sha: string, timeoutMs = 10_000): Promise<ProjectEvent> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const events = await this.world.service.database.db.query.projectEvents.findMany()
      const found = events.find(({ commitSha }) => commitSha === sha)
      if (found) return found
      if (Date.now() > end) throw new Error(`there is no event of ${sha}`)
      await sleep(10)
    }
  }

  /** Waits for what comes by itself. */
  async until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    const end = Date.now() + timeoutMs
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`)
      await sleep(10)
    }
  }

  /** Deliveries as the API lists them, oldest first. */
  async deliveries(): Promise<{ event: string; delivery_id: string; decision: string; reasons: string[] }[]> {
    return (await this.world.get<[]>('/api/deliveries?per_page=100')).reverse()
  }

  /** Of the newest delivery that has a meaning here. */
  async lastDecision(): Promise<[string, ...string[]]> {
    const last = (await this.deliveries()).findLast(({ decision }) => decision !== 'not wanted')
    return [last?.decision ?? '', ...(last?.reasons ?? [])]
  }
}

export async function createGithubWorld(options: GithubWorldOptions = {}): Promise<GithubWorld> {
  const { cloneUrls = 'file', allow = ['acme'], manifest, env: more, replace, ...rest } = options
  const dir = await mkdtemp(join(tmpdir(), 'packit-github-'))
  const now = options.now ?? (() => new Date())
  const github = await FakeGithub.start({ dir, cloneUrls, now, ...(manifest && { manifest }) })
  const { appId, privateKey, webhookSecret, apiUrl } = github.app
  const env = {
    PACKIT_GIT_ALLOW: `${dir},http://127.0.0.1`,
    PACKIT_GITHUB_APP_ID: String(appId),
    PACKIT_GITHUB_PRIVATE_KEY: privateKey,
    PACKIT_GITHUB_WEBHOOK_SECRET: webhookSecret,
    PACKIT_GITHUB_API_URL: apiUrl,
    ...more,
  }
  const config = readConfig({ env })
  const real = await openMirrors({ dir: join(dir, 'mirrors'), allow: config.gitAllow, netAllow: config.netAllow })
  const gate = { opens: Promise.resolve() }
  const mirrors: typeof real = {
    ...real,
    fetchCommit: async (...wanted) => {
      await gate.opens
      return real.fetchCommit(...wanted)
    },
  }
  const reportTiming = { spacingMs: 1, ...options.reportTiming }
  const world = await createWorld({ ...rest, env, reportTiming, replace: { mirrors, ...replace } })
  for (const namespace of allow)
    await world.service.database.transaction((tx) =>
      setEntry(tx, { path: `127.0.0.1/${namespace}`, status: 'approved_manually', actor: 'a test', at: now() }),
    )
  github.deliverTo(async (headers, payload) => {
    const answer = await world.http.inject({ method: 'POST', url: '/api/webhooks/github', headers, payload })
    return answer.statusCode
  })
  return new GithubWorld(github, world, gate, async () => {
    gate.opens = Promise.resolve()
    await world[Symbol.asyncDispose]()
    await github[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })
}
