import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Registry } from 'prom-client'
import type { Database } from '../api/deps.ts'
import type { Readiness } from '../api/models/service.ts'
import { checkDatabase } from '../api/readiness.ts'
import { endConnections } from './connections.ts'
import { registerMetrics } from './metrics.ts'

export interface WorkerServerDeps {
  database: Database
  /** What must hold besides the database. */
  checkReadiness: () => Promise<Readiness['checks']>
  registerMetrics: (registry: Registry) => void
  logger?: FastifyServerOptions['loggerInstance']
}

/** What a process that works the queue answers: whether it lives and is ready, and what it counts. Nothing else is here. */
export async function createWorkerServer(deps: WorkerServerDeps): Promise<FastifyInstance> {
  const app = Fastify({
    ...(deps.logger ? { loggerInstance: deps.logger } : {}),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
  })
  endConnections(app)
  registerMetrics(app, { openStreams: () => 0, register: deps.registerMetrics })
  app.get('/api/healthz', async () => ({ status: 'We are healthy!' }))
  app.get('/api/readyz', async (_request, reply) => {
    const checks = { ...(await deps.checkReadiness()), ...(await checkDatabase(deps.database)) }
    const ready = Object.values(checks).every((check) => check.ok)
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, checks })
  })
  return app
}
