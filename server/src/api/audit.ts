import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { listAudit } from '../db/audit.ts'
import { list } from './answers.ts'
import { authRefusals, requireScope, withToken } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { ref } from './models/common.ts'
import { AuditEntry } from './models/writes.ts'
import { Paging, sendPage, toWindow } from './paged.ts'

const Filters = {
  actor: Type.Optional(Type.String({ description: 'Who asked for it, e.g. token 3 (ci)', maxLength: 200 })),
  subject: Type.Optional(Type.String({ description: 'What it is about, e.g. run 7', maxLength: 1000 })),
}

/** The audit log: every write that was accepted. */
export const auditRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, deps) => {
  app.get(
    '/audit',
    {
      preParsing: requireScope('admin', deps),
      schema: {
        operationId: 'listAudit',
        summary: 'The audit log, the newest first',
        tags: ['service'],
        security: withToken,
        querystring: Type.Object({ ...Paging, ...Filters }),
        response: { ...list(ref(AuditEntry)), ...authRefusals },
      },
    },
    async (request, reply) => {
      const { actor, subject } = request.query
      const found = await listAudit(deps.db, { actor, subject }, toWindow(request.query))
      return sendPage(request, reply, {
        unit: 'audit-entries',
        found,
        toEntry: (row) => row satisfies AuditEntry,
      })
    },
  )
}
