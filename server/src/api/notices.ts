import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import Type from 'typebox'
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

/** Where Testing Farm tells that a request has changed. This service is not set up for it, and says so. */
export const testResultRoutes: FastifyPluginAsync<ApiDeps> = async (app) => {
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
      return say(reply, 401, 'Testing farm secret not specified in config')
    },
  )
}

const isEmpty = (body: unknown) => !body || (typeof body === 'object' && Object.keys(body).length === 0)

/** The contract answers with texts as JSON, quotes included. */
function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify(text))
}
