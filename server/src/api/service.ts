import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { ref } from './models/common.ts'
import { Health, Readiness, System, SystemStatus } from './models/service.ts'

const tags = ['service']

/** How the service itself is. */
export const serviceRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  app.get(
    '/healthz',
    {
      config: { rateLimit: false },
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the process answers',
        tags,
        response: { 200: ref(Health), ...refusals },
      },
    },
    async () => ({ status: 'We are healthy!' }),
  )

  app.get(
    '/readyz',
    {
      config: { rateLimit: false },
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether requests should be sent here',
        tags,
        response: { ...refusals, 200: ref(Readiness), 503: ref(Readiness) },
      },
    },
    async (_request, reply) => {
      const checks = await deps.checkReadiness()
      const ready = Object.values(checks).every((check) => check.ok)
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ready, checks })
    },
  )

  app.get(
    '/system',
    {
      schema: {
        operationId: 'getSystem',
        summary: 'Versions of the parts',
        tags,
        response: { 200: System, ...refusals },
      },
    },
    async () => deps.system,
  )

  app.get(
    '/status',
    {
      schema: {
        operationId: 'getStatus',
        summary: 'Builders, queue, disk and sandbox',
        tags,
        response: { 200: ref(SystemStatus), ...refusals },
      },
    },
    async () => deps.status(),
  )
}
