import type { FastifySchema } from 'fastify'
import type { ForgeInbox } from '../forges/forge.ts'

const NAMES: Record<ForgeInbox['source'], { name: string; delivery: string; signature: string; event?: string }> = {
  github: {
    name: 'GitHub',
    delivery: 'X-GitHub-Delivery',
    signature: 'X-Hub-Signature-256',
    event: 'X-GitHub-Event',
  },
  git: { name: 'a plain git repository', delivery: 'X-Packit-Delivery', signature: 'X-Packit-Signature-256' },
  gitlab: { name: 'GitLab', delivery: 'X-Gitlab-Event-UUID', signature: 'X-Gitlab-Token', event: 'X-Gitlab-Event' },
  forgejo: {
    name: 'Forgejo',
    delivery: 'X-Forgejo-Delivery',
    signature: 'X-Forgejo-Signature',
    event: 'X-Forgejo-Event',
  },
}

const headerOf = (description: string) => ({ type: 'string', description, maxLength: 1000 })
/** One of the texts of the contract, as JSON: with its quotes. */
const says = (description: string) => ({ description, type: 'string' })
const problem = (description: string) => ({ description, $ref: 'Problem#' })

/** How an endpoint for deliveries stands in the contract. It is only described: bodies are checked by their signature first. */
export function describeWebhook(source: ForgeInbox['source']): FastifySchema {
  const { name, delivery, signature, event } = NAMES[source]
  return {
    operationId: `deliver${source[0]?.toUpperCase()}${source.slice(1)}`,
    summary: `Takes a delivery of ${name}`,
    description:
      'It is stored before the answer, once for each delivery id; what comes of it is told by GET /api/deliveries/{id}.',
    tags: ['webhooks'],
    consumes: ['application/json'],
    headers: {
      type: 'object',
      properties: {
        [delivery]: headerOf('Id of the delivery: a second one with the same id counts as the same'),
        [signature]: headerOf('What proves that the delivery comes from there'),
        ...(event ? { [event]: headerOf('Kind of event') } : {}),
      },
    },
    body: {
      type: 'object',
      description: 'What happened, in the words of the forge',
      minProperties: 1,
      additionalProperties: true,
    },
    response: {
      200: says('A ping was understood'),
      202: says('The delivery is kept; it is decided next, or not wanted and its reason kept'),
      400: {
        description: 'The body is not JSON, is empty, or lacks a field that its event needs',
        anyOf: [{ $ref: 'Problem#' }, { type: 'string' }],
      },
      401: says('The signature is missing or wrong, or the endpoint is not set up; nothing was stored'),
      413: problem('The body has more than 25 MB'),
      415: problem('The body is not declared as application/json'),
      429: problem('Too many requests from this address'),
      500: problem('A fault of this service'),
      503: problem('Too many deliveries at a time: send it again in a second'),
    },
  } as FastifySchema
}
