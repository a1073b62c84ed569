import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { approveEvent } from '../jobs/approve-event.ts'
import { actorOf, requireScope } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { readJsonBodies } from './json-body.ts'
import { ref } from './models/common.ts'
import { AcceptedApproval } from './models/writes.ts'
import { projectOfEvent } from './project-of.ts'
import { ById } from './query.ts'
import { acceptWrite, writeSchema } from './write.ts'

/** Who may let an outsider's commit be built. */
const mayApprove = (deps: ApiDeps) => requireScope('runs:write', deps, projectOfEvent)

/** Leave to build what waits for it. */
export const approvalRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  readJsonBodies(app)
  app.post(
    '/events/:id/approve',
    {
      preParsing: mayApprove(deps),
      schema: {
        ...writeSchema(ref(AcceptedApproval)),
        operationId: 'approveEvent',
        summary: "Let an outsider's commit be built",
        description:
          'Of the newest commit of an open pull request, and of no other: a new push waits again. A repeat changes nothing.',
        tags: ['runs'],
        params: ById,
      },
    },
    (request, reply) =>
      acceptWrite<AcceptedApproval>(request, reply, deps, async (tx, now) => {
        const { id } = request.params
        const { commit, attempt, approvedBefore } = await approveEvent(tx, deps.queue, id, actorOf(request).name, now)
        const url = `${deps.links.base}/api/runs?${new URLSearchParams({ commit })}`
        return {
          body: { accepted: true, event_id: id, commit, attempt, approved_before: approvedBefore, url },
          action: 'event.approve',
          subject: `event ${id}`,
          isNoted: true,
        }
      }),
  )
}
