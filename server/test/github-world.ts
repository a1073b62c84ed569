// A service beside a GitHub of our own: deliveries go through the real webhook, and what is asked through the real client.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { FakeGithub } from '../src/forges/github/fake/fake-github.ts'
import type { Repository } from '../src/forges/github/fake/things.ts'
import { createGithubForge } from '../src/forges/github/github-forge.ts'
import { openMirrors } from '../src/git/mirrors.ts'
import type { Jobs } from '../src/jobs/jobs.ts'
import { CONFIG, createWorld, type World } from './world.ts'

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
  async createRepository(config = CONFIG): Promise<Repository> {
    const repository = await this.github.createRepository({
      owner: 'acme',
      name: 'hello',
      files: { '.packit.yaml': config, 'hello.spec': 'Name: hello\n' },
    })
    await this.github.install(repository)
    await this.world.settle()
    return repository
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

export async function createGithubWorld(options: { now?: () => Date } = {}): Promise<GithubWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-github-'))
  const now = options.now ?? (() => new Date())
  const github = await FakeGithub.start({ dir, cloneUrls: 'file', now })
  const env = {
    PACKIT_GIT_ALLOW: dir,
    PACKIT_GITHUB_API_URL: github.apiUrl,
    PACKIT_GITHUB_WEBHOOK_SECRET: github.app.webhookSecret,
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
  const forge = createGithubForge({ app: () => github.app, now, warn: () => {} })
  const findForge = (host: string) => (host === forge.host ? forge : undefined)
  const world = await createWorld({ env, allowed: [forge.host], replace: { mirrors, findForge }, ...options })
  github.deliverTo(async (headers, payload) => {
    const answer = await world.http.inject({ method: 'POST', url: '/api/webhooks/github', headers, payload })
    return answer.statusCode
  })
  return new GithubWorld(github, world, gate, async () => {
    await github[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })
}
