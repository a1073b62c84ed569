import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readBody, startWebServer } from '../../../fakes/web-server.ts'
import type { Ranch } from '../composes.ts'
import { answerOf, Faults, SLOW_MS } from './faults.ts'
import { Notifications } from './notifications.ts'
import { type FakeEnd, type FakeRequest, hasEnded, type Json, newRequest } from './requests.ts'
import { artifactsOf } from './results.ts'
import { answerApi, type FakeAnswer } from './routes.ts'

export type { FakeEnd, FakeRequest, FakeTest } from './requests.ts'

export interface FakeTestingFarmOptions {
  port?: number
  host?: string
  now?: () => Date
  /** Requests end by themselves, well, this long after they came; unset = when the test says so. */
  endsAfterMs?: number
  /** What a request really does, e.g. `createRealRun`; it begins at once and ends with what this gives. */
  run?: (request: FakeRequest) => Promise<FakeEnd>
}

/**
 * A Testing Farm: a real HTTP server with state, for tests and the demo. Tokens, ranches, requests, composes, artifacts,
 * notifications, and what goes wrong with each.
 */
export class FakeTestingFarm {
  /** Who may ask, and for which ranch. */
  readonly tokens: Record<Ranch, string> = { public: 'fake-public-token', redhat: 'fake-internal-token' }
  /** Tokens that were good once. */
  readonly expiredTokens = new Set<string>()
  /** What each ranch publishes: names, or regular expressions. */
  readonly composes: Record<Ranch, string[]> = {
    public: ['Fedora-Rawhide', 'Fedora-4[3-6]', 'Fedora-eln', 'CentOS-Stream-(8|9|10)', 'CentOS-7'],
    redhat: [
      'Fedora-Rawhide-Nightly',
      'Fedora-\\d+-Updated',
      'CentOS-Stream-9',
      'RHEL-[678](\\.\\d+)*-(Nightly|LatestReleased)',
    ],
  }
  readonly requests: FakeRequest[] = []
  readonly faults = new Faults()
  readonly notifications = new Notifications()
  /** Notifies of a request before its POST is answered. */
  notifiesFirst = false
  /** How often a request is read as `cancel-requested` before it is `canceled`. */
  cancelReads = 1
  /** Method, path and authorization of all that was asked, artifacts included. */
  readonly asked: { method: string; path: string; authorization: string | undefined }[] = []
  readonly #options: FakeTestingFarmOptions
  #close: () => Promise<unknown> = async () => {}
  readonly #cancelling = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #origin = ''

  private constructor(options: FakeTestingFarmOptions) {
    this.#options = options
  }

  static async start(options: FakeTestingFarmOptions = {}): Promise<FakeTestingFarm> {
    const fake = new FakeTestingFarm(options)
    const place = { name: 'Testing Farm', port: options.port ?? 0, host: options.host ?? '127.0.0.1' }
    const { server, url } = await startWebServer((request, response) => fake.#serve(request, response), place)
    fake.#close = () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
    fake.#origin = url
    return fake
  }

  /** Address of the API, as `PACKIT_TESTING_FARM_URL` has it. */
  get url(): string {
    return `${this.#origin}/v0.1`
  }

  get artifactsUrl(): string {
    return `${this.#origin}/artifacts`
  }

  now(): Date {
    return this.#options.now?.() ?? new Date()
  }

  /** Throws when there is none of that id. */
  find(id: string): FakeRequest {
    const found = this.requests.find((request) => request.id === id)
    if (!found) throw new Error(`the fake Testing Farm has no request ${id}`)
    return found
  }

  /** Takes a request in; the route checked it. */
  add(ranch: Ranch, body: Json): FakeRequest {
    const request = newRequest(ranch, body, this.now())
    this.requests.push(request)
    if (this.notifiesFirst) this.notifications.tell(request)
    const { run, endsAfterMs } = this.#options
    if (run) this.#later(0, () => void this.#runReally(request, run))
    else if (endsAfterMs !== undefined) {
      this.#later(endsAfterMs / 2, () => this.begin(request.id))
      this.#later(endsAfterMs, () => this.end(request.id))
    }
    return request
  }

  queue(id: string): void {
    this.#move(this.find(id), { state: 'queued' }, false)
  }

  /** Moves a request to `running`; nothing happens to one that ended or is being cancelled. */
  begin(id: string): void {
    const request = this.find(id)
    if (request.state !== 'new' && request.state !== 'queued') return
    request.files.set('pipeline.log', '[+] pipeline started\n')
    this.#move(request, { state: 'running', startedAt: this.now() })
  }

  /** Ends a request as `passed`, or as told; nothing happens to one that has ended. */
  end(id: string, end: FakeEnd = { results: [{ name: '/tests/smoke', result: 'passed', seconds: 3 }] }): void {
    const request = this.find(id)
    if (hasEnded(request)) return
    const { state = 'complete', overall = state === 'error' ? 'error' : 'passed', summary = null, notes = [] } = end
    const files = artifactsOf(request, { ...end, overall }, this.artifactsUrl)
    const into = end.resultsAppear === 'late' ? request.hidden : request.files
    for (const [name, text] of files) into.set(name, text)
    if (end.log !== undefined) request.files.set('pipeline.log', end.log)
    // one that broke early never began
    const startedAt = request.startedAt ?? (state === 'complete' ? request.createdAt : null)
    this.#move(request, { state, overall, summary, notes, startedAt, endedAt: this.now() })
  }

  /** Makes late results visible. */
  publishResults(id: string): void {
    const { files, hidden } = this.find(id)
    for (const [name, text] of hidden) files.set(name, text)
    hidden.clear()
  }

  /** What `DELETE` does; its status. */
  cancel(request: FakeRequest): 200 | 204 | 409 {
    if (request.state === 'complete' || request.state === 'error') return 409
    if (request.state === 'cancel-requested' || request.state === 'canceled') return 204
    this.#cancelling.set(request.id, this.cancelReads)
    this.#move(request, { state: 'cancel-requested' })
    return 200
  }

  /** Called when a request was read: one that is being cancelled gets there at last. */
  wasRead(request: FakeRequest): void {
    const left = this.#cancelling.get(request.id)
    if (request.state !== 'cancel-requested' || left === undefined) return
    if (left > 1) return void this.#cancelling.set(request.id, left - 1)
    this.#move(request, { state: 'canceled', overall: 'error', endedAt: this.now() })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#close()
  }

  #move(request: FakeRequest, part: Partial<FakeRequest>, isTold = true): void {
    Object.assign(request, part, { updatedAt: this.now() })
    if (isTold) this.notifications.tell(request)
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }

  async #runReally(request: FakeRequest, run: (request: FakeRequest) => Promise<FakeEnd>): Promise<void> {
    this.begin(request.id)
    const end = await run(request).catch((error: unknown): FakeEnd => {
      const summary = `Test environment broke: ${error instanceof Error ? error.message : String(error)}`
      return { state: 'error', summary }
    })
    this.end(request.id, end)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#origin)
    const { method = 'GET' } = request
    const { authorization } = request.headers
    this.asked.push({ method, path: `${url.pathname}${url.search}`, authorization })
    const fault = this.faults.take(method, url.pathname)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'drop-before') return void request.socket.destroy()
    const page = fault && answerOf(fault)
    if (page) return void response.writeHead(page.status, page.headers).end(page.text)
    const body = (await readBody(request)).toString()
    const answer = answerApi(this, { method, url, authorization, body })
    if (fault?.kind === 'drop-after') return void request.socket.destroy()
    if (fault?.kind === 'slow') await sleep(SLOW_MS)
    send(response, answer)
  }
}

function send(response: ServerResponse, { status, body, type }: FakeAnswer): void {
  if (body === undefined) return void response.writeHead(status).end()
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': type ?? 'application/json' }).end(text)
}
