import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import { apiRoutes } from '../api/api.ts'
import { securitySchemes } from '../api/auth.ts'
import type { ApiDeps } from '../api/deps.ts'
import EXAMPLES from '../api/models/examples.json' with { type: 'json' }
import { models } from '../api/models/models.ts'
import { OpenStreams } from '../api/stream.ts'
import { type WebhookDeps, webhookRoutes } from '../webhooks/routes.ts'

/** An OpenAPI 3.1 document. */
export type OpenapiDocument = ReturnType<FastifyInstance['swagger']>

const DESCRIPTION =
  'Builds every change of a project as packages. The shapes are those of Packit Service, so that its clients work ' +
  'here; keys beside them are marked by nothing but this document. Times whose name ends with _at have a fraction.'

const TAGS = {
  projects: 'Projects, and what has set something off in them',
  search: 'One search over everything that has a name',
  runs: 'Everything that was done for one commit of a pull request, branch or release',
  builds: 'SRPMs, and RPM builds of any builder',
  tests: 'Tests of built packages',
  koji: 'Builds in Koji, and requests to tag them',
  releases: 'What carries a release into the distribution',
  analyses: 'Scans by OpenScanHub, and analyses by Log Detective',
  usage: 'How much each project uses the service',
  deliveries: 'What forges told us, and what came of it',
  access: 'Who may start work, and who has the GitHub App installed',
  logs: 'Logs as text, whole or by parts, also while they grow',
  stream: 'What changes, while it does',
  service: 'The service itself',
  webhooks: 'What forges tell',
}

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
      components: { securitySchemes },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      // reading needs nothing; what writes names its scheme itself
      security: [],
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `def-${i}`),
    },
  })
  for (const model of models) app.addSchema(withExample(model))
}

/** Real answers for the rows of the tests, by model: `server/test/api-examples.test.ts` writes and holds them. */
function withExample(model: object): object {
  const { $id = '', examples } = model as { $id?: string; examples?: unknown[] }
  const written = (EXAMPLES as Record<string, unknown>)[$id]
  return examples || written === undefined ? model : { ...model, examples: [written] }
}

/** The contract as it is written to `openapi.json`: of the routes alone, with nothing behind them. */
export async function buildOpenapi(): Promise<OpenapiDocument> {
  const app = Fastify()
  await registerOpenapi(app, '/')
  await app.register(apiRoutes, { ...nothing, prefix: '/api' })
  await app.register(webhookRoutes, { ...noDeliveries, prefix: '/api' })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}

const never = () => {
  throw new Error('the routes are described here, not called')
}

const noDeliveries = {
  inboxes: (['github', 'git', 'gitlab', 'forgejo'] as const).map((source) => ({ source })),
} as unknown as WebhookDeps

const nothing = {
  db: never as unknown as ApiDeps['db'],
  database: never as unknown as ApiDeps['database'],
  queue: { add: never },
  now: never,
  storage: { range: never, read: never },
  links: { base: '', isPublic: false },
  buildSlots: () => 1,
  feed: never as unknown as ApiDeps['feed'],
  usage: never as unknown as ApiDeps['usage'],
  rights: never as unknown as ApiDeps['rights'],
  findSignIn: never,
  isPrivate: false,
  streams: new OpenStreams(),
  system: {},
  status: never,
  checkReadiness: never,
}
