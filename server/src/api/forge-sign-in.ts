import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { insertOnceLink, takeOnceLink } from '../db/once-links.ts'
import { ForbiddenError, UnavailableError } from '../domain/errors.ts'
import {
  challengeOf,
  type ForgeSignIn,
  formatSecret,
  hashSecret,
  hasSecretForm,
  ONCE_MS,
  SECRET_BYTES,
  safePath,
} from '../domain/session.ts'
import { beginSession, setSessionCookie } from './begin-session.ts'
import { cookieOf, OAUTH_COOKIE, setCookie } from './cookies.ts'
import type { ApiDeps } from './deps.ts'

/** Why one came back from a forge without being signed in; the page of the sign-in says each in its words. */
export type SignInProblem = 'none' | 'refused' | 'expired' | 'away'

const CALLBACK = '/api/sign-in/github/callback'

/** Signing in at a forge (OAuth). Addresses for browsers, which go from page to page: the answers are redirects. */
export const forgeSignInRoutes: FastifyPluginAsync<ApiDeps> = async (app, deps) => {
  const schema = { hide: true }

  app.get('/sign-in/github', { schema }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { back = '/' } = request.query as { back?: string }
    const forge = deps.findSignIn()
    if (!forge) return toSignIn(reply, deps, 'none')
    return reply.redirect(await begin(reply, safePath(back), forge, deps), 302)
  })

  app.get('/sign-in/github/callback', { schema }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const forge = deps.findSignIn()
    if (!forge) return toSignIn(reply, deps, 'none')
    return comeBack(request, reply, forge, deps)
  })
}

/** What is remembered between going to the forge and coming back. */
interface Begun {
  verifier: string
  back: string
  host: string
}

async function begin(reply: FastifyReply, back: string, forge: ForgeSignIn, deps: ApiDeps): Promise<string> {
  const [state, verifier] = [formatSecret(randomBytes(SECRET_BYTES)), formatSecret(randomBytes(SECRET_BYTES))]
  const expiresAt = new Date(deps.now().getTime() + ONCE_MS.oauth)
  const data: Begun = { verifier, back, host: forge.host }
  await insertOnceLink(deps.database.db, { hash: hashSecret(state), purpose: 'oauth', data: { ...data }, expiresAt })
  // lax, since it is another site that sends the browser back
  setCookie(reply, deps.links, OAUTH_COOKIE, { value: state, maxAgeS: ONCE_MS.oauth / 1000, sameSite: 'Lax' })
  return forge.authorizeUrl({ state, challenge: challengeOf(verifier), redirectUrl: deps.links.base + CALLBACK })
}

async function comeBack(request: FastifyRequest, reply: FastifyReply, forge: ForgeSignIn, deps: ApiDeps) {
  const { code, state } = request.query as { code?: string; state?: string }
  const begun = await takeBegun(request, state, deps)
  if (!begun || begun.host !== forge.host) return toSignIn(reply, deps, 'expired')
  if (!code) return toSignIn(reply, deps, 'refused', begun.back)
  const redirectUrl = deps.links.base + CALLBACK
  const found = await forge
    .findLogin({ code, verifier: begun.verifier, redirectUrl })
    .then((login) => ({ login }))
    .catch(toProblem)
  if ('problem' in found) return toSignIn(reply, deps, found.problem, begun.back)
  const person = { forge: forge.host, login: found.login }
  const secret = await deps.database.transaction((tx) => beginSession(tx, { by: 'forge', person }, deps.now()))
  // strict is enough: the page that comes next is the same for everybody, and what it asks for it asks as ours
  setSessionCookie(reply, deps.links, secret)
  return reply.redirect(deps.links.base + begun.back, 302)
}

/** What was begun in this very browser: a link with a stranger's state would sign one in as that stranger. */
async function takeBegun(
  request: FastifyRequest,
  state: string | undefined,
  deps: ApiDeps,
): Promise<Begun | undefined> {
  if (typeof state !== 'string' || !hasSecretForm(state) || cookieOf(request, OAUTH_COOKIE) !== state) return undefined
  const data = await takeOnceLink(deps.database.db, { hash: hashSecret(state), purpose: 'oauth' }, deps.now())
  return data as Begun | undefined
}

function toProblem(error: unknown): { problem: SignInProblem } {
  if (error instanceof ForbiddenError) return { problem: 'refused' }
  if (error instanceof UnavailableError) return { problem: 'away' }
  throw error
}

function toSignIn(reply: FastifyReply, { links }: ApiDeps, problem: SignInProblem, back?: string) {
  const query = new URLSearchParams({ problem, ...(back && back !== '/' ? { back } : {}) })
  return reply.redirect(`${links.base}/sign-in?${query}`, 302)
}
