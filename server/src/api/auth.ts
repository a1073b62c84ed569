import type { FastifyReply, FastifyRequest } from 'fastify'
import { findSession, noteSessionUse } from '../db/sessions.ts'
import { findTokenByHash, noteTokenUse, type Token } from '../db/tokens.ts'
import { CSRF_HEADER, hashSecret, hasSecretForm, isCsrfOf, type Person } from '../domain/session.ts'
import { allows, describeToken, hashToken, hasTokenForm, type Scope, tokenState } from '../domain/token.ts'
import { problem } from './answers.ts'
import { cookieOf, SESSION_COOKIE } from './cookies.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError } from './errors.ts'
import type { ProjectOf } from './project-of.ts'

/** Who asks: the holder of a token, or who is signed in to the pages. */
export interface Actor {
  /** As the audit log names it. */
  name: string
  scopes: readonly string[]
  /** Somebody whom a forge knows: may do with runs what they may do in the repository. */
  person: Person | null
  /** How the pages know them. */
  session: { id: number; secret: string; by: 'token' | 'forge' | 'link'; expiresAt: Date } | null
}

export type AuthDeps = Pick<ApiDeps, 'db' | 'database' | 'now' | 'rights'>

export const securitySchemes = {
  bearer: {
    type: 'http' as const,
    scheme: 'bearer',
    description: 'A token that the operator made with `packit-service token create`.',
  },
  session: {
    type: 'apiKey' as const,
    in: 'cookie' as const,
    name: SESSION_COOKIE,
    description: 'Who is signed in to the pages. A write needs the header X-Packit-CSRF besides (`GET /api/session`).',
  },
}

/** For the schema of an operation that needs a token. */
export const withToken = [{ bearer: [] }, { session: [] }]

/** For the schema of an operation that tells more to whoever has one. */
export const withOrWithoutToken = [{ bearer: [] }, { session: [] }, {}]

/** Refusals of operations that need a token. */
export const authRefusals = {
  401: problem('No token, or one that is not valid (any more); WWW-Authenticate names Bearer'),
  403: problem('The token lacks the scope that is named, or who is signed in may not do this'),
}

const actors = new WeakMap<FastifyRequest, Actor>()

/** Who sent a request that `requireScope` let through. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request)
  if (!actor) throw new Error('the operation is open to everybody')
  return actor
}

/**
 * Lets only those through whose token or session allows it, from wherever they ask. For `preParsing`: after the rate limit
 * was looked at, and before the body is read.
 *
 * @param projectOf  for writes of runs: whose project it is; people of the forge who may write there may do it too
 */
export function requireScope(scope: Scope, deps: AuthDeps, projectOf?: ProjectOf) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('cache-control', 'no-store')
    const actor = await authenticate(request, deps)
    if (!actor) throw unauthorized('This needs a token: send it as "Authorization: Bearer <token>".')
    refuseForged(request, actor)
    if (actor.person && projectOf) await refuseStranger(actor.person, await projectOf(request, deps), deps)
    else if (!allows(actor.scopes, scope)) throw forbidden(scope, actor)
    actors.set(request, actor)
  }
}

/** A write by a session is one of our own pages: only they know what they have to send with it. */
export function refuseForged({ method, headers }: FastifyRequest, { session }: Actor): void {
  if (!session || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return
  const given = headers[CSRF_HEADER]
  if (typeof given === 'string' && isCsrfOf(session.secret, given)) return
  throw new ApiError(403, 'A write by a session needs the header X-Packit-CSRF, which GET /api/session tells.')
}

/** One rule for all writes of runs by people of a forge: who may write to the repository may do them. */
async function refuseStranger(
  person: Person,
  project: Awaited<ReturnType<ProjectOf>>,
  { rights }: AuthDeps,
): Promise<void> {
  if (project && (await rights.mayWriteRuns(person, project))) return
  const where = project ? `${project.forge}/${project.namespace}/${project.name}` : 'it: it belongs to no project'
  throw new ApiError(403, `This needs write permission on ${where}, which ${person.login} does not have.`)
}

/** What says nothing of projects. */
const ALWAYS_OPEN = /^\/api\/(healthz|readyz|openapi\.json|swagger\.json|reference\.css|session|sign-in\/.*)?$/

/**
 * Lets only those read who have a token, of whatever scope, or are signed in: for a service that has private repositories.
 * dnf, which knows no bearer tokens, sends one as a password.
 */
export function requireSignIn(deps: AuthDeps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (ALWAYS_OPEN.test(request.routeOptions.url ?? '')) return
    reply.header('cache-control', 'private, no-cache').header('vary', 'Authorization, Cookie')
    const [, login] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '') ?? []
    const password = login && Buffer.from(login, 'base64').toString().split(':').slice(1).join(':')
    const headers = password ? { ...request.headers, authorization: `Bearer ${password}` } : request.headers
    const actor = await authenticate({ headers }, deps)
    if (actor && (await mayRead(actor, deps))) return
    if (actor) {
      throw new ApiError(403, `This service has private repositories, and ${actor.name} may not read all of them.`)
    }
    throw unauthorized('This service has private repositories: reading needs a token.', 'Bearer, Basic realm="packit"')
  }
}

/** Whether somebody may read all that a service with private repositories knows. */
export async function mayRead({ person }: Actor, { db, rights }: AuthDeps): Promise<boolean> {
  return person === null || rights.mayReadAll(person, db)
}

/** Whether a request that needs no token has one which allows more; a token that is not valid is refused here too. */
export async function hasScope(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  deps: AuthDeps,
): Promise<boolean> {
  reply.header('vary', 'Authorization, Cookie')
  const actor = await authenticate(request, deps)
  if (!actor) return false
  reply.header('cache-control', 'no-store')
  return allows(actor.scopes, scope)
}

/** Who sent a request: by its token, else by its session; `undefined` when it brings neither. */
export async function authenticate(
  { headers }: Pick<FastifyRequest, 'headers'>,
  deps: AuthDeps,
): Promise<Actor | undefined> {
  const { authorization } = headers
  if (authorization === undefined) return authenticateSession({ headers }, deps)
  const { database, now } = deps
  const text = /^Bearer +([^ ]+)$/i.exec(authorization.trim())?.[1]
  if (!text) throw unauthorized('The header Authorization must be "Bearer" and a token.')
  const token = await findLivingToken(text, deps)
  await noteTokenUse(database.db, token, now())
  return { name: describeToken(token), scopes: token.scopes, person: null, session: null }
}

/** The token of a text. Throws 401 when there is none, or when it is over. */
export async function findLivingToken(text: string, { database, now }: AuthDeps): Promise<Token> {
  // the database is not asked for what can't be a token
  const token = hasTokenForm(text) ? await findTokenByHash(database.db, hashToken(text)) : undefined
  if (!token) throw invalidToken('This token is not known here.')
  refuseEnded(token, now())
  return token
}

/** Who is signed in; a session that is over, or whose token is, counts as none. */
async function authenticateSession(
  request: Pick<FastifyRequest, 'headers'>,
  { database, now }: AuthDeps,
): Promise<Actor | undefined> {
  const secret = cookieOf(request, SESSION_COOKIE)
  if (!secret || !hasSecretForm(secret)) return undefined
  const found = await findSession(database.db, hashSecret(secret), now())
  if (!found) return undefined
  const { session, token } = found
  if (session.tokenId !== null && (!token || tokenState(token, now()) !== 'valid')) return undefined
  await noteSessionUse(database.db, session, now())
  const { forge, login } = session
  const person = forge !== null && login !== null ? { forge, login } : null
  const by = token ? 'token' : person ? 'forge' : 'link'
  const { id, actor: name, expiresAt } = session
  return { name, scopes: scopesOf(by, token), person, session: { id, secret, by, expiresAt } }
}

function scopesOf(by: 'token' | 'forge' | 'link', token: Token | null): readonly string[] {
  if (by === 'link') return ['admin']
  return token?.scopes ?? []
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

function forbidden(scope: Scope, { session }: Actor): ApiError {
  if (session) return new ApiError(403, `This needs the right ${scope}, which you do not have here.`)
  return new ApiError(403, `This needs a token with the scope ${scope}.`, undefined, {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"`,
  })
}
