import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { addAudit } from '../db/audit.ts'
import { takeOnceLink } from '../db/once-links.ts'
import { findProjectOfPipeline } from '../db/project-access.ts'
import { removeSession } from '../db/sessions.ts'
import { noteTokenUse } from '../db/tokens.ts'
import { csrfOf, hashSecret, hasSecretForm } from '../domain/session.ts'
import { allows, SCOPE_WORDS } from '../domain/token.ts'
import { problem, refusals } from './answers.ts'
import { Attempts } from './attempts.ts'
import {
  type Actor,
  authenticate,
  authRefusals,
  findLivingToken,
  mayRead,
  refuseForged,
  withOrWithoutToken,
} from './auth.ts'
import { beginSession, setSessionCookie } from './begin-session.ts'
import { cookieOf, removeCookie, SESSION_COOKIE } from './cookies.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readJsonBodies } from './json-body.ts'
import { ref } from './models/common.ts'
import { SessionInfo, SignedOut, SignIn } from './models/session.ts'

const tags = ['access']

/** Signing in to the pages, and out: a token or a link is turned into a cookie. */
export const sessionRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  readJsonBodies(app)
  const attempts = new Attempts(deps.now)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('vary', 'Authorization, Cookie')
  })

  app.get(
    '/session',
    {
      schema: {
        operationId: 'getSession',
        summary: 'Who asks, and what they may do',
        tags,
        security: withOrWithoutToken,
        querystring: Type.Object({
          run: Type.Optional(Type.Integer({ description: 'Id of a run that is asked about' })),
        }),
        response: {
          200: ref(SessionInfo),
          400: problem('A parameter is wrong'),
          401: problem('The token is not valid'),
          ...refusals,
        },
      },
    },
    async (request) => tell(await authenticate(request, deps), request.query.run, deps),
  )

  app.post(
    '/session',
    {
      schema: {
        operationId: 'beginSession',
        summary: 'Sign in to the pages',
        description: 'Sets a cookie. Programs do without: they send their token with each request.',
        tags,
        security: [],
        body: SignIn,
        response: {
          200: ref(SessionInfo),
          400: problem('The body is wrong'),
          401: problem('The token or the link is not valid'),
          403: problem('Another site has sent this'),
          413: problem('The body is too large'),
          415: problem('The body is not JSON'),
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      refuseOtherSites(request)
      attempts.check(request.ip)
      const secret = await signIn(request.body, deps).catch((error: unknown) => {
        if (error instanceof ApiError && error.statusCode === 401) attempts.failed(request.ip)
        throw error
      })
      setSessionCookie(reply, deps.links, secret)
      return tell(await authenticate({ headers: { cookie: `${SESSION_COOKIE}=${secret}` } }, deps), undefined, deps)
    },
  )

  app.delete(
    '/session',
    {
      schema: {
        operationId: 'endSession',
        summary: 'Sign out of the pages',
        tags,
        security: [{ session: [] }, {}],
        response: { 200: ref(SignedOut), 403: authRefusals[403], ...refusals },
      },
    },
    async (request, reply) => {
      const actor = await authenticate({ headers: { cookie: request.headers.cookie } }, deps)
      if (actor) refuseForged(request, actor)
      if (cookieOf(request, SESSION_COOKIE) !== undefined) removeCookie(reply, deps.links, SESSION_COOKIE)
      return { signed_out: actor ? await signOut(actor, deps) : false }
    },
  )
}

/** Browsers say from where a request comes; what other sites send is none of our pages. */
function refuseOtherSites({ headers }: FastifyRequest): void {
  const from = headers['sec-fetch-site']
  if (from === undefined || from === 'same-origin' || from === 'none') return
  throw new ApiError(403, 'One signs in on a page of this service, and another site has sent this.')
}

/** @throws {ApiError} 401 for what is not valid */
async function signIn({ token: text, code }: SignIn, deps: ApiDeps): Promise<string> {
  const now = deps.now()
  if (text !== undefined) {
    const token = await findLivingToken(text.trim(), deps)
    await noteTokenUse(deps.database.db, token, now)
    return deps.database.transaction((tx) => beginSession(tx, { by: 'token', token }, now))
  }
  return deps.database.transaction(async (tx) => {
    const link = { hash: hashSecret(code ?? ''), purpose: 'sign-in' } as const
    if (hasSecretForm(code ?? '') && (await takeOnceLink(tx, link, now))) return beginSession(tx, { by: 'link' }, now)
    const advice = 'A link is good once, for a day: `packit-service sign-in-link` prints a new one.'
    throw new ApiError(401, `This link is not valid any more. ${advice}`)
  })
}

async function signOut({ name, session }: Actor, { database, now }: ApiDeps): Promise<boolean> {
  if (!session) return false
  return database.transaction(async (tx) => {
    const ended = await removeSession(tx, session.id)
    if (ended) await addAudit(tx, { actor: name, action: 'session.end', subject: `session ${session.id}`, at: now() })
    return ended
  })
}

async function tell(actor: Actor | undefined, runId: number | undefined, deps: ApiDeps): Promise<SessionInfo> {
  const session = actor?.session ?? null
  return {
    name: actor?.name ?? null,
    by: session?.by ?? (actor ? 'token' : null),
    login: actor?.person?.login ?? null,
    scopes: SCOPE_WORDS.filter((scope) => actor?.scopes.includes(scope)),
    expires_at: session ? session.expiresAt.getTime() / 1000 : null,
    csrf: session ? csrfOf(session.secret) : null,
    may_write_runs: runId === undefined ? null : await mayWriteRun(actor, runId, deps),
    may_read: !deps.isPrivate || (actor !== undefined && (await mayRead(actor, deps))),
    sign_in_forge: deps.findSignIn()?.host ?? null,
  }
}

async function mayWriteRun(actor: Actor | undefined, runId: number, { db, rights }: ApiDeps): Promise<boolean> {
  if (!actor) return false
  if (!actor.person) return allows(actor.scopes, 'runs:write')
  const project = await findProjectOfPipeline(db, runId)
  return project ? rights.mayWriteRuns(actor.person, project) : false
}
