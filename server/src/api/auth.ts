import type { FastifyReply, FastifyRequest } from 'fastify'
import { findTokenByHash, noteTokenUse, type Token } from '../db/tokens.ts'
import { allows, describeToken, hashToken, hasTokenForm, type Scope, tokenState } from '../domain/token.ts'
import { problem } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError } from './errors.ts'

/** Who asks: the holder of a token. */
export interface Actor {
  /** As the audit log names it. */
  name: string
  scopes: readonly string[]
}

type AuthDeps = Pick<ApiDeps, 'database' | 'now'>

export const securitySchemes = {
  bearer: {
    type: 'http' as const,
    scheme: 'bearer',
    description: 'A token that the operator made with `packit-service token create`.',
  },
}

/** For the schema of an operation that needs a token. */
export const withToken = [{ bearer: [] }]

/** For the schema of an operation that tells more to whoever has one. */
export const withOrWithoutToken = [{ bearer: [] }, {}]

/** Refusals of operations that need a token. */
export const authRefusals = {
  401: problem('No token, or one that is not valid (any more); WWW-Authenticate names Bearer'),
  403: problem('The token lacks the scope that is named'),
}

const actors = new WeakMap<FastifyRequest, Actor>()

/** Who sent a request that `requireScope` let through. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request)
  if (!actor) throw new Error('the operation is open to everybody')
  return actor
}

/**
 * Lets only those through whose token allows it, from wherever they ask. For `preParsing`: after the rate limit was looked
 * at, and before the body is read.
 */
export function requireScope(scope: Scope, deps: AuthDeps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('cache-control', 'no-store')
    const actor = await authenticate(request, deps)
    if (!actor) throw unauthorized('This needs a token: send it as "Authorization: Bearer <token>".')
    if (!allows(actor.scopes, scope)) throw forbidden(scope)
    actors.set(request, actor)
  }
}

/** What says nothing of projects. */
const ALWAYS_OPEN = /^\/api\/(healthz|readyz|openapi\.json|swagger\.json|reference\.css)?$/

/**
 * Lets only holders of a token read, of whatever scope: for a service that has private repositories. dnf, which knows no
 * bearer tokens, sends one as a password.
 */
export function requireSignIn(deps: AuthDeps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (ALWAYS_OPEN.test(request.routeOptions.url ?? '')) return
    reply.header('cache-control', 'private, no-cache').header('vary', 'Authorization')
    const [, login] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '') ?? []
    const password = login && Buffer.from(login, 'base64').toString().split(':').slice(1).join(':')
    const headers = password ? { ...request.headers, authorization: `Bearer ${password}` } : request.headers
    if (await authenticate({ headers }, deps)) return
    throw unauthorized('This service has private repositories: reading needs a token.', 'Bearer, Basic realm="packit"')
  }
}

/** Whether a request that needs no token has one which allows more; a token that is not valid is refused here too. */
export async function hasScope(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  deps: AuthDeps,
): Promise<boolean> {
  reply.header('vary', 'Authorization')
  const actor = await authenticate(request, deps)
  if (!actor) return false
  reply.header('cache-control', 'no-store')
  return allows(actor.scopes, scope)
}

/** The holder of the token that a request brings; `undefined` when it brings none. */
async function authenticate(
  { headers }: Pick<FastifyRequest, 'headers'>,
  { database, now }: AuthDeps,
): Promise<Actor | undefined> {
  const { authorization } = headers
  if (authorization === undefined) return undefined
  const text = /^Bearer +([^ ]+)$/i.exec(authorization.trim())?.[1]
  if (!text) throw unauthorized('The header Authorization must be "Bearer" and a token.')
  // the database is not asked for what can't be a token
  const token = hasTokenForm(text) ? await findTokenByHash(database.db, hashToken(text)) : undefined
  if (!token) throw invalidToken('This token is not known here.')
  refuseEnded(token, now())
  await noteTokenUse(database.db, token, now())
  return { name: describeToken(token), scopes: token.scopes }
}

/** Who has the token itself may know why it does not count. */
function refuseEnded(token: Token, now: Date): void {
  const state = tokenState(token, now)
  if (state === 'revoked') throw invalidToken('This token was revoked.')
  if (state === 'expired') throw invalidToken(`This token expired at ${token.expiresAt?.toISOString()}.`)
}

function unauthorized(message: string, challenge = 'Bearer'): ApiError {
  return new ApiError(401, message, undefined, { 'www-authenticate': challenge })
}

// the words are those of RFC 6750, section 3.1
const invalidToken = (message: string) => unauthorized(message, 'Bearer error="invalid_token"')

function forbidden(scope: Scope): ApiError {
  return new ApiError(403, `This needs a token with the scope ${scope}.`, undefined, {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"`,
  })
}
