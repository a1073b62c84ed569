import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { AccessProject } from '../db/project-access.ts'
import { NotFoundError } from '../domain/errors.ts'
import { createGithubSignIn } from '../forges/github/oauth.ts'
import { type SetupDeps, setupRoutes } from '../forges/github/setup/routes.ts'
import { createServer } from '../http/server.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import { listenForCommands } from './control.ts'
import { setupStore } from './links.ts'
import { findFreePort, hostInUrl, listen } from './listen.ts'
import { registerDiskMetrics, registerForgeMetrics, registerQueueMetrics, registerSweepMetrics } from './metrics.ts'
import { openDatabase } from './open-database.ts'
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
}

/**
 * Starts the service: database, queue, HTTP.
 *
 * @throws {SetupError} naming what the operator has to mend: the data directory in use, the port taken, the database away
 */
export async function start(
  settings: Config,
  log: Logger,
  { say = () => {}, replace = {} }: StartOptions = {},
): Promise<Started> {
  // what was begun is ended in turn, whether the start fails or the service stops
  await using begun = new AsyncDisposableStack()
  const opened = await openDatabase(settings, say)
  begun.defer(() => opened.close())
  const config = settings.port === 0 ? { ...settings, port: await findFreePort(settings.host) } : settings
  const service = await createService(config, opened.database, log, replace)
  begun.defer(() => service.stop())
  const server = await assembleServer(service, log)
  begun.defer(() => server.close())
  await listen(server, config)
  const url = `http://${hostInUrl(config.host)}:${(server.server.address() as AddressInfo).port}${prefixOf(config)}`
  await opened.held?.setAddress(url)
  const base = config.publicUrl ?? url
  const control = opened.held
    ? await listenForCommands(config.dataDir, { ...service, now: service.events.now, base })
    : undefined
  begun.defer(async () => control?.close())
  await service.work()
  const running = begun.move()
  return { service, url, base, stop: () => running.disposeAsync() }
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
      buildSlots: config.buildParallel,
      readsNeedToken: config.privateNamespaces.length > 0,
    },
    pages: [async (app) => void app.register(setupRoutes, setupDeps(service, app))],
    findPermission: (project, login) => findPermission(service, project, login),
    findSignIn: createGithubSignIn(service.apps.current),
    webhooks: [async (app) => void app.register(webhookRoutes, service.events)],
    status: () => systemStatus(service),
    checkReadiness: () => checkReadiness(service),
    registerMetrics(registry) {
      registerQueueMetrics(registry, service.queue)
      registerForgeMetrics(registry, service.forges)
      registerSweepMetrics(registry, database)
      registerDiskMetrics(registry, config.dataDir)
    },
    logger: log,
  })
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
