import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, Refusal } from './answers.ts'
import { type Call, Moved, type Route, type Routes } from './call.ts'
import { allowanceOf, type Caller, findCaller } from './callers.ts'
import type { Deliveries } from './deliveries.ts'
import { Description, type Fault } from './description.ts'
import type { Events } from './events.ts'
import type { Limits } from './limits.ts'
import { APP_ROUTES } from './routes-apps.ts'
import { CHECK_ROUTES } from './routes-checks.ts'
import { COMMENT_ROUTES } from './routes-comments.ts'
import { REPOSITORY_ROUTES } from './routes-repositories.ts'
import { STATUS_ROUTES } from './routes-statuses.ts'
import { fullName, type State } from './state.ts'

export const ROUTES: Routes = {
  ...APP_ROUTES,
  ...CHECK_ROUTES,
  ...COMMENT_ROUTES,
  ...REPOSITORY_ROUTES,
  ...STATUS_ROUTES,
}

export interface ApiRequest {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  body: Buffer
}

/** What came in, as tests look at it. */
export interface LoggedRequest {
  /** When it was there, as `performance.now()` counts. */
  atMs: number
  method: string
  /** Below the API's address, with the query. */
  path: string
  /** Of GitHub's description, e.g. `checks/create`. */
  operation: string | null
  status: number
  /** Whether it used up some of the limit. */
  isCounted: boolean
  body: unknown
}

/** A request that GitHub does not describe, or an answer of ours that is not as it describes them. */
export interface Violation {
  method: string
  path: string
  side: 'request' | 'answer'
  faults: Fault[]
}

const VERSIONS = ['2022-11-28', '2026-03-10']
// one for the process: making it takes longer than a test should
let description: Description | undefined

export class Api {
  readonly requests: LoggedRequest[] = []
  readonly violations: Violation[] = []
  readonly #parts: { state: State; events: Events; deliveries: Deliveries; limits: Limits }
  readonly #description: Description

  constructor(parts: { state: State; events: Events; deliveries: Deliveries; limits: Limits }) {
    description ??= new Description()
    this.#description = description
    this.#parts = parts
  }

  async answer(request: ApiRequest): Promise<Answer> {
    const entry: LoggedRequest = {
      atMs: performance.now(),
      method: request.method,
      path: this.#pathOf(request.url) + request.url.search,
      operation: null,
      status: 0,
      isCounted: false,
      body: undefined,
    }
    this.requests.push(entry)
    const answer = await this.#decide(request, entry).catch((error: unknown) => refuse(error, request.method))
    const { answer: final, isFree } = withEtag(request, answer)
    entry.status = final.status
    entry.isCounted &&= !isFree
    return final
  }

  async #decide(request: ApiRequest, entry: LoggedRequest): Promise<Answer> {
    if (!request.headers['user-agent'])
      throw new Refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      )
    const version = request.headers['x-github-api-version']
    if (version !== undefined && !VERSIONS.includes(String(version)))
      throw new Refusal(400, `Invalid API version: ${version}`)
    entry.body = parse(request.body)
    const path = this.#pathOf(request.url)
    const read = this.#description.read({
      method: request.method,
      path,
      query: request.url.searchParams,
      body: entry.body,
    })
    if (!read) throw this.#violation(entry, [{ field: 'path', message: 'GitHub describes no such operation' }], 404)
    entry.operation = read.operation.id
    const route = ROUTES[read.operation.id]
    if (!route) throw this.#violation(entry, [{ field: 'path', message: 'the fake does not have this operation' }], 404)
    const { state, limits } = this.#parts
    const caller = findCaller(state, request.headers.authorization)
    return await this.#within(request, allowanceOf(caller), route, async () => {
      entry.isCounted = read.operation.id !== 'rate-limit/get'
      if (read.faults.length > 0) throw this.#violation(entry, read.faults, 422)
      const call = this.#toCall(request, caller, read)
      const answer = await route.handle({ ...call, body: entry.body as never })
      this.#checkAnswer(entry, answer)
      return answer
    }).then((answer) => ({ ...answer, headers: { ...limits.headersOf(allowanceOf(caller)), ...answer.headers } }))
  }

  /** Runs a request within the limits, and counts it unless the asker had the answer already. */
  async #within(request: ApiRequest, whose: string, route: Route, handle: () => Promise<Answer>): Promise<Answer> {
    const { limits } = this.#parts
    limits.enter(whose, { isWrite: request.method !== 'GET', isContent: route.isContent ?? false })
    let isFree = false
    try {
      const answer = await handle().catch((error: unknown) => refuse(error, request.method))
      isFree = withEtag(request, answer).isFree || request.url.pathname.endsWith('/rate_limit')
      return answer
    } finally {
      limits.leave(whose, isFree)
    }
  }

  #toCall(
    request: ApiRequest,
    caller: Caller,
    { params, query }: { params: Call['params']; query: Call['query'] },
  ): Omit<Call, 'body'> {
    const page = Math.max(1, Number(query.page ?? 1))
    const perPage = Math.min(100, Math.max(1, Number(query.per_page ?? 30)))
    return { ...this.#parts, caller, params, query, url: request.url, page: { page, perPage } }
  }

  /** The path below the API's address; `/repositories/7/…` is what redirects lead to. */
  #pathOf({ pathname }: URL): string {
    const path = pathname.replace(/^\/api\/v3/, '')
    const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
    const repository = this.#parts.state.repositories.find((one) => String(one.id) === id)
    return repository ? `/repos/${fullName(repository)}${rest}` : path
  }

  #checkAnswer(entry: LoggedRequest, { status, body }: Answer): void {
    // what is sent: dates and undefined fields are gone
    const sent: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body))
    const faults = this.#description.checkAnswer(entry.operation ?? '', status, sent)
    if (faults.length > 0) this.#violation(entry, faults, 500, 'answer')
  }

  #violation(
    { method, path }: LoggedRequest,
    faults: Fault[],
    status: number,
    side: Violation['side'] = 'request',
  ): Refusal {
    this.violations.push({ method, path, side, faults })
    const words = faults.map(({ field, message }) => `${field} ${message}`).join('; ')
    const errors = faults.map(({ field, message }) => ({ resource: path, field, code: 'invalid', message }))
    return new Refusal(status, status === 404 ? `Not Found: ${words}` : `Invalid request.\n\n${words}`, { errors })
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

/** Refusals are answers; anything else is a fault of the fake. */
function refuse(error: unknown, method: string): Answer {
  if (error instanceof Moved) return error.toAnswerFor(method)
  if (error instanceof Refusal) return error.toAnswer()
  throw error
}

/** Marks what was read, and leaves the body out for who has it already. */
function withEtag({ method, headers }: ApiRequest, answer: Answer): { answer: Answer; isFree: boolean } {
  if (method !== 'GET' || answer.status !== 200) return { answer, isFree: false }
  const hash = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')
  const etag = `W/"${hash}"`
  const marked = { ...answer, headers: { ...answer.headers, etag } }
  const known = String(headers['if-none-match'] ?? '')
  const isKnown = known.replaceAll('W/', '').split(/,\s*/).includes(`"${hash}"`)
  return isKnown
    ? { answer: { status: 304, headers: marked.headers }, isFree: true }
    : { answer: marked, isFree: false }
}
