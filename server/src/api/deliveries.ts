import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { DELIVERY_STATES, findDelivery, listDeliveries } from '../db/read-deliveries.ts'
import { headersKey } from '../domain/delivery-headers.ts'
import { replayDelivery } from '../jobs/replay-delivery.ts'
import { detail, list } from './answers.ts'
import { authRefusals, hasScope, requireScope, withOrWithoutToken } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'
import { toJobFilter, whatIsGiven } from './filters.ts'
import { Instant } from './instant.ts'
import { readJsonBodies } from './json-body.ts'
import { ref, words } from './models/common.ts'
import { Delivery } from './models/service.ts'
import { AcceptedDelivery } from './models/writes.ts'
import { OrderedPaging, sendPage, toWindow } from './paged.ts'
import { ProjectPath } from './project-path.ts'
import { ById } from './query.ts'
import { toDelivery } from './shapes/delivery.ts'
import { acceptWrite, writeSchema } from './write.ts'

const tags = ['deliveries']
const Filters = {
  source: Type.Optional(Type.String({ description: 'The endpoint that took it, e.g. github', maxLength: 100 })),
  event: Type.Optional(Type.String({ description: 'What the forge calls it, e.g. pull_request', maxLength: 100 })),
  state: Type.Optional(words(DELIVERY_STATES, { description: 'State' })),
  project: Type.Optional(ProjectPath),
  since: Type.Optional(Instant('Received at this instant or later')),
  until: Type.Optional(Instant('Received at this instant or before')),
}
const { 401: invalidToken } = authRefusals
const MISSING = 'No info about delivery stored in DB'

/** The inbox: what forges told us, and what came of it. */
export const deliveryRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  const { db } = deps
  readJsonBodies(app)

  app.get(
    '/deliveries',
    {
      schema: {
        operationId: 'listDeliveries',
        summary: 'What forges told us, the newest first',
        description: 'Deliveries of private repositories are left out without the scope deliveries:read.',
        tags,
        security: withOrWithoutToken,
        querystring: Type.Object({ ...OrderedPaging, ...Filters }),
        response: { ...list(ref(Delivery)), 401: invalidToken },
      },
    },
    async (request, reply) => {
      const { source, event, state, ...rest } = request.query
      const filter = { ...toJobFilter(rest), facets: whatIsGiven({ source, event, state }) }
      const withPrivate = await hasScope(request, reply, 'deliveries:read', deps)
      const found = await listDeliveries(db, filter, toWindow(request.query), withPrivate)
      return sendPage(request, reply, { unit: 'deliveries', found, toEntry: toDelivery })
    },
  )

  app.get(
    '/deliveries/:id',
    {
      schema: {
        operationId: 'getDelivery',
        summary: 'What a forge told us, and what came of it',
        description: 'With the scope deliveries:read payload and headers as well, as long as they are kept.',
        tags,
        security: withOrWithoutToken,
        params: ById,
        response: { ...detail(ref(Delivery)), 401: invalidToken },
      },
    },
    async (request, reply) => {
      const mayReadAll = await hasScope(request, reply, 'deliveries:read', deps)
      const found = await findDelivery(db, request.params.id)
      if (!found || (found.isPrivate && !mayReadAll)) throw notFound(MISSING)
      if (!mayReadAll) return toDelivery(found)
      const { payloadKey } = found
      const [payload, headers] = payloadKey
        ? await Promise.all([readJson(payloadKey), readJson(headersKey(payloadKey))])
        : [null, null]
      return { ...toDelivery(found), payload, headers: headers as Record<string, string> | null }
    },
  )

  async function readJson(key: string): Promise<unknown> {
    const stored = await deps.storage.range(key, 0, Number.MAX_SAFE_INTEGER)
    return stored ? JSON.parse(stored.data.toString()) : null
  }

  app.post(
    '/deliveries/:id/replay',
    {
      preParsing: requireScope('deliveries:write', deps),
      schema: {
        ...writeSchema(ref(AcceptedDelivery)),
        operationId: 'replayDelivery',
        summary: 'Decide a delivery again',
        tags,
        params: ById,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedDelivery>(request, reply, deps, async (tx) => {
        const { id } = request.params
        await replayDelivery(tx, deps.queue, id)
        return {
          body: { accepted: true, delivery_id: id, url: `${deps.links.base}/api/deliveries/${id}` },
          action: 'delivery.replay',
          subject: `delivery ${id}`,
        }
      }),
  )
}
