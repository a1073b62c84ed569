import { sign } from 'node:crypto'
import type { GithubApp } from './app.ts'

/** An installation's token, as GitHub made it. */
export interface InstallationToken {
  token: string
  expiresAt: Date
}

/** What a token is for; left out: all that the installation allows. */
export interface TokenScope {
  /** One repository, to be fetched from and nothing else. */
  fetches?: string
}

export type CreateToken = (installationId: number, scope: TokenScope) => Promise<InstallationToken>

/** Tokens live for an hour: one that ends within this time is renewed before it is used. */
const RENEWED_EARLY_MS = 5 * 60_000
const MOST_TOKENS = 2_000

/**
 * The text by which the App itself signs in. It is dated a minute back, since clocks differ, and ends within the ten
 * minutes that GitHub allows.
 */
export function createJwt({ appId, privateKey }: Pick<GithubApp, 'appId' | 'privateKey'>, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 480, iss: String(appId) })}`
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

/** The tokens of installations: renewed early, and once where several want the same. */
export class Tokens {
  readonly #tokens = new Map<string, InstallationToken>()
  readonly #pending = new Map<string, Promise<InstallationToken>>()
  readonly #create: CreateToken
  readonly #now: () => Date

  constructor(create: CreateToken, now: () => Date) {
    this.#create = create
    this.#now = now
  }

  /** A token that is good for `minMs` at least. Throws what making one throws. */
  async get(installationId: number, scope: TokenScope = {}, minMs = RENEWED_EARLY_MS): Promise<string> {
    const known = this.#tokens.get(keyOf(installationId, scope))
    if (known && known.expiresAt.getTime() - this.#now().getTime() >= minMs) return known.token
    return (await this.#renew(installationId, scope)).token
  }

  /** Another token than one that was refused. */
  async replace(installationId: number, refused: string): Promise<string> {
    const key = keyOf(installationId, {})
    if (this.#tokens.get(key)?.token === refused) this.#tokens.delete(key)
    return this.get(installationId)
  }

  #renew(installationId: number, scope: TokenScope): Promise<InstallationToken> {
    const key = keyOf(installationId, scope)
    const pending = this.#pending.get(key)
    if (pending) return pending
    const made = this.#create(installationId, scope)
      .then((token) => {
        this.#tokens.delete(key)
        this.#tokens.set(key, token)
        for (const oldest of this.#tokens.keys()) {
          if (this.#tokens.size <= MOST_TOKENS) break
          this.#tokens.delete(oldest)
        }
        return token
      })
      .finally(() => this.#pending.delete(key))
    this.#pending.set(key, made)
    return made
  }
}

function keyOf(installationId: number, { fetches }: TokenScope): string {
  return fetches === undefined ? String(installationId) : `${installationId} ${fetches}`
}
