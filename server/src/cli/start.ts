import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { hostInUrl } from '../config/own-url.ts'
import type { Config } from '../config.ts'
import type { AccessProject } from '../db/project-access.ts'
import { NotFoundError, SetupError } from '../domain/errors.ts'
import { createGithubSignIn } from '../forges/github/oauth.ts'
import { type SetupDeps, setupRoutes } from '../forges/github/setup/routes.ts'
import { createServer } from '../http/server.ts'
import { createWorkerServer } from '../http/worker-server.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import { registerBackendMetrics } from './backends.ts'
import { listenForCommands } from './control.ts'
import { refuseWrongCopr } from './doctor/copr.ts'
import { setupStore } from './links.ts'
import { findFreePort, listen } from './listen.ts'
import { registerMessageMetrics } from './messages.ts'
import {
  registerDiskMetrics,
  registerForgeMetrics,
  registerProcessMetrics,
  registerQueueMetrics,
  registerSweepMetrics,
} from './metrics.ts'
import { openDatabase } from './open-database.ts'
import type { Role } from './processes.ts'
import { createService, type Replacements, type Service } from './service.ts'
import { checkReadiness, systemStatus } from './status.ts'
import { version } from './version.ts'

const DASHBOARD = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url))

export interface Started {
  service: Service
  /** Where it answers on this machine, e.g. `http://127.0.0.1:8080`, with the prefix. */
  url: string
  /** How others reach it; the same when that is not set. */
  base: string
  /** Stops taking requests and jobs, hands over what runs, closes the database. */
  stop(): Promise<void>
}

export interface StartOptions {
  say?: (line: string) => void
  replace?: Replacements
  /** Everything, or a part, which needs PostgreSQL. */
  role?: Role
}

/**
 * Starts the service, or the part of it that this process is: database, queue, HTTP.
 *
 * @throws {SetupError} naming what the operator has to mend: the data directory in use, the port taken, the database away
 */
export async function start(
  settings: Config,
  log: Logger,
  { say = () => {}, replace = {}, role = 'serve' }: StartOptions = {},
): Promise<Started> {
  if (role !== 'serve') needServer(settings, role)
  for (const { what, advice } of await refuseWrongCopr(settings)) log.warn({ advice }, what)
  // what was begun is ended in turn, whether the start fails or the service stops
  await using begun = new AsyncDisposableStack()
  const opened = await openDatabase(settings, say)
  begun.defer(() => opened.close())
  const wanted = role === 'worker' ? settings.workerPort : settings.port
  const config = { ...settings, port: wanted === 0 ? await findFreePort(settings.host) : wanted }
  const service = await createService(config, opened.database, log, replace, role)
  begun.defer(() => service.stop())
  const server = role === 'worker' ? await assembleWorkerServer(service, log) : await assembleServer(service, log)
  begun.defer(() => server.close())
  await listen(server, config)
  const url = `http://${hostInUrl(config.host)}:${(server.server.address() as AddressInfo).port}${prefixOf(config)}`
  await opened.held?.setAddress(url)
  const base = config.publicUrl ?? url
  const control = opened.held
    ? await listenForCommands(config.dataDir, { ...service, now: service.events.now, base })
    : undefined
  begun.defer(async () => control?.close())
  if (role !== 'web') await service.work()
  const running = begun.move()
  return {
    service,
    url,
    base,
    async stop() {
      service.announceStop()
      // a proxy looks now and then; until it has, requests come and are answered
      if (role === 'web') await sleep(config.drainMs)
      await running.disposeAsync()
    },
  }
}

/** Processes share a database and a queue: the embedded ones belong to one. */
function needServer({ databaseUrl }: Config, role: Role): void {
  if (databaseUrl) return
  throw new SetupError(
    `"packit-service ${role}" needs PostgreSQL: set DATABASE_URL, the same for all processes. ` +
      'With the embedded database "packit-service serve" does everything in one process.',
  )
}

function prefixOf({ publicUrl }: Config): string {
  return publicUrl ? new URL(publicUrl).pathname.replace(/\/$/, '') : ''
}

/** The HTTP server of a service, not listening yet. */
export function assembleServer(service: Service, log: Logger): ReturnType<typeof createServer> {
  const { config, database, storage, queue } = service
  return createServer({
    database,
    storage,
    queue,
    now: service.events.now,
    options: {
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      rateLimit: config.rateLimit,
      dashboardDir: DASHBOARD,
      version: { version, commit: null },
      buildSlots: service.processes.slots,
      takesTestNotices: service.tests.tester?.name === 'testing-farm',
      readsNeedToken: config.privateNamespaces.length > 0,
    },
    pages: [async (app) => void app.register(setupRoutes, setupDeps(service, app))],
    findPermission: (project, login) => findPermission(service, project, login),
    findSignIn: createGithubSignIn(service.apps.current),
    webhooks: [async (app) => void app.register(webhookRoutes, service.events)],
    status: () => systemStatus(service),
    checkReadiness: () => checkReadiness(service),
    registerMetrics: (registry) => registerServiceMetrics(registry, service),
    isStopping: () => service.stopping.aborted,
    logger: log,
  })
}

/** What a worker answers: whether it lives, and what it counts. */
function assembleWorkerServer(service: Service, log: Logger) {
  return createWorkerServer({
    database: service.database,
    checkReadiness: () => checkReadiness(service),
    registerMetrics: (registry) => registerServiceMetrics(registry, service),
    logger: log,
  })
}

function registerServiceMetrics(registry: Registry, service: Service): void {
  registerQueueMetrics(registry, service.queue)
  service.metrics.register(registry)
  registerProcessMetrics(registry, service.processes)
  registerForgeMetrics(registry, service.forges)
  registerSweepMetrics(registry, service.database)
  registerDiskMetrics(registry, service.config.dataDir)
  registerMessageMetrics(registry, service.findListener)
  registerBackendMetrics(registry, service.backends)
}

/** What the forge says that somebody may do there; of a project whose forge is not set up nobody may do anything. */
async function findPermission({ findForge }: Service, project: AccessProject, login: string) {
  const forge = findForge(project.forge)
  if (!forge) throw new NotFoundError(`no forge is set up for ${project.forge}`)
  return forge.findPermission(project, login)
}

function setupDeps({ apps, config, database, events }: Service, { server }: FastifyInstance): SetupDeps {
  const { publicUrl, github, host, port } = config
  const localUrl = () => {
    const address = server.address()
    return `http://${hostInUrl(host)}:${typeof address === 'object' && address ? address.port : port}`
  }
  const base = () => publicUrl ?? localUrl()
  return { apps, base, publicUrl, apiUrl: github.apiUrl, ...setupStore({ database, now: events.now }) }
}
