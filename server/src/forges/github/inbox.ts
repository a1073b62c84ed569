import { verify } from '@octokit/webhooks-methods'
import { Fields } from '../../domain/fields.ts'
import { DeliveryError, type ReadDelivery } from '../../domain/forge-event.ts'
import { type ForgeInbox, header } from '../forge.ts'
import { readCheckRun, readCheckSuite } from './inbox/checks.ts'
import { readCommitComment, readIssueComment } from './inbox/comments.ts'
import { readMergeGroup, readPush, readRelease } from './inbox/commits.ts'
import { readInstallation, readInstallationRepositories } from './inbox/installations.ts'
import { readInstallationTarget, readRepositoryEvent } from './inbox/names.ts'
import { readPullRequest } from './inbox/pull-request.ts'
import { type OwnApp, type Reader, wordOf } from './inbox/reader.ts'
import { unusedEvent } from './inbox/unused.ts'

const UNKNOWN: OwnApp = { appId: null, slug: null }

/**
 * Deliveries of a GitHub App or of a repository's webhook.
 *
 * @param findSecret  what signs them now: an App may be made while the service runs
 * @param own         our App as far as it is known when a delivery comes
 */
export function createGithubInbox(findSecret: () => string | undefined, own: () => OwnApp = () => UNKNOWN): ForgeInbox {
  return {
    source: 'github',
    accepted: 'Webhook accepted. We thank you, Github.',
    async verify(headers, body) {
      const signature = header(headers, 'x-hub-signature-256')
      const secret = findSecret()
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
    read: (headers, body) => readGithubDelivery(header(headers, 'x-github-event') ?? '', body, own()),
  }
}

const READERS: Readonly<Record<string, Reader>> = {
  pull_request: readPullRequest,
  push: readPush,
  release: readRelease,
  merge_group: readMergeGroup,
  issue_comment: readIssueComment,
  commit_comment: readCommitComment,
  check_run: readCheckRun,
  check_suite: readCheckSuite,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  installation_target: readInstallationTarget,
  repository: readRepositoryEvent,
}

/** What a GitHub delivery means to us. Fields: https://docs.github.com/webhooks/webhook-events-and-payloads */
export function readGithubDelivery(event: string, body: unknown, own: OwnApp = UNKNOWN): ReadDelivery {
  const fields = new Fields(body)
  if (event === 'ping') return { kind: 'ping' }
  const name = event || 'none'
  const read = wordOf(READERS, name)
  if (!read) return { kind: 'unwanted', event: name, action: looseAction(body), reason: unusedEvent(name) }
  const action = fields.optionalText('action', 100)
  const found = read({ body: fields, action, own })
  return typeof found === 'string'
    ? { kind: 'unwanted', event: name, action, reason: found }
    : { kind: 'event', event: name, action, forgeEvent: found }
}

/** Nothing of an event that we don't use is wrong. */
function looseAction(body: unknown): string | null {
  const { action } = body as { action?: unknown }
  return typeof action === 'string' ? action.replaceAll('\0', '').slice(0, 100) : null
}
