import { verify } from '@octokit/webhooks-methods'
import { Fields } from '../../domain/fields.ts'
import { DeliveryError, type PullRequestEvent, type ReadDelivery } from '../../domain/forge-event.ts'
import { type ForgeInbox, header } from '../forge.ts'
import { readPullRequest } from './pull-request.ts'

/** Deliveries of a GitHub App or of a repository's webhook. */
export function createGithubInbox(secret: string | undefined): ForgeInbox {
  return {
    source: 'github',
    accepted: 'Webhook accepted. We thank you, Github.',
    async verify(headers, body) {
      const signature = header(headers, 'x-hub-signature-256')
      if (!secret) return { ok: false, answer: "'webhook_secret' not specified in the config." }
      if (!signature) return { ok: false, answer: 'X-Hub-Signature-256 not in request.headers' }
      const ok = await verify(secret, body.toString(), signature).catch(() => false)
      return ok ? { ok: true } : { ok: false, answer: 'Payload signature validation failed.' }
    },
    deliveryId(headers) {
      const id = header(headers, 'x-github-delivery')
      if (!id || id.length > 100 || !/^[\x21-\x7e]+$/.test(id))
        throw new DeliveryError('the header X-GitHub-Delivery must hold the id of the delivery')
      return id
    },
    read: (headers, body) => readGithubDelivery(header(headers, 'x-github-event') ?? '', body),
  }
}

const ACTIONS: Record<string, PullRequestEvent['action']> = {
  opened: 'opened',
  reopened: 'reopened',
  synchronize: 'updated',
  closed: 'closed',
  edited: 'edited',
}

/** What a GitHub delivery means to us. Fields: https://docs.github.com/webhooks/webhook-events-and-payloads */
export function readGithubDelivery(event: string, body: unknown): ReadDelivery {
  const fields = new Fields(body)
  if (event === 'ping') return { kind: 'ping' }
  const word = fields.has('action') ? fields.text('action') : null
  const unwanted = (reason: string): ReadDelivery => ({
    kind: 'unwanted',
    event: event || 'none',
    action: word,
    reason,
  })
  if (event !== 'pull_request') return unwanted(`the service does not use the event ${JSON.stringify(event || 'none')}`)
  const action = word !== null && Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined
  if (!action) return unwanted(`the service does not use the action ${JSON.stringify(word)} of pull requests`)
  if (action === 'edited' && !baseChanged(fields)) return unwanted('only the text of the pull request was edited')
  const head = fields.object('pull_request').object('head')
  if (!head.has('repo') && action !== 'closed')
    return unwanted('the repository that the pull request came from is gone')
  return {
    kind: 'event',
    event,
    action: word,
    forgeEvent: readPullRequest(fields.object('pull_request'), action, installationOf(fields)),
  }
}

function baseChanged(fields: Fields): boolean {
  return fields.has('changes') && fields.object('changes').has('base')
}

/** Deliveries of an App name its installation, those of a repository's webhook none. */
function installationOf(fields: Fields): number | undefined {
  return fields.has('installation') ? fields.object('installation').integer('id') : undefined
}
