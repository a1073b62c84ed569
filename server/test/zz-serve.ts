import { createGitInbox } from '../src/forges/git/inbox.ts'
import { createGithubInbox } from '../src/forges/github/inbox.ts'
import { createUnsetInbox } from '../src/forges/unset.ts'
import { webhookRoutes } from '../src/webhooks/routes.ts'
import { createApi } from './api-world.ts'

const inboxes = [
  createGithubInbox('x'),
  createGitInbox('x'),
  createUnsetInbox('gitlab', 'no'),
  createUnsetInbox('forgejo', 'no'),
]
const deps: any = {}
const api = await createApi({
  kind: 'postgres',
  rateLimit: 0,
  deps: {
    webhooks: [
      async (app: any) =>
        void app.register(webhookRoutes, { inboxes, database: deps.database, storage: null, queue: null }),
    ],
  },
} as any)
deps.database = api.database
await api.storage.put('srpm/1/build.log', 'some lines\n')
console.log(await api.app.listen({ port: 8099, host: '127.0.0.1' }))
