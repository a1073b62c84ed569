import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { findDelivery } from '../db/read-deliveries.ts'
import { detail, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { ref } from './models/common.ts'
import { Delivery, Health, Readiness, System, SystemStatus } from './models/service.ts'
import { ById } from './query.ts'
import { toDelivery } from './shapes/delivery.ts'

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

  app.get(
    '/deliveries/:id',
    {
      schema: {
        operationId: 'getDelivery',
        summary: 'What a forge told us, and what came of it',
        tags,
        params: ById,
        response: detail(ref(Delivery)),
      },
    },
    async ({ params }) => {
      const found = await findDelivery(deps.db, params.id)
      if (!found) throw notFound('No info about delivery stored in DB')
      return toDelivery(found)
    },
  )
}
