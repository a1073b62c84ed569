import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

interface Options {
  openStreams: () => number
  /** Adds what the rest of the service counts. */
  register?: ((registry: Registry) => void) | undefined
}

/** `/metrics` for Prometheus: the process, the requests, and what the rest of the service adds. */
export function registerMetrics(app: FastifyInstance, { openStreams, register }: Options): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  new Gauge({
    name: 'packit_open_streams',
    help: 'Connections to /api/stream',
    registers: [registry],
    collect() {
      this.set(openStreams())
    },
  })
  register?.(registry)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    if (route !== '/api/stream') {
      seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
