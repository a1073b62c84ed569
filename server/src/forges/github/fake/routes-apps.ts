import { type Answer, created, notFound, ok, paged, Refusal } from './answers.ts'
import { type Call, namedRepository, type Routes } from './call.ts'
import { allowanceOf, issueToken, reposOf, requireApp } from './callers.ts'
import type { Delivery } from './deliveries.ts'
import { takeManifestCode } from './manifests.ts'
import { appShape, installationShape, iso, publicUserShape, repositoryShape } from './shapes.ts'
import type { Installation, Permissions, Repository } from './things.ts'

export const APP_ROUTES: Routes = {
  'apps/create-from-manifest': {
    handle: ({ state, params }: Call) => {
      const app = takeManifestCode(state, String(params.code))
      if (!app) throw notFound()
      const secrets = { client_id: app.clientId, client_secret: app.clientSecret, webhook_secret: app.webhookSecret }
      return created({ ...appShape(state, app), ...secrets, pem: app.privateKey })
    },
  },
  'apps/get-authenticated': {
    handle: ({ state, caller }: Call) => {
      const app = requireApp(caller)
      const installed = state.installations.filter((one) => one.app === app && !one.isDeleted)
      return ok({ ...appShape(state, app), installations_count: installed.length })
    },
  },
  'apps/list-installations': {
    handle: (call: Call) => {
      const app = requireApp(call.caller)
      const found = call.state.installations.filter((one) => one.app === app && !one.isDeleted)
      return paged(found, call.page, call.url, (items) => items.map((one) => installationShape(call.state, one)))
    },
  },
  'apps/get-installation': { handle: (call) => ok(installationShape(call.state, findInstallation(call))) },
  'apps/create-installation-access-token': { handle: createToken },
  'apps/get-repo-installation': {
    handle: (call: Call) => {
      const app = requireApp(call.caller)
      const found = call.state.installations.find(
        (one) => one.app === app && !one.isDeleted && call.state.repositoriesOf(one).includes(namedFor(call)),
      )
      if (!found) throw notFound()
      return ok(installationShape(call.state, found))
    },
  },
  'apps/list-repos-accessible-to-installation': {
    handle: (call: Call) => {
      if (call.caller.kind !== 'installation')
        throw new Refusal(403, 'You must authenticate with an installation access token')
      const found = reposOf(call.state, call.caller)
      return paged(found, call.page, call.url, (items) => ({
        total_count: found.length,
        repository_selection: call.caller.kind === 'installation' && call.caller.repositories ? 'selected' : 'all',
        repositories: items.map((one) => repositoryShape(call.state, one)),
      }))
    },
  },
  'apps/get-webhook-config-for-app': {
    handle: ({ caller }: Call) =>
      ok({ content_type: 'json', insecure_ssl: '0', secret: '********', url: requireApp(caller).hookUrl ?? '' }),
  },
  'apps/list-webhook-deliveries': { handle: listDeliveries },
  'apps/get-webhook-delivery': { handle: (call) => ok(deliveryShape(findDelivery(call), true)) },
  'apps/redeliver-webhook-delivery': {
    handle: (call: Call) => {
      void call.deliveries.redeliver(findDelivery(call))
      return { status: 202, body: {} }
    },
  },
  'users/get-authenticated': {
    handle: ({ state, caller }: Call) => {
      if (caller.kind === 'installation') throw new Refusal(403, 'Resource not accessible by integration')
      if (caller.kind !== 'user') throw new Refusal(401, 'Requires authentication')
      return ok(publicUserShape(state, caller.user))
    },
  },
  'rate-limit/get': {
    handle: ({ limits, caller }: Call) => {
      const rate = limits.tell(allowanceOf(caller))
      const search = { limit: 30, remaining: 30, used: 0, reset: rate.reset }
      return ok({ resources: { core: rate, search }, rate })
    },
  },
}

/** Private ones too: an App may ask where it is installed. */
function namedFor(call: Call): Repository {
  const { owner, repo } = call.params
  return call.state.findRepository(String(owner), String(repo)) ?? namedRepository(call)
}

function findInstallation({ state, caller, params }: Call): Installation {
  const app = requireApp(caller)
  const found = state.installations.find(({ id, isDeleted }) => id === params.installation_id && !isDeleted)
  if (found?.app !== app) throw notFound()
  return found
}

interface TokenBody {
  repositories?: string[]
  repository_ids?: number[]
  permissions?: Permissions
}

function createToken(call: Call<TokenBody | undefined>): Answer {
  const { state, body } = call
  const installation = findInstallation(call)
  if (installation.suspendedAt) throw new Refusal(403, 'This installation has been suspended')
  const all = state.repositoriesOf(installation)
  const isAsked = body?.repositories !== undefined || body?.repository_ids !== undefined
  const names = body?.repositories ?? []
  const ids = body?.repository_ids ?? []
  const asked = all.filter(({ name, id }) => names.includes(name) || ids.includes(id))
  if (isAsked && asked.length < names.length + ids.length)
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  const token = issueToken(state, installation, {
    repositories: isAsked ? new Set(asked) : null,
    permissions: body?.permissions,
  })
  return created({
    token: token.text,
    expires_at: iso(token.expiresAt),
    permissions: token.holder.kind === 'installation' ? token.holder.permissions : {},
    repository_selection: isAsked || installation.repositories !== 'all' ? 'selected' : 'all',
    ...(isAsked && { repositories: asked.map((one) => repositoryShape(state, one)) }),
  })
}

/** Newest first; the cursor is the id of the last one that was told. */
function listDeliveries({ deliveries, caller, query, page, url }: Call): Answer {
  const app = requireApp(caller)
  const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : Number(/\d+$/.exec(String(query.cursor))?.[0])
  const isOk = ({ statusCode }: Delivery) => statusCode !== null && statusCode < 400
  const found = deliveries.log
    .filter((one) => one.app === app && one.id < before && one.statusCode !== null)
    .filter((one) => query.status === undefined || (query.status === 'success') === isOk(one))
    .toReversed()
  const items = found.slice(0, page.perPage)
  const next = new URL(url)
  next.searchParams.set('cursor', `v1_${items.at(-1)?.id}`)
  const headers: Record<string, string> = found.length > items.length ? { link: `<${next.href}>; rel="next"` } : {}
  return { status: 200, body: items.map((one) => deliveryShape(one, false)), headers }
}

function findDelivery({ deliveries, caller, params }: Call): Delivery {
  const app = requireApp(caller)
  const found = deliveries.log.find((one) => one.app === app && one.id === params.delivery_id)
  if (!found) throw notFound()
  return found
}

function deliveryShape(delivery: Delivery, isWhole: boolean): Record<string, unknown> {
  const listed = {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt.toISOString(),
    redelivery: delivery.isRedelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode ?? 0,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
  if (!isWhole) return listed
  const { answer } = delivery
  return {
    ...listed,
    url: delivery.app.hookUrl ?? '',
    request: { headers: delivery.headers, payload: JSON.parse(delivery.body) },
    response: { headers: answer.headers, payload: answer.payload || null },
  }
}
