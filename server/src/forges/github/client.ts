import { type Octokit, RequestError } from 'octokit'
import { NotFoundError, UnavailableError } from '../../domain/errors.ts'
import { Fields } from '../../domain/fields.ts'
import { DeliveryError } from '../../domain/forge-event.ts'
import type { CurrentApp, GithubApp } from './app.ts'
import { Budget, type LimitKey, type RequestKind } from './budget.ts'
import { explainError, InstallationGoneError } from './errors.ts'
import { EtagCache } from './etags.ts'
import { Octokits } from './octokits.ts'
import { type InstallationToken, type TokenScope, Tokens } from './tokens.ts'
import { createTransport, type OnAnswer } from './transport.ts'

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28'

export interface ClientOptions {
  app: CurrentApp
  now: () => Date
  /** For the operator: what GitHub warns of. */
  warn: (line: string) => void
  onAnswer?: OnAnswer
  /** Of a whole request, with all its tries. */
  timeoutMs?: number
  mostAtATime?: number
  /** The unit of waits between tries: a second; tests take less. */
  secondMs?: number
}

/** One request. */
export interface Call {
  /** The function of `Forge` that asks. */
  operation: string
  /** What it asks about, for messages, e.g. `the pull request 7 of acme/hello`. */
  what: string
  /** As GitHub documents it, e.g. `GET /repos/{owner}/{repo}`. */
  route: string
  parameters?: Record<string, unknown>
  /** Left out: by the method. */
  kind?: RequestKind['kind']
  /** Left out: yes. */
  isUrgent?: boolean
  /** Doing it twice does no harm. Left out: for what only reads. */
  isRepeatable?: boolean
}

export interface Answer {
  data: unknown
  headers: Record<string, string | number | undefined>
}

/** All that belongs to one App. */
interface Session {
  app: GithubApp
  budget: Budget
  octokits: Octokits
  tokens: Tokens
  transport: ReturnType<typeof createTransport>
}

/** Asks GitHub as the App, or as one of its installations. */
export class Client {
  readonly #options: Required<ClientOptions>
  #session: Session | undefined

  constructor(options: ClientOptions) {
    this.#options = { onAnswer: () => {}, timeoutMs: 30_000, mostAtATime: 30, secondMs: 1_000, ...options }
  }

  /** The App as it is set up now. Throws `UnavailableError` when there is none. */
  get app(): GithubApp {
    return this.#open().app
  }

  get budget(): Budget {
    return this.#open().budget
  }

  get now(): () => Date {
    return this.#options.now
  }

  warn(line: string): void {
    this.#options.warn(line)
  }

  /** A token of an installation; `Tokens` says more. */
  async token(installationId: number, scope: TokenScope, minMs: number): Promise<string> {
    return this.#open().tokens.get(installationId, scope, minMs)
  }

  /** @throws {UnavailableError | NotFoundError | ForbiddenError | ConfigError} as `Forge` says */
  async ask(key: LimitKey, call: Call): Promise<Answer> {
    return this.#ask(this.#open(), key, call)
  }

  /** Each page of a list, the first one first. */
  async *pages(key: LimitKey, call: Call): AsyncIterable<unknown> {
    let parameters: Record<string, unknown> | undefined = { per_page: 100, ...call.parameters }
    while (parameters) {
      const { data, headers } = await this.ask(key, { ...call, parameters })
      yield data
      const next = linkParameters(headers.link, 'next')
      parameters = next && { ...parameters, ...next }
    }
  }

  async #ask({ octokits, budget, transport }: Session, key: LimitKey, call: Call): Promise<Answer> {
    const isRead = call.route.startsWith('GET ')
    budget.admit(key, { kind: call.kind ?? (isRead ? 'read' : 'write'), isUrgent: call.isUrgent ?? true })
    const octokit = octokits.of(key)
    const request: Parameters<Octokit['request']>[1] = {
      ...call.parameters,
      headers: { 'x-github-api-version': API_VERSION },
      request: {
        fetch: transport({ operation: call.operation, key }),
        signal: AbortSignal.timeout(this.#options.timeoutMs),
        // what happened to a write that got no answer is for the caller to find out
        ...(!(call.isRepeatable ?? isRead) && { retries: 0 }),
      },
    }
    try {
      const { data, headers, status } = await octokit.request(call.route, request)
      // a proxy's page is no answer, whatever its status says
      if (status >= 300 || (typeof data === 'string' && data !== ''))
        throw new UnavailableError(`GitHub's answer about ${call.what} is none of its API`, 15_000)
      return { data, headers }
    } catch (error) {
      throw explainError(error, call.what, this.#options.now())
    }
  }

  /** What was known by another App is forgotten. */
  #open(): Session {
    const app = this.#options.app()
    if (!app) throw new UnavailableError('no GitHub App is set up', 60_000)
    const known = this.#session
    if (known && isSame(known.app, app)) return known
    const { now, warn, onAnswer, mostAtATime, secondMs } = this.#options
    const budget = new Budget(now)
    const tokens = new Tokens((id, scope) => this.#createToken(session, id, scope), now)
    const session: Session = {
      app,
      budget,
      tokens,
      octokits: new Octokits({ app, tokens, now, secondMs, warn }),
      transport: createTransport({ budget, etags: new EtagCache(), onAnswer, mostAtATime }),
    }
    this.#session = session
    return session
  }

  async #createToken(session: Session, id: number, { fetches }: TokenScope): Promise<InstallationToken> {
    const answer = await this.#ask(session, 'app', {
      operation: 'token',
      what: fetches === undefined ? `the installation ${id}` : `the repository ${fetches} of installation ${id}`,
      route: 'POST /app/installations/{installation_id}/access_tokens',
      // sign-ins are counted apart from writes
      kind: 'read',
      isRepeatable: true,
      parameters: {
        installation_id: id,
        ...(fetches !== undefined && { repositories: [fetches], permissions: { contents: 'read' } }),
      },
    }).catch((error: unknown) => {
      throw isGone(error) ? new InstallationGoneError(error.message, { cause: error }) : error
    })
    return readAnswer(answer.data, (fields) => ({
      token: fields.text('token'),
      expiresAt: new Date(fields.instant('expires_at')),
    }))
  }
}

/** Reads an answer as far as we need it. Throws `UnavailableError` when it is not what GitHub documents. */
export function readAnswer<T>(data: unknown, read: (fields: Fields) => T): T {
  try {
    return read(new Fields(data))
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    throw new UnavailableError(`GitHub's answer can't be read: ${error.message}`, 60_000, { cause: error })
  }
}

/** The query of another page that an answer names. */
export function linkParameters(link: unknown, rel: 'next' | 'last'): Record<string, string> | undefined {
  const href = typeof link === 'string' ? new RegExp(`<([^>]+)>; rel="${rel}"`).exec(link)?.[1] : undefined
  return href && URL.canParse(href) ? Object.fromEntries(new URL(href).searchParams) : undefined
}

/** A 422 says the same of a repository that the installation was not given. */
function isGone(error: unknown): error is NotFoundError {
  return error instanceof NotFoundError && error.cause instanceof RequestError && error.cause.status !== 422
}

function isSame(a: GithubApp, b: GithubApp): boolean {
  return a.appId === b.appId && a.privateKey === b.privateKey && a.apiUrl === b.apiUrl
}
