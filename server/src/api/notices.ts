import { timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Db } from '../db/database.ts'
import { findRequestBySecret, type TestRequest } from '../db/tests.ts'
import { hashToken } from '../domain/token.ts'
import { problem, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { readJsonBodies } from './json-body.ts'

const says = (description: string) => Type.String({ description })
const Notification = Type.Object(
  {
    request_id: Type.Optional(Type.String({ description: 'Which request changed' })),
    token: Type.Optional(Type.String({ description: 'What proves that Testing Farm tells it' })),
  },
  { description: 'A change of a request', minProperties: 1 },
)

/**
 * Where Testing Farm tells that a request has changed: a hint to ask, told with the secret of that request alone. What it changed
 * to is asked for by a job.
 */
export const testResultRoutes: FastifyPluginAsync<ApiDeps> = async (app, { database, queue, takesTestNotices }) => {
  readJsonBodies(app)
  // described only: the checks come in the order of the contract
  app.setValidatorCompiler(() => () => true)
  app.post(
    '/testing-farm/results',
    {
      schema: {
        operationId: 'deliverTestResult',
        summary: 'Takes notice that a request at Testing Farm has changed',
        tags: ['webhooks'],
        body: Notification,
        response: {
          400: { description: 'The body is not JSON, or empty', anyOf: [{ $ref: 'Problem#' }, { type: 'string' }] },
          401: says('The token is missing or wrong, or Testing Farm is not set up here'),
          413: problem('The body is too large'),
          415: problem('The body is not declared as application/json'),
          200: says('The notice was taken'),
          ...refusals,
        },
      },
    },
    async ({ body }, reply) => {
      if (isEmpty(body)) return say(reply, 400, "We haven't received any JSON data.")
      if (!takesTestNotices) return say(reply, 401, 'Testing farm secret not specified in config')
      const { token, request_id: requestId } = body as { token?: unknown; request_id?: unknown }
      if (typeof token !== 'string' || token === '')
        return say(reply, 401, "The notification doesn't contain any token")
      const request = await findToldRequest(database.db, token, requestId)
      if (!request) return say(reply, 401, 'Invalid testing farm secret provided')
      await queue.add(database.db, 'settle-test', { testRequestId: request.id, poll: false })
      return say(reply, 200, 'Test results accepted')
    },
  )
}

/**
 * The request that a secret belongs to. It is told as soon as the runner has it, maybe before its id is known here; once that is
 * known, another one is wrong.
 */
async function findToldRequest(db: Db, token: string, requestId: unknown): Promise<TestRequest | undefined> {
  const hash = hashToken(token)
  const request = await findRequestBySecret(db, hash)
  if (!request || !timingSafeEqual(Buffer.from(request.secretHash), Buffer.from(hash))) return undefined
  return request.requestId === null || request.requestId === requestId ? request : undefined
}

const isEmpty = (body: unknown) => !body || (typeof body === 'object' && Object.keys(body).length === 0)

/** The contract answers with texts as JSON, quotes included. */
function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify(text))
}
