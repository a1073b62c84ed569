import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, notFound, toProblem } from '../api/errors.ts'
import type { FindMethods } from './methods.ts'
import { splitUrl } from './rewrite-url.ts'

const MESSAGES: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
  FST_ERR_BAD_URL: 'The address is not well-formed: it has a % that is not followed by two hexadecimal digits.',
}

/** PostgreSQL ended a statement that took too long. */
const QUERY_CANCELED = '57014'

/** Sends what went wrong, in the one shape of all refusals. Also for what Fastify finds wrong before any route. */
export function sendError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const known = toApiError(error)
  if (!known) request.log.error({ err: error, url: request.url }, 'a request failed')
  const { statusCode, message, keys, headers } = known ?? new ApiError(500, 'Internal Server Error')
  // an answer may have been begun as something else
  for (const name of ['content-encoding', 'content-range', 'cache-control', 'content-length']) reply.removeHeader(name)
  reply
    .code(statusCode)
    .headers(headers)
    .type('application/json; charset=utf-8')
    .send(toProblem(statusCode, message, keys))
}

function toApiError(error: FastifyError | ApiError): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (findCode(error) === QUERY_CANCELED) {
    return new ApiError(503, 'The database took too long: try again, or ask for less.', undefined, {
      'retry-after': '5',
    })
  }
  const { statusCode = 500, code, message } = error
  const headers = 'headers' in error ? (error.headers as Record<string, string>) : {}
  const isTold = statusCode !== 500 && statusCode >= 400
  return isTold ? new ApiError(statusCode, MESSAGES[code] ?? message, undefined, headers) : undefined
}

/** The database's code of an error; the query library wraps it. */
function findCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  return 'code' in error && typeof error.code === 'string' ? error.code : findCode(error.cause)
}

/** What is not there: told as JSON, and told from what is there for another method. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, findMethods: FindMethods): void {
  const methods = findMethods(splitUrl(request.url).path)
  const error =
    methods.length === 0 || methods.includes(request.method)
      ? notFound(`There is nothing at ${splitUrl(request.url).path}`)
      : new ApiError(405, 'The method is not allowed for the requested URL.', undefined, { allow: methods.join(', ') })
  sendError(error, request, reply)
}

export function setErrorHandlers(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | ApiError>(sendError)
}
