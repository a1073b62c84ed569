import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve } from 'node:path'

import { BLOCK_BYTES, LogIndexes } from '../../server/src/api/log-index.ts'
import type { Comparison } from '../src/api/compare-queries.ts'
import type { GridEntry, ProjectConfig } from '../src/api/project-queries.ts'
import type { components } from '../src/api/schema.ts'
import type { Change, LatestRun, Project, Run, ServiceStatus, Session } from '../src/api/types.ts'
import { BUILD, COMPARISON, failedLog, SRPM, STATUS, sampleProjects } from './fixture-builds.ts'
import { BADGE, CONFIG, gridAnswer, PROJECT_USAGE, sampleGrid, sampleStatistics } from './fixture-project.ts'
import { searchIn } from './fixture-search.ts'

import { NOW, sampleRuns } from './fixtures.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'self'"
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
}

/** Nobody is signed in, and everybody may read. */
export const NOBODY: Session = {
  name: null,
  by: null,
  login: null,
  scopes: [],
  expires_at: null,
  csrf: null,
  may_write_runs: false,
  may_read: true,
  sign_in_forge: null,
}

interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

export interface FixtureLog {
  text: string
  complete: boolean
}

/** A service in memory: what it answers can be changed while a page is open, and each change is streamed. */
export class FixtureServer {
  runs: Run[] = sampleRuns()
  projects: Project[] = sampleProjects()
  /** Rows of a project's grid, the newest first. */
  grid: GridEntry[] = sampleGrid()
  /** A project's configuration; null where none was read yet. */
  config: ProjectConfig | null = CONFIG
  status: ServiceStatus = STATUS
  /** Who is signed in. */
  session: Session = NOBODY
  /** What pages have written: method, path, the token of writes, body. */
  written: { method: string; path: string; csrf: string | undefined; body: string }[] = []
  /** The answer to a write; left out: it is accepted. */
  writeAnswer: Answer | undefined
  /** Tests of one target, by id. */
  tests = new Map<number, components['schemas']['Test']>()
  /** The answer to a comparison of any two runs. */
  comparison: Comparison = COMPARISON
  logs = new Map<string, FixtureLog>([
    ['srpm-11', { text: 'Wrote: hello-2.12.1-1.src.rpm\n', complete: true }],
    ['srpm-12', { text: 'Wrote: hello-2.12.1-1.src.rpm\n', complete: true }],
    ['srpm-13', { text: 'Wrote: hello-2.12.1-1.src.rpm\n', complete: true }],
    ['build-31', { text: failedLog(), complete: true }],
    ['build-32', { text: failedLog(), complete: true }],
    ['build-41', { text: '+ umask 022\n+ make\n', complete: false }],
  ])
  /** Answers every matching path with an error until it is taken away. */
  failures = new Map<string, Answer>()
  /** Paths asked for so far. */
  asked: string[] = []
  /** What the pages call now, in epoch seconds, by the `Date` header. */
  now: number | null = NOW
  /** Folder of the built pages. */
  dist: string
  private readonly streams = new Set<ServerResponse>()
  private readonly server = createServer((request, response) => void this.answer(request, response))
  private readonly prefix: string
  private lastEvent = 0

  constructor(dist: string, prefix = '') {
    this.dist = resolve(dist)
    this.prefix = prefix
  }

  /** Starts on a free port; returns the address of the home page, with a slash at its end. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.prefix}/`
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Ends all connections, open ones too. The same object can be started again. */
  async stop(): Promise<void> {
    this.streams.clear()
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  /** Changes a run and tells the pages. */
  updateRun(id: number, change: Partial<Run>): void {
    this.runs = this.runs.map((run) => (run.merged_run_id === id ? { ...run, ...change } : run))
    this.send({ kind: 'run', run: id, id, project: 'github.com/acme/hello' })
  }

  addRun(run: Run): void {
    this.runs = [run, ...this.runs]
    this.send({ kind: 'run', run: run.merged_run_id, id: run.merged_run_id, project: 'github.com/acme/hello' })
  }

  /** Adds lines to a log and tells the pages. */
  appendLog(step: 'srpm' | 'build', id: number, text: string, complete = false): void {
    const before = this.logs.get(`${step}-${id}`)?.text ?? ''
    this.logs.set(`${step}-${id}`, { text: before + text, complete })
    this.send({ kind: 'log', run: null, id, project: null, step, size: Buffer.byteLength(before + text) })
  }

  send(change: Change): void {
    const data = `id: ${++this.lastEvent}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`
    for (const stream of this.streams) stream.write(data)
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fixture')
    const path = decodeURI(url.pathname).slice(this.prefix.length)
    this.asked.push(path + url.search)
    response.setHeader('content-security-policy', POLICY)
    if (this.now !== null) response.setHeader('date', new Date(this.now * 1000).toUTCString())
    const failure = [...this.failures].find(([start]) => path.startsWith(start))?.[1]
    if (failure) send(response, failure)
    else if (request.method !== 'GET' && request.method !== 'HEAD') await this.takeWrite(path, request, response)
    else if (path === '/api/stream') this.openStream(response)
    else if (path.endsWith('/log')) this.sendLog(path, request, response)
    else if (path.startsWith('/api/badge/')) response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(BADGE)
    else if (path.endsWith('/log/index')) send(response, await this.logIndex(path))
    else if (path.startsWith('/api/')) send(response, this.apiAnswer(path, url.searchParams))
    else await this.sendFile(path, response)
  }

  private openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': hello\n\n')
    this.streams.add(response)
    response.on('close', () => this.streams.delete(response))
  }

  private sendLog(path: string, request: IncomingMessage, response: ServerResponse): void {
    const log = this.findLog(path)
    if (!log) {
      send(response, found(undefined, 'No log'))
      return
    }
    const bytes = bytesOf(log)
    const match = /^bytes=(\d+)-(\d+)?$/.exec(request.headers.range ?? '')
    response.setHeader('x-log-state', log.complete ? 'complete' : 'open')
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    const first = Number(match?.[1] ?? 0)
    const last = Math.min(Number(match?.[2] ?? bytes.length), bytes.length - 1)
    response.setHeader('x-log-size', bytes.length)
    if (!match || bytes.length === 0) response.writeHead(200).end(bytes)
    else if (first >= bytes.length) response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    else {
      response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bytes.length}` })
      response.end(bytes.subarray(first, last + 1))
    }
  }

  private findLog(path: string): FixtureLog | undefined {
    const [, , kind, id] = path.split('/')
    const steps: Record<string, string> = { 'srpm-builds': 'srpm', 'testing-farm': 'test' }
    return this.logs.get(`${steps[kind ?? ''] ?? 'build'}-${id}`)
  }

  private async logIndex(path: string): Promise<Answer> {
    const log = this.findLog(path)
    if (!log) return found(undefined, 'No log')
    const data = bytesOf(log)
    const range = async (_key: string, start: number, length: number) => {
      return { data: data.subarray(start, start + length), start, size: data.length }
    }
    const { size = 0, firstLines = [1] } = (await new LogIndexes({ range }).find(path)) ?? {}
    const body = { size, complete: log.complete, block_bytes: BLOCK_BYTES, first_lines: firstLines }
    return { status: 200, body }
  }

  private apiAnswer(path: string, query: URLSearchParams): Answer {
    if (path === '/api/session') return this.sessionAnswer(query)
    if (path === '/api/search') return { status: 200, body: searchIn(this.projects, this.runs, query.get('q') ?? '') }
    if (path === '/api/status') return { status: 200, body: this.status }
    if (path === '/api/runs') return listAnswer('runs', this.filterRuns(query), query)
    if (path === '/api/projects') return listAnswer('git-projects', this.filterProjects(query), query)
    const run = /^\/api\/runs\/merged\/(\d+)$/.exec(path)
    if (run)
      return found(
        this.runs.find((r) => r.merged_run_id === Number(run[1])),
        'No run has been found in DB',
      )
    if (path.startsWith('/api/usage/project/')) return { status: 200, body: PROJECT_USAGE }
    if (path === '/api/compare') return { status: 200, body: this.comparison }
    const test = /^\/api\/testing-farm\/(\d+)$/.exec(path)
    if (test) return found(this.tests.get(Number(test[1])), 'No info about build stored in DB')
    if (/^\/api\/srpm-builds\/1[123]$/.test(path)) return { status: 200, body: SRPM }
    if (path === '/api/copr-builds/31') return { status: 200, body: BUILD }
    if (/^\/api\/(srpm|copr)-builds\//.test(path)) return found(undefined, 'No info about build stored in DB')
    const project = PROJECT_PATH.exec(decodeURIComponent(path))
    return project ? this.projectAnswer(project, query) : found(undefined, 'Nothing here')
  }

  private sessionAnswer(query: URLSearchParams): Answer {
    const may = query.has('run') ? this.session.may_write_runs : null
    return { status: 200, body: { ...this.session, may_write_runs: may } }
  }

  /** Notes what a page writes, and answers as it was told to. */
  private async takeWrite(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const [method = '', csrf] = [request.method, request.headers['x-packit-csrf']]
    this.written.push({
      method,
      path,
      csrf: typeof csrf === 'string' ? csrf : undefined,
      body: String(Buffer.concat(parts)),
    })
    const accepted = { accepted: true, run_id: 41, event_id: 1, attempt: 2, url: '/api/runs/merged/41' }
    const body = path === '/api/session' ? { ...this.session, signed_out: true } : accepted
    send(response, this.writeAnswer ?? { status: path === '/api/session' ? 200 : 202, body })
  }

  private filterRuns(query: URLSearchParams): Run[] {
    const status = query.get('status')
    const [project, pr, branch, commit] = ['project', 'pr', 'branch', 'commit'].map((name) => query.get(name) ?? null)
    return this.runs.filter(
      (run) =>
        (status === null || run.state === status) &&
        (project === null || project === `${run.forge}/${run.trigger?.repo_namespace}/${run.trigger?.repo_name}`) &&
        (pr === null || String(run.trigger?.pr_id) === pr) &&
        (branch === null || run.trigger?.branch_name === branch) &&
        (commit === null || (run.commit?.sha ?? '').startsWith(commit ?? '')),
    )
  }

  private filterProjects(query: URLSearchParams): Project[] {
    const q = (query.get('q') ?? '').toLowerCase()
    const source = q
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    const pattern = /[*?]/.test(q) ? new RegExp(`^${source}$`) : new RegExp(source)
    return this.projects.filter(
      ({ forge, namespace, repo_name }) =>
        (pattern.test(`${namespace}/${repo_name}`) || pattern.test(repo_name)) &&
        (query.get('forge') ?? forge) === forge &&
        (query.get('namespace') ?? namespace) === namespace,
    )
  }

  private projectAnswer([, forge, namespace, repo, part]: string[], query: URLSearchParams): Answer {
    const project = this.projects.find((p) => p.forge === forge && p.namespace === namespace && p.repo_name === repo)
    if (!part || !project) return found(project, 'No info about project stored in DB')
    if (part === 'statistics') return { status: 200, body: sampleStatistics(Number(query.get('days') ?? 30)) }
    if (part === 'config') return found(this.config ?? undefined, 'No configuration of this project is kept')
    if (part === 'grid') return gridAnswer(this.grid, query)
    const none = { builds: [], koji_builds: [], srpm_builds: [], tests: [] }
    const runs = this.runs.slice(0, 4)
    const url = 'https://github.com/acme/hello/pull/1'
    const prs = runs.map((run, i) => {
      return { ...none, pr_id: 44 - i, title: run.title, author: 'ada', url, open: i < 2, latest: [latestOf(run)] }
    })
    const branches = [{ ...none, branch: 'main', latest: runs.slice(0, 2).map(latestOf) }]
    const parts: Record<string, unknown[]> = { prs, branches, releases: [], issues: [7, 3] }
    return listAnswer(part, parts[part] ?? [], query)
  }

  private async sendFile(path: string, response: ServerResponse): Promise<void> {
    const file = join(this.dist, path)
    if (extname(path) !== '' && existsSync(file)) {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
      return
    }
    const html = await readFile(join(this.dist, 'index.html'), 'utf8')
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(html.replace(/<base href="[^"]*"/, `<base href="${this.prefix}/"`))
  }
}

const logBytes = new WeakMap<FixtureLog, Buffer>()

/** A big log is turned into bytes once. */
function bytesOf(log: FixtureLog): Buffer {
  const bytes = logBytes.get(log) ?? Buffer.from(log.text)
  logBytes.set(log, bytes)
  return bytes
}

const PROJECT_PATH =
  /^\/api\/projects\/([^/]+)\/(.+?)\/([^/]+?)(?:\/(prs|branches|releases|issues|grid|statistics|config))?$/

function latestOf(run: Run): LatestRun {
  const { merged_run_id, state, created_at } = run
  return { merged_run_id, package: run.package, state, commit: run.commit?.sha ?? null, created_at }
}

function listAnswer(unit: string, all: unknown[], query: URLSearchParams): Answer {
  const [page, per] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 10)]
  const first = (page - 1) * per
  const body = all.slice(first, first + per)
  const range = body.length === 0 ? '*' : `${first + 1}-${first + body.length}`
  return { status: 206, body, headers: { 'content-range': `${unit} ${range}/${all.length}` } }
}

function found(body: unknown, message: string): Answer {
  return body === undefined ? { status: 404, body: { error: message } } : { status: 200, body }
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
