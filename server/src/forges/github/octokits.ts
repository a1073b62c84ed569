import { Octokit, RequestError } from 'octokit'
import type { GithubApp } from './app.ts'
import type { LimitKey } from './budget.ts'
import { createJwt, type Tokens } from './tokens.ts'

/** What octokit hands to the part that signs its requests. */
interface Request {
  (options: object): Promise<unknown>
  endpoint: { merge(route: unknown, parameters: unknown): { headers: Record<string, unknown> } }
}

export interface OctokitsOptions {
  app: GithubApp
  tokens: Tokens
  now: () => Date
  /** The unit of waits between tries: a second; tests take less. */
  secondMs: number
  warn: (line: string) => void
}

/** A limit that is over within this time is waited for here; longer ones make the job wait, not its worker. */
const LONGEST_WAIT_S = 3
/** Further tries of what only reads, after a second. */
const READ_RETRIES = 1
const MOST_OCTOKITS = 500
const CLOCKS_DIFFER_MS = 20_000

/** What octokit's throttling would make wait in memory waits in our queue: see `Budget`. */
const NO_GROUP = {
  key: () => ({
    schedule: (_options: unknown, task: (...args: unknown[]) => unknown, ...args: unknown[]) => task(...args),
  }),
} as never

/** One octokit for the App itself and for each installation, made when it is first needed. */
export class Octokits {
  readonly #octokits = new Map<LimitKey, Octokit>()
  readonly #options: OctokitsOptions

  constructor(options: OctokitsOptions) {
    this.#options = options
  }

  of(key: LimitKey): Octokit {
    const known = this.#octokits.get(key)
    if (known) return known
    const made = this.#create(key)
    this.#octokits.set(key, made)
    for (const oldest of this.#octokits.keys()) {
      if (this.#octokits.size <= MOST_OCTOKITS) break
      this.#octokits.delete(oldest)
    }
    return made
  }

  #create(key: LimitKey): Octokit {
    const { app, secondMs, warn } = this.#options
    const isShort = (seconds: number, _options: unknown, _octokit: unknown, tries: number) =>
      tries === 0 && seconds <= LONGEST_WAIT_S
    const ignore = () => {}
    return new Octokit({
      baseUrl: app.apiUrl,
      userAgent: 'packit-service',
      log: { debug: ignore, info: ignore, warn, error: warn },
      authStrategy: () => this.#createAuth(key),
      // a number given with a request would have refusals repeated as well
      retry: { retries: READ_RETRIES, retryAfterBaseValue: secondMs },
      throttle: {
        id: String(key),
        global: NO_GROUP,
        auth: NO_GROUP,
        search: NO_GROUP,
        write: NO_GROUP,
        notifications: NO_GROUP,
        retryAfterBaseValue: secondMs,
        onRateLimit: isShort,
        onSecondaryRateLimit: isShort,
      },
    })
  }

  /**
   * Signs each request, and once more with another token when that one is refused. Our own instead of octokit's: that
   * one shares tokens by the installation's id alone, renews them a minute before their end, and believes this
   * machine's clock.
   */
  #createAuth(key: LimitKey) {
    const hook = key === 'app' ? this.#signAsApp() : this.#signAsInstallation(key)
    return Object.assign(async () => ({ type: 'ours' }), { hook })
  }

  #signAsInstallation(installationId: number) {
    const { tokens } = this.#options
    return async (request: Request, route: unknown, parameters: unknown) => {
      const endpoint = request.endpoint.merge(route, parameters)
      const send = (token: string) => {
        endpoint.headers.authorization = `token ${token}`
        return request(endpoint)
      }
      const token = await tokens.get(installationId)
      try {
        return await send(token)
      } catch (error) {
        if (!isRefused(error)) throw error
        return await send(await tokens.replace(installationId, token))
      }
    }
  }

  #signAsApp() {
    const { app, now } = this.#options
    return async (request: Request, route: unknown, parameters: unknown) => {
      const endpoint = request.endpoint.merge(route, parameters)
      const send = (at: Date) => {
        endpoint.headers.authorization = `bearer ${createJwt(app, at)}`
        return request(endpoint)
      }
      try {
        return await send(now())
      } catch (error) {
        const theirs = isRefused(error) ? Date.parse(String(error.response?.headers.date)) : Number.NaN
        // by GitHub's clock, where ours is wrong; where both agree, the key is
        if (!(Math.abs(theirs - now().getTime()) > CLOCKS_DIFFER_MS)) throw error
        return await send(new Date(theirs))
      }
    }
  }
}

function isRefused(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status === 401
}
