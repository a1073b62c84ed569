import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import { apiRoutes } from '../api/api.ts'
import type { ApiDeps } from '../api/deps.ts'
import { models } from '../api/models/models.ts'
import { OpenStreams } from '../api/stream.ts'

/** An OpenAPI 3.1 document. */
export type OpenapiDocument = ReturnType<FastifyInstance['swagger']>

const DESCRIPTION =
  'Builds every change of a project as packages. The shapes are those of Packit Service, so that its clients work ' +
  'here; keys beside them are marked by nothing but this document. Times whose name ends with _at have a fraction.'

/** Has the routes described that are added to `app` from now on. */
export async function registerOpenapi(app: FastifyInstance, serverUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Packit Service API',
        version: '1.0',
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: serverUrl }],
      tags: ['projects', 'runs', 'builds', 'logs', 'stream', 'usage', 'service'].map((name) => ({ name })),
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `def-${i}`),
    },
  })
  for (const model of models) app.addSchema(model)
}

/** The contract as it is written to `openapi.json`: of the routes alone, with nothing behind them. */
export async function buildOpenapi(): Promise<OpenapiDocument> {
  const app = Fastify()
  await registerOpenapi(app, '/')
  await app.register(apiRoutes, { ...nothing, prefix: '/api' })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}

const never = () => {
  throw new Error('the routes are described here, not called')
}

const nothing = {
  db: never as unknown as ApiDeps['db'],
  storage: { range: never, read: never },
  links: { base: '', isPublic: false },
  feed: never as unknown as ApiDeps['feed'],
  usage: never as unknown as ApiDeps['usage'],
  streams: new OpenStreams(),
  system: {},
  status: never,
  checkReadiness: never,
}
