import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { addAudit } from '../db/audit.ts'
import type { Db } from '../db/database.ts'
import { claimKey, storeAnswer } from '../db/idempotency.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { problem, refusals } from './answers.ts'
import { actorOf, authRefusals, withToken } from './auth.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError, notFound } from './errors.ts'

/** What a write does, as its answer and the audit log tell it. */
export interface Accepted<Body> {
  /** `url` is where to look at what comes of it. */
  body: Body & { accepted: true; url: string }
  action: string
  subject: string
  detail?: Record<string, unknown>
  /** The work wrote its entry in the audit log itself, or needs none since it changed nothing. */
  isNoted?: true
}

const Headers = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      description: 'Idempotency-Key: a text of your own. A repeat with the same one is answered, and not done again',
      pattern: '^[\\x20-\\x7e]+$',
      maxLength: 255,
      minLength: 1,
    }),
  ),
})

/** What the schemas of all writes share. */
export function writeSchema<T extends TSchema>(model: T) {
  return {
    security: withToken,
    headers: Headers,
    response: {
      202: model,
      400: problem('The body or a header is wrong: `errors` has an entry for each field'),
      ...authRefusals,
      404: problem('Not found'),
      409: problem('It can not be done as things stand, or a request with this Idempotency-Key is under way'),
      413: problem('The body is too large'),
      415: problem('The body is not JSON'),
      422: problem('The Idempotency-Key was used for another request'),
      ...refusals,
    },
  }
}

type Work<Body> = (tx: Db, now: Date) => Promise<Accepted<Body>>

/**
 * Does a write and answers 202: the work, its entry in the audit log and the answer for repeats are written in one
 * transaction. A refusal changes nothing, so its key stays free.
 */
export async function acceptWrite<Body extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  { database, now }: Pick<ApiDeps, 'database' | 'now'>,
  work: Work<Body>,
): Promise<Accepted<Body>['body']> {
  const { name: actor } = actorOf(request)
  const at = now()
  const key = request.headers['idempotency-key']
  const keyed = typeof key === 'string' ? { actor, key, request: hashRequest(request) } : undefined
  const done = await database
    .transaction(async (tx) => {
      const claim = keyed ? await claimKey(tx, keyed, at) : { kind: 'first' as const }
      if (claim.kind === 'repeat') return { ...claim.answer, isRepeat: true }
      if (claim.kind !== 'first') throw refuseKey(claim.kind)
      const { body, isNoted, ...entry } = await work(tx, at)
      if (!isNoted) await addAudit(tx, { actor, at, ...entry })
      if (keyed) await storeAnswer(tx, keyed, { status: 202, body: { ...body } }, at)
      return { status: 202, body, isRepeat: false }
    })
    .catch((error: unknown) => {
      throw toApiError(error)
    })
  if (done.isRepeat) reply.header('idempotent-replayed', 'true')
  // what is stored was made by this very operation
  const body = done.body as Accepted<Body>['body']
  reply.code(done.status).header('location', body.url)
  return body
}

/** The same method, address and body make the same request, however the JSON was spaced. */
function hashRequest({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('hex')
}

function refuseKey(kind: 'other' | 'under-way'): ApiError {
  if (kind === 'other') return new ApiError(422, 'This Idempotency-Key was used for another request: take a new one.')
  const message = 'A request with this Idempotency-Key is under way: ask again in a moment.'
  return new ApiError(409, message, undefined, { 'retry-after': '1' })
}

function toApiError(error: unknown): unknown {
  if (error instanceof NotFoundError) return notFound(error.message)
  if (error instanceof ConflictError) return new ApiError(409, error.message)
  return error
}
