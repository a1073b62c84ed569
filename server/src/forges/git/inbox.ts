import { Fields } from '../../domain/fields.ts'
import { DeliveryError, type ForgeProject, type ReadDelivery } from '../../domain/forge-event.ts'
import { type DeliveryHeaders, type ForgeInbox, header } from '../forge.ts'
import { isSignedWith } from '../signature.ts'

/**
 * Plain git: deliveries that a hook or a script sends for a repository without a forge of ours.
 *
 * @param findServed  hosts that an App serves now; deliveries for them are refused here
 */
export function createGitInbox(secret: string | undefined, findServed: () => readonly string[] = () => []): ForgeInbox {
  return {
    source: 'git',
    accepted: 'Webhook accepted. We thank you, git.',
    async verify(headers, body) {
      if (!secret) return { ok: false, answer: "'PACKIT_GIT_WEBHOOK_SECRET' is not set: this endpoint takes nothing." }
      const signature = header(headers, 'x-packit-signature-256')
      if (!signature) return { ok: false, answer: 'X-Packit-Signature-256 not in request.headers' }
      return isSignedWith(secret, body, signature)
        ? { ok: true }
        : { ok: false, answer: 'Payload signature validation failed.' }
    },
    deliveryId(headers) {
      const id = header(headers, 'x-packit-delivery')
      if (!id || id.length > 100 || !/^[\x21-\x7e]+$/.test(id)) {
        throw new DeliveryError('the header X-Packit-Delivery must hold an id of at most 100 printable characters')
      }
      return id
    },
    read: (_headers: DeliveryHeaders, body: unknown) => readGitDelivery(body, findServed()),
  }
}

/** Reads the JSON of `POST /api/webhooks/git`; the format is ours (docs/configuration.md). */
export function readGitDelivery(body: unknown, served: readonly string[] = []): ReadDelivery {
  const fields = new Fields(body)
  const kind = fields.text('kind')
  if (kind !== 'pull_request' && kind !== 'push') throw new DeliveryError('kind must be "pull_request" or "push"')
  const project = readProject(fields.object('repository'), served)
  return kind === 'push' ? readPush(fields, project) : readPullRequest(fields, project)
}

const ACTIONS = ['opened', 'updated', 'reopened', 'closed', 'edited'] as const

function readPullRequest(fields: Fields, project: ForgeProject): ReadDelivery {
  const word = fields.optionalText('action') ?? 'opened'
  const action = ACTIONS.find((a) => a === word)
  if (!action) throw new DeliveryError(`action must be one of ${ACTIONS.join(', ')}`)
  const base = fields.object('base')
  const head = fields.object('head')
  return {
    kind: 'event',
    event: 'pull_request',
    action,
    forgeEvent: {
      kind: 'pull_request',
      action,
      project,
      number: fields.integer('number'),
      title: fields.text('title'),
      author: fields.text('author', 200),
      url: fields.optionalPage('url'),
      base: { ref: base.ref('ref'), sha: base.optionalSha('sha') },
      head: {
        cloneUrl: head.optionalText('repository_url') ?? project.cloneUrl,
        ref: head.ref('ref'),
        sha: head.sha('sha'),
      },
      labels: fields.texts('labels'),
      order: fields.has('sequence')
        ? fields.integer('sequence')
        : fields.has('updated_at')
          ? fields.instant('updated_at')
          : null,
    },
  }
}

const NO_COMMIT = /^0+$/

function readPush(fields: Fields, project: ForgeProject): ReadDelivery {
  const [, refKind, ref] = fields.ref('ref').match(/^refs\/(heads|tags)\/(.+)$/) ?? []
  if (!ref) throw new DeliveryError('ref must begin with refs/heads/ or refs/tags/')
  const after = fields.sha('after')
  const before = fields.optionalSha('before')
  return {
    kind: 'event',
    event: 'push',
    action: null,
    forgeEvent: {
      kind: 'push',
      project,
      ref,
      refKind: refKind === 'tags' ? 'tag' : 'branch',
      before: before && !NO_COMMIT.test(before) ? before : null,
      after: NO_COMMIT.test(after) ? null : after,
      author: fields.optionalText('author', 200) ?? '',
    },
  }
}

function readProject(repository: Fields, served: readonly string[]): ForgeProject {
  const cloneUrl = repository.text('url')
  const place = placeOfUrl(cloneUrl)
  const path = place.path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  const parts = path.split('/')
  const name = repository.optionalText('name', 200) ?? parts.at(-1) ?? ''
  const namespace = repository.optionalText('namespace', 500) ?? (parts.slice(0, -1).join('/') || '-')
  const forge = hostName(repository.optionalText('forge', 200) ?? place.host)
  for (const host of [forge, hostName(place.host)]) refuseServed(host, served)
  if (/[/\s]/.test(name) || !isPathPart(name)) throw new DeliveryError('repository.name must be a name without slashes')
  if (!namespace.split('/').every(isPathPart))
    throw new DeliveryError('repository.namespace must be names with one slash between them')
  return {
    forge,
    namespace,
    name,
    webUrl: repository.optionalPage('web_url') ?? pageOf(cloneUrl, place.host, path),
    cloneUrl,
    isPrivate: repository.boolean('private'),
  }
}

/** The page of a repository whose delivery names none. Everybody sees it: a token stays out of it. */
function pageOf(cloneUrl: string, host: string, path: string): string {
  if (/^(\/|file:)/.test(cloneUrl)) return cloneUrl
  if (!/^https?:\/\//.test(cloneUrl)) return `https://${host}/${encodeURI(path)}`
  const page = new URL(cloneUrl)
  page.username = ''
  page.password = ''
  return page.href
}

function refuseServed(host: string, served: readonly string[]): void {
  const app = served.find((own) => host === own || host.endsWith(`.${own}`))
  if (app === undefined) return
  throw new DeliveryError(`repository is on ${app}, which an App of this service serves; deliveries come from there`)
}

/** A host as projects are known by it: `GitHub.com.` is `github.com`. */
function hostName(text: string): string {
  const host = text.toLowerCase().replace(/\.$/, '')
  if (/^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?)$/.test(host) && !host.includes('..')) return host
  throw new DeliveryError('repository.forge must be a host name, such as git.example.org')
}

/** Parts of a project's name stand in addresses: nothing that is invisible there, or means something else. */
function isPathPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !/[\p{C}\p{Zl}\p{Zp}%?#\\]/u.test(part)
}

/** Host and path of a git URL: `https://…`, `ssh://…`, `user@host:path`, `file://…` or a path of this machine. */
export function placeOfUrl(url: string): { host: string; path: string } {
  const scp = url.match(/^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/)
  if (scp?.[1] && scp[2]) return { host: scp[1], path: scp[2] }
  if (url.startsWith('/')) return { host: 'localhost', path: url }
  try {
    const parsed = new URL(url)
    if (!/^(https?|ssh|git|file):$/.test(parsed.protocol)) throw new TypeError('no transport of git')
    return { host: parsed.hostname || 'localhost', path: decodeURIComponent(parsed.pathname) }
  } catch {
    throw new DeliveryError(
      'repository.url must be an address git can fetch from, such as https://host/namespace/name.git',
    )
  }
}
