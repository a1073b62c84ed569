import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { badCredentials, notAccessible, notFound, Refusal } from './answers.ts'
import type { State } from './state.ts'
import type { App, Installation, Level, Permissions, Repository, Token, User } from './things.ts'

/** Who asks. */
export type Caller =
  | { kind: 'app'; app: App }
  | { kind: 'installation'; installation: Installation; repositories: Set<Repository> | null; permissions: Permissions }
  | { kind: 'user'; user: User; app: App }
  | { kind: 'nobody' }

const HOUR_MS = 3_600_000
const LONGEST_JWT_S = 600
const RANK: Record<string, number> = { none: 0, read: 1, write: 2, admin: 3 }

/** Finds out who asks; refuses what GitHub refuses: wrong, expired and unknown tokens. */
export function findCaller(state: State, authorization: string | undefined): Caller {
  if (!authorization) return { kind: 'nobody' }
  const [, word = '', text = ''] = /^(\S+)\s+(\S+)$/.exec(authorization) ?? []
  if (!/^(bearer|token)$/i.test(word)) throw badCredentials()
  return text.split('.').length === 3 ? { kind: 'app', app: readJwt(state, text) } : findHolder(state, text)
}

/** Whose token it is; for git too. */
export function findHolder(state: State, text: string): Caller {
  const token = state.tokens.get(text)
  if (!token || token.expiresAt <= state.now()) throw badCredentials()
  const { holder } = token
  if (holder.kind === 'user') return holder
  if (holder.installation.isDeleted) throw badCredentials()
  if (holder.installation.suspendedAt) throw new Refusal(403, 'This installation has been suspended')
  return holder
}

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function readJwt(state: State, jwt: string): App {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const { alg } = decode(head)
  const { iss, iat, exp } = decode(claims)
  if (alg !== 'RS256') throw undecodable()
  const app = state.apps.find((one) => String(one.id) === String(iss) || one.clientId === iss)
  if (!app) throw new Refusal(404, 'Integration not found')
  const key = createPublicKey(app.privateKey)
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')))
    throw undecodable()
  checkTimes(Math.floor(state.now().getTime() / 1000), iat, exp)
  return app
}

function checkTimes(now: number, iat: unknown, exp: unknown): void {
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > now)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  if (typeof exp !== 'number' || !Number.isInteger(exp) || exp <= now)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  if (exp > now + LONGEST_JWT_S) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    throw undecodable()
  }
}

const undecodable = () => new Refusal(401, 'A JSON web token could not be decoded')

/** The App that asks; every other caller is refused. */
export function requireApp(caller: Caller): App {
  if (caller.kind !== 'app') throw undecodable()
  return caller.app
}

export interface Wanted {
  /** As GitHub calls it, e.g. `checks`; one of several is enough. */
  permission: string | readonly string[]
  level: 'read' | 'write'
}

/** Refuses what the caller may not do with a repository: 404 where it may not even know of it. */
export function authorize(state: State, caller: Caller, repository: Repository, wanted: Wanted): void {
  if (caller.kind === 'app') throw badCredentials()
  const canSee = caller.kind === 'nobody' ? !repository.isPrivate : canRead(state, caller, repository)
  if (!canSee) throw notFound()
  if (caller.kind === 'installation') {
    authorizeInstallation(state, caller, repository, wanted)
    return
  }
  const level: Level = caller.kind === 'user' ? state.levelOf(repository, caller.user) : 'read'
  if (rank(level) >= rank(wanted.level)) return
  throw caller.kind === 'nobody'
    ? new Refusal(401, 'Requires authentication')
    : new Refusal(403, 'Must have write access')
}

function authorizeInstallation(
  state: State,
  caller: Caller & { kind: 'installation' },
  repository: Repository,
  { permission, level }: Wanted,
): void {
  const isOwn = reposOf(state, caller).includes(repository)
  // what everybody may read, other installations may read too
  if (!isOwn && level === 'read') return
  const best = Math.max(...[permission].flat().map((name) => rank(caller.permissions[name] ?? 'none')))
  if (!isOwn || best < rank(level)) throw notAccessible()
}

/** Whether a caller may know that a repository is there. */
export function canRead(state: State, caller: Caller, repository: Repository): boolean {
  if (!repository.isPrivate) return true
  if (caller.kind === 'installation') return reposOf(state, caller).includes(repository)
  return caller.kind === 'user' && state.levelOf(repository, caller.user) !== 'none'
}

/** The repositories that an installation's token is good for. */
export function reposOf(state: State, caller: Caller & { kind: 'installation' }): Repository[] {
  const all = state.repositoriesOf(caller.installation)
  return all.filter((one) => caller.repositories?.has(one) ?? true)
}

const rank = (level: string) => RANK[level] ?? 0

/** A new token of an installation, good for an hour; refuses more than was granted. */
export function issueToken(
  state: State,
  installation: Installation,
  asked: { repositories: Set<Repository> | null; permissions: Permissions | undefined },
): Token {
  for (const [name, level] of Object.entries(asked.permissions ?? {}))
    if (rank(installation.permissions[name] ?? 'none') < rank(level))
      throw new Refusal(422, 'The permissions requested are not granted to this installation.')
  const permissions = asked.permissions
    ? { metadata: 'read' as const, ...asked.permissions }
    : { ...installation.permissions }
  return keepToken(state, 'ghs', HOUR_MS, {
    kind: 'installation',
    installation,
    repositories: asked.repositories,
    permissions,
  })
}

/** A token of a person who signed in by an App; good for eight hours. */
export function issueUserToken(state: State, app: App, user: User): Token {
  return keepToken(state, 'ghu', 8 * HOUR_MS, { kind: 'user', user, app })
}

function keepToken(state: State, prefix: string, lifeMs: number, holder: Token['holder']): Token {
  const token = {
    text: `${prefix}_${randomBytes(18).toString('hex')}`,
    expiresAt: new Date(state.now().getTime() + lifeMs),
    holder,
  }
  state.tokens.set(token.text, token)
  return token
}

/** Whose allowance a request uses up. */
export function allowanceOf(caller: Caller): string {
  if (caller.kind === 'app') return `app ${caller.app.id}`
  if (caller.kind === 'installation') return `installation ${caller.installation.id}`
  return caller.kind === 'user' ? `user ${caller.user.id}` : 'nobody'
}
