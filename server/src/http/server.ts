import compress from '@fastify/compress'
import etag from '@fastify/etag'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyServerOptions } from 'fastify'
import type { Registry } from 'prom-client'
import { apiRoutes } from '../api/api.ts'
import { type AuthDeps, requireSignIn } from '../api/auth.ts'
import { ChangeFeed } from '../api/change-feed.ts'
import type { ApiDeps, Database } from '../api/deps.ts'
import { ApiError } from '../api/errors.ts'
import type { Links } from '../api/links.ts'
import type { Component, Readiness, SystemStatus } from '../api/models/service.ts'
import { parseQueryString } from '../api/query.ts'
import { checkDatabase } from '../api/readiness.ts'
import { REFERENCE_STYLE, type ReferenceDocument, renderReference } from '../api/reference-page.ts'
import { type FindPermission, Rights } from '../api/rights.ts'
import { OpenStreams } from '../api/stream.ts'
import { type Document, toSwagger2 } from '../api/swagger2.ts'
import { UsageReports } from '../api/usage.ts'
import { compressLists } from './compress-lists.ts'
import { endConnections } from './connections.ts'
import { isPage, registerDashboard, sendIndex } from './dashboard.ts'
import { sendError, sendNotFound, setErrorHandlers } from './errors.ts'
import { gatherMethods } from './methods.ts'
import { registerMetrics } from './metrics.ts'
import { registerOpenapi } from './openapi.ts'
import { repositoryRoutes } from './repos.ts'
import { findRedirect, rewriteUrl, stripPrefix } from './rewrite-url.ts'
import { registerSecurity } from './security.ts'

export interface ServerOptions {
  /** How others reach the service; its path is the prefix of all addresses. `undefined`: only this machine can. */
  publicUrl: string | undefined
  /** Proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[]
  /** Requests a minute for one address, 0 = no limit; `undefined` = 600, and no limit for this machine. */
  rateLimit: number | undefined
  /** There are private repositories: reading needs a token. */
  readsNeedToken?: boolean
  /** Where the built pages lie. */
  dashboardDir: string
  version: Component
  /** How many steps of runs are worked on at a time: for when those that wait are expected to begin; 1 when left out. */
  buildSlots?: () => number
}

export interface ServerDeps {
  database: Database
  storage: ApiDeps['storage']
  queue: ApiDeps['queue']
  options: ServerOptions
  /** The clock; the machine's if there is none. */
  now?: () => Date
  /** Pages beside the dashboard, at addresses of their own. */
  pages?: readonly FastifyPluginAsync[]
  /** Asks a forge what somebody may do; nobody of a forge may do anything when left out. */
  findPermission?: FindPermission
  /** The forge at which people sign in, if there is one now. */
  findSignIn?: ApiDeps['findSignIn']
  /** Routes of `POST /api/webhooks/…`, added below `/api`. */
  webhooks?: readonly FastifyPluginAsync[]
  status: () => Promise<SystemStatus>
  /** What must hold besides the database. */
  checkReadiness?: () => Promise<Readiness['checks']>
  /** Adds what the rest of the service counts to `/metrics`. */
  registerMetrics?: (registry: Registry) => void
  /** Whether the server will soon end: then connections are not kept. */
  isStopping?: () => boolean
  /** Versions of further parts for `/api/system`. */
  parts?: Record<string, Component>
  logger?: FastifyServerOptions['loggerInstance']
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/
const DEFAULT_RATE_LIMIT = 600

/** The HTTP server, put together but not listening yet: `await server.listen({ host, port })`, `await server.close()`. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { options } = deps
  const prefix = options.publicUrl ? new URL(options.publicUrl).pathname.replace(/\/$/, '') : ''
  const app = createApp(deps, prefix)
  setErrorHandlers(app)
  endConnections(app, deps.isStopping)
  const findMethods = gatherMethods(app)
  app.addHook('onRequest', async (request, reply) => {
    const redirect = findRedirect(stripPrefix(request.originalUrl, prefix))
    if (redirect !== undefined) return reply.redirect(prefix + redirect, 308)
  })
  // before a body is looked at, whose kind would be complained of
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 && !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) sendNotFound(request, reply, findMethods)
  })
  await registerSecurity(app, { isHttps: options.publicUrl?.startsWith('https:') ?? false, findMethods })
  // bodies are taken as they come: packed ones of strangers would unfold to a thousand times their size
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'], globalDecompression: false })
  const streams = new OpenStreams()
  registerMetrics(app, { openStreams: () => streams.count, register: deps.registerMetrics })
  await registerOpenapi(app, prefix || '/')
  const auth = authOf(deps)
  await registerApi(app, deps, { streams, prefix, auth })
  for (const webhook of deps.webhooks ?? []) await app.register(webhook, { prefix: '/api' })
  await app.register(async (repositories) => {
    if (options.readsNeedToken) repositories.addHook('preParsing', requireSignIn(auth))
    await repositories.register(repositoryRoutes, { prefix: '/repos', storage: deps.storage })
  })
  for (const page of deps.pages ?? []) await app.register(page)
  await registerDashboard(app, options.dashboardDir)
  app.setNotFoundHandler((request, reply) => {
    if (isPage(request)) return sendIndex(reply, options.dashboardDir, prefix)
    return sendNotFound(request, reply, findMethods)
  })
  return app
}

function authOf({ database, now = () => new Date(), findPermission = async () => 'none' }: ServerDeps): AuthDeps {
  return { database, db: database.reads, now, rights: new Rights(findPermission, now) }
}

function createApp({ options, logger }: ServerDeps, prefix: string): FastifyInstance {
  return Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 1000, querystringParser: parseQueryString },
    rewriteUrl: (request) => rewriteUrl(request.url ?? '/', prefix),
    frameworkErrors: sendError,
  })
}

async function registerApi(
  app: FastifyInstance,
  deps: ServerDeps,
  { streams, prefix, auth }: { streams: OpenStreams; prefix: string; auth: AuthDeps },
) {
  const { storage, options } = deps
  const { database, now, rights } = auth
  const feed = new ChangeFeed(deps.database)
  app.addHook('onClose', () => feed.close())
  await app.register(async (api) => {
    await api.register(etag, { weak: true })
    compressLists(api)
    if (options.rateLimit !== 0) await api.register(rateLimit, limitRate(options.rateLimit))
    // answers may be kept, but are asked for anew: most of them change
    api.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-cache'))
    if (options.readsNeedToken) api.addHook('preParsing', requireSignIn(auth))
    await api.register(apiRoutes, {
      prefix: '/api',
      db: auth.db,
      database,
      rights,
      findSignIn: deps.findSignIn ?? (() => undefined),
      isPrivate: options.readsNeedToken ?? false,
      queue: deps.queue,
      now,
      storage,
      links: makeLinks(app, options),
      buildSlots: options.buildSlots ?? (() => 1),
      feed,
      usage: new UsageReports(deps.database, now),
      streams,
      system: {
        packit_service: options.version,
        node: { version: process.versions.node, commit: null },
        ...deps.parts,
      },
      status: deps.status,
      checkReadiness: async () => ({ ...(await deps.checkReadiness?.()), ...(await checkDatabase(deps.database)) }),
    })
    api.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    api.get('/api/swagger.json', { schema: { hide: true } }, async () => toSwagger2(app.swagger() as Document, prefix))
    api.get('/api/', { schema: { hide: true } }, async (_request, reply) => {
      return reply.type('text/html; charset=utf-8').send(renderReference(app.swagger() as ReferenceDocument, prefix))
    })
    api.get('/api/reference.css', { schema: { hide: true } }, async (_request, reply) => {
      return reply.type('text/css; charset=utf-8').send(REFERENCE_STYLE)
    })
  })
}

function limitRate(max: number | undefined) {
  return {
    max: max ?? DEFAULT_RATE_LIMIT,
    timeWindow: 60_000,
    allowList: (request: { ip: string }) => max === undefined && LOOPBACK.test(request.ip),
    errorResponseBuilder: (_request: unknown, { after, max: limit }: { after: string; max: number }) =>
      new ApiError(429, `At most ${limit} requests a minute are answered for one address: try again in ${after}.`),
  }
}

/** Without a public address the one it listens on; the port is known when it does. */
function makeLinks(app: FastifyInstance, { publicUrl }: ServerOptions): Links {
  const isPublic = publicUrl !== undefined
  if (isPublic) return { base: publicUrl.replace(/\/$/, ''), isPublic }
  return {
    get base() {
      return findLocalUrl(app.server.address())
    },
    isPublic,
  }
}

function findLocalUrl(listening: ReturnType<FastifyInstance['server']['address']>): string {
  if (listening === null || typeof listening === 'string') return 'http://127.0.0.1:8080'
  const { address, family, port } = listening
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
