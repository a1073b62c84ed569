import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Database } from '../db/database.ts'
import { countRefusal } from '../db/deliveries.ts'
import { DeliveryError } from '../domain/forge-event.ts'
import type { ForgeInbox } from '../forges/forge.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'
import { describeWebhook } from './describe.ts'
import { storeDelivery } from './store-delivery.ts'
import { createUnverified } from './unverified.ts'
import { type WriteDelivery, writeTogether } from './write-together.ts'

export interface WebhookDeps {
  inboxes: readonly ForgeInbox[]
  database: Database
  storage: Storage
  queue: Queue
}

const MAX_BODY_BYTES = 25 * 2 ** 20

/** Before the signature is known: so many at a time, and so long for a body (25 MB at 10 Mbit/s). A burst waits a moment. */
const UNVERIFIED = { max: 8, maxWaiting: 500, waitMs: 10_000, slowMs: 2000, timeMs: 20_000 }

const UNWANTED = "Thanks but we don't care about this event"

/** `POST /api/webhooks/…`: checks the signature, stores the delivery once, queues it, answers 202. Decides nothing. */
export const webhookRoutes: FastifyPluginAsync<WebhookDeps> = async (app, deps) => {
  const unverified = createUnverified(UNVERIFIED)
  const write = writeTogether(deps)
  // the schemas describe; what a body holds is looked at when its signature is known
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => done(null, body),
  )

  app.addHook('onRequest', async (request, reply) => {
    if (!(await unverified.enter(request))) {
      throw refusal(503, 'Too many deliveries at a time: send it again in a second.', { 'retry-after': '1' })
    }
    reply.raw.once('close', () => unverified.leave(request))
  })
  app.addHook('preValidation', async (request) => unverified.arrived(request))

  for (const inbox of deps.inboxes) {
    const schema = describeWebhook(inbox.source)
    app.post(`/webhooks/${inbox.source}`, { bodyLimit: MAX_BODY_BYTES, schema }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const verified = await inbox.verify(request.headers, body)
      if (!verified.ok) return refuse(deps, inbox, verified.answer, reply)
      unverified.leave(request)
      try {
        return await accept(inbox, request.headers, body, { storage: deps.storage, write }, reply)
      } catch (error) {
        if (error instanceof DeliveryError) throw refusal(400, error.message)
        throw error
      }
    })
  }
}

/** Told in the shape of all refusals by whoever sends errors. */
function refusal(statusCode: number, message: string, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), { statusCode, headers })
}

async function refuse(deps: WebhookDeps, inbox: ForgeInbox, answer: string, reply: FastifyReply) {
  await countRefusal(deps.database.db, inbox.source, answer)
  return sayJson(reply, 401, answer)
}

async function accept(
  inbox: ForgeInbox,
  headers: Parameters<ForgeInbox['verify']>[0],
  body: Buffer,
  deps: { storage: Storage; write: WriteDelivery },
  reply: FastifyReply,
) {
  const json = parseJson(body)
  if (isEmpty(json)) return sayJson(reply, 400, "We haven't received any JSON data.")
  const read = inbox.read(headers, json)
  if (read.kind === 'ping') return sayJson(reply, 200, 'Pong!')
  await storeDelivery({ source: inbox.source, deliveryId: inbox.deliveryId(headers), headers, body, read }, deps)
  return sayJson(reply, 202, read.kind === 'unwanted' ? UNWANTED : inbox.accepted)
}

/** The answers are JSON strings, quotes included, as clients of the existing service expect. */
function sayJson(reply: FastifyReply, status: number, text: string) {
  return reply
    .code(status)
    .type('application/json')
    .send(`${JSON.stringify(text)}\n`)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw new DeliveryError(`The body is not JSON: ${(error as Error).message}`)
  }
}

function isEmpty(json: unknown): boolean {
  if (!json) return true
  return typeof json === 'object' && Object.keys(json).length === 0
}
