import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeAllowlist } from '../jobs/change-allowlist.ts'
import { actorOf, requireScope } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { readJsonBodies } from './json-body.ts'
import { ref } from './models/common.ts'
import { AcceptedEntry, ChangedEntry } from './models/writes.ts'
import { acceptWrite, writeSchema } from './write.ts'

/** What changes who may start work. */
export const allowlistWriteRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  readJsonBodies(app)
  app.post(
    '/allowlist',
    {
      preParsing: requireScope('admin', deps),
      schema: {
        ...writeSchema(ref(AcceptedEntry)),
        operationId: 'changeAllowlist',
        summary: 'Allow or deny a namespace, an account, a repository or a whole forge, or remove its entry',
        description:
          'Where something becomes allowed, open pull requests that were refused until now are decided again. What runs goes on.',
        tags: ['access'],
        body: ChangedEntry,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedEntry>(request, reply, deps, async (tx, now) => {
        const change = { ...request.body, actor: actorOf(request).name }
        const { path, after, again } = await changeAllowlist(tx, deps.queue, change, now)
        const status = after === 'denied' || after === undefined ? (after ?? null) : 'approved_manually'
        const url = `${deps.links.base}/api/allowlist/${path.split('/').map(encodeURIComponent).join('/')}`
        return {
          body: { accepted: true, path, status, decided_again: again, url },
          action: `allowlist.${change.status}`,
          subject: path,
          isNoted: true,
        }
      }),
  )
}
