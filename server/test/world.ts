// A whole service for stories: real webhook, database, queue, git and HTTP; what lies outside is fake unless asked for.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { FakeBuilder, FakeSrpmMaker } from '../src/builders/fake.ts'
import { createService, type Replacements, type Service } from '../src/cli/service.ts'
import { assembleServer } from '../src/cli/start.ts'
import { readConfig } from '../src/config.ts'
import { setEntry } from '../src/db/allowlist.ts'
import type { Database } from '../src/db/database.ts'
import { listChecks } from '../src/db/events.ts'
import type { FindForge } from '../src/forges/forge.ts'
import { sign } from '../src/forges/signature.ts'
import { TestRepository } from '../src/git/test-repository.ts'
import type { ReportTiming } from '../src/reports/deps.ts'
import { openFolderStorage } from '../src/storage/folder.ts'
import { addToken } from './add-token.ts'
import { createTestDatabase, type DatabaseKind } from './database.ts'

export const SECRET = 'a secret of the tests'
export const CHROOTS = ['fedora-45-x86_64', 'epel-10-x86_64']

export const CONFIG = `specfile_path: hello.spec
jobs:
- job: copr_build
  trigger: pull_request
  targets: [fedora-45-x86_64, epel-10-x86_64]
`

export interface PullRequest {
  number: number
  repository: TestRepository
  base: { ref: string; sha: string }
  head: { ref: string; sha: string }
}

export interface WorldOptions {
  database?: DatabaseKind
  /** Real sandbox and local builder instead of the fakes. */
  real?: boolean
  /** The test runner of this machine; left out: none, unless one is put in place. */
  testsHere?: boolean
  env?: Record<string, string>
  /** The service's clock; left out: that of this machine. */
  now?: () => Date
  /** What else is put in place of the real things. */
  replace?: Replacements
  /** Left out: none is set up. */
  findForge?: FindForge
  /** Paths that the allowlist allows from the start, e.g. `github.com/acme`. */
  allowed?: readonly string[]
  reportTiming?: Partial<ReportTiming>
  /** What the fake builder builds for. */
  chroots?: string[]
  /** A Copr that is built in instead. */
  copr?: { settings: { url: string; login: string; token: string; owner: string } }
}

export class World {
  readonly dir: string
  readonly service: Service
  readonly http: FastifyInstance
  readonly builder: FakeBuilder
  readonly srpms: FakeSrpmMaker
  readonly #close: () => Promise<void>
  #admin: Promise<string> | undefined
  #clock = Date.parse('2026-11-24T12:00:00Z')

  constructor(
    dir: string,
    service: Service,
    http: FastifyInstance,
    fakes: { builder: FakeBuilder; srpms: FakeSrpmMaker },
    close: () => Promise<void>,
  ) {
    this.dir = dir
    this.service = service
    this.http = http
    this.builder = fakes.builder
    this.srpms = fakes.srpms
    this.#close = close
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  /** A repository with one commit on `main`. */
  async createRepository(
    name = 'hello',
    files: Record<string, string> = { '.packit.yaml': CONFIG, 'hello.spec': 'Name: hello\n' },
  ): Promise<TestRepository> {
    const repository = await TestRepository.create(join(this.dir, 'git', name))
    await repository.commit(files, 'Begin')
    return repository
  }

  /** Commits on a branch of its own and tells the service of a new pull request. */
  async openPullRequest(
    options: { config?: string; files?: Record<string, string>; repository?: TestRepository; number?: number } = {},
  ): Promise<PullRequest> {
    const files =
      options.config === undefined ? undefined : { '.packit.yaml': options.config, 'hello.spec': 'Name: hello\n' }
    const repository = options.repository ?? (await this.createRepository(`hello-${randomUUID().slice(0, 8)}`, files))
    const number = options.number ?? 1
    const base = { ref: 'main', sha: repository.git('rev-parse', 'main') }
    repository.git('checkout', '--quiet', '-b', `change-${number}`, 'main')
    const sha = await repository.commit(options.files ?? { NEWS: `change ${number}\n` }, `Change ${number}`)
    const pr: PullRequest = { number, repository, base, head: { ref: `change-${number}`, sha } }
    await this.tell(pr, 'opened')
    return pr
  }

  /** A further commit on the pull request's branch; the service is told of it unless a story wants to do that itself. */
  async push(pr: PullRequest, options: { tell?: boolean } = {}): Promise<string> {
    pr.repository.git('checkout', '--quiet', pr.head.ref)
    pr.head = { ...pr.head, sha: await pr.repository.commit({ [`more-${randomUUID()}`]: 'x' }, 'More') }
    if (options.tell ?? true) await this.tell(pr, 'updated')
    return pr.head.sha
  }

  /** Sends the delivery that says how a pull request stands. */
  async tell(
    pr: PullRequest,
    action: string,
    set: { delivery?: string; at?: number; sha?: string; body?: object } = {},
  ) {
    this.#clock += 1000
    return this.deliver(
      {
        kind: 'pull_request',
        action,
        repository: { url: pr.repository.path, forge: 'localhost', namespace: 'acme' },
        number: pr.number,
        title: `Change ${pr.number}`,
        author: 'ann',
        base: pr.base,
        head: { ...pr.head, ...(set.sha ? { sha: set.sha } : {}) },
        updated_at: new Date(set.at ?? this.#clock).toISOString(),
        ...set.body,
      },
      set.delivery ? { delivery: set.delivery } : {},
    )
  }

  /** POSTs a signed body to the webhook of plain git. */
  async deliver(body: unknown, options: { delivery?: string; signature?: string; raw?: string } = {}) {
    const payload = options.raw ?? JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'x-packit-delivery': options.delivery ?? randomUUID(),
      'x-packit-signature-256': options.signature ?? sign(SECRET, payload),
    }
    return this.http.inject({ method: 'POST', url: '/api/webhooks/git', headers, payload })
  }

  /** Waits until nothing is left to do, but for what a story holds. */
  async settle(timeoutMs = 180_000): Promise<void> {
    const end = Date.now() + timeoutMs
    let quiet = 0
    let last = ''
    let pauseMs = 15
    while (quiet < 3) {
      const found = await this.service.queue.measure()
      if (Date.now() > end) throw new Error(`not settled after ${timeoutMs} ms: ${JSON.stringify(found)}`)
      const { waiting, running } = found
      quiet = waiting === 0 && running <= this.srpms.holding ? quiet + 1 : 0
      // each look takes time from what is waited for: the longer nothing changes, the rarer they are
      pauseMs = quiet > 0 || last !== `${waiting} ${running}` ? 15 : Math.min(pauseMs * 1.5, 100)
      last = `${waiting} ${running}`
      await sleep(pauseMs)
    }
  }

  /** Waits until every run has ended, real builds included. */
  async finish(timeoutMs = 180_000): Promise<void> {
    const end = Date.now() + timeoutMs
    for (;;) {
      await this.settle(timeoutMs)
      const runs = await this.runs()
      if (runs.every((run) => run.state !== 'pending' && run.state !== 'running')) return
      if (Date.now() > end) throw new Error(`not finished after ${timeoutMs} ms: ${JSON.stringify(runs)}`)
      await sleep(100)
    }
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.http.inject({ url: path })
    if (response.statusCode >= 400) throw new Error(`${path}: ${response.statusCode} ${response.body}`)
    return response.json() as T
  }

  /** POSTs to the API, by default with a token that may do everything. */
  async post(path: string, options: { token?: string; body?: unknown; key?: string } = {}) {
    this.#admin ??= addToken(this.service.database.db, ['admin'])
    const headers: Record<string, string> = { authorization: `Bearer ${options.token ?? (await this.#admin)}` }
    if (options.key !== undefined) headers['idempotency-key'] = options.key
    if (options.body !== undefined) headers['content-type'] = 'application/json'
    const payload = options.body === undefined ? {} : { payload: JSON.stringify(options.body) }
    return this.http.inject({ method: 'POST', url: path, headers, ...payload })
  }

  /** The audit log, oldest first: who did what to what. */
  async audit(): Promise<string[]> {
    const rows = await this.service.database.db.query.auditLog.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    return rows.map(({ actor, action, subject }) => `${actor}: ${action} ${subject}`)
  }

  /** The runs as the API lists them, oldest first. */
  async runs(): Promise<RunEntry[]> {
    return (await this.get<RunEntry[]>('/api/runs?per_page=100')).reverse()
  }

  /** The checks of the newest event of a run, as name → state. */
  async checks(eventId: number): Promise<Record<string, string>> {
    const rows = await listChecks(this.service.database.db, eventId)
    return Object.fromEntries(rows.map((row) => [row.name, row.state]))
  }
}

export interface RunEntry {
  merged_run_id: number
  state: string
  reason: string | null
  package: string | null
  commit: { sha: string } | null
  copr: { packit_id: number; target: string; status: string }[]
  srpm: { packit_id: number; status: string } | null
}

/** Puts a path on the allowlist, as the operator does. */
async function allowPath({ transaction }: Database, path: string): Promise<void> {
  await transaction((tx) => setEntry(tx, { path, status: 'approved_manually', actor: 'tests', at: new Date() }))
}

function coprSettings({ copr }: WorldOptions): Record<string, string> {
  if (!copr) return {}
  const { url, login, token, owner } = copr.settings
  return { PACKIT_COPR_URL: url, PACKIT_COPR_LOGIN: login, PACKIT_COPR_TOKEN: token, PACKIT_COPR_OWNER: owner }
}

/** A service with nothing in it, working its queue. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-world-'))
  const database = await createTestDatabase(options.database)
  const settings = {
    PACKIT_DATA_DIR: join(dir, 'data'),
    PACKIT_GIT_ALLOW: dir,
    PACKIT_GIT_WEBHOOK_SECRET: SECRET,
    PACKIT_GITHUB_WEBHOOK_SECRET: SECRET,
    PACKIT_BODHI_URL: 'off',
  }
  const config = readConfig({ env: { ...settings, ...coprSettings(options), ...options.env } })
  const storage = openFolderStorage(join(config.dataDir, 'storage'))
  const fakes = { builder: new FakeBuilder(storage, options.chroots ?? CHROOTS), srpms: new FakeSrpmMaker() }
  const repositories = {
    makeRepository: async (_rpms: readonly string[], into: string) =>
      storage.put(`${into}/repodata/repomd.xml`, '<repomd/>'),
  }
  const fake = { ...(options.copr ? {} : { builder: fakes.builder }), srpmMaker: fakes.srpms, repositories }
  const {
    database: _,
    real,
    testsHere,
    env: __,
    chroots: ___,
    copr: ____,
    allowed = [],
    replace: more,
    ...replaced
  } = options
  const replace = { ...(testsHere ? {} : { tester: null }), ...(real ? {} : fake), ...replaced, ...more }
  const log = pino({ level: process.env.PACKIT_TEST_LOG ?? 'silent' })
  for (const path of allowed) await allowPath(database, path)
  const service = await createService(config, database, log, replace)
  const http = await assembleServer(service, log)
  await service.work()
  return new World(dir, service, http, fakes, async () => {
    await http.close()
    await service.stop()
    await database.close()
    await rm(dir, { recursive: true, force: true })
  })
}
