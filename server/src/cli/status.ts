import type { Readiness, SystemStatus } from '../api/models/service.ts'
import { type Backend, backendTitle } from '../domain/backend.ts'
import { checkDisk } from './disk.ts'
import type { Forges } from './forges.ts'
import type { Service } from './service.ts'
import { version } from './version.ts'

type Limit = ReturnType<Forges['limits']>[number]

/** Those with the least left are of interest. */
const MOST_LIMITS = 20

/** How the installation stands, for pages and operators. */
export async function systemStatus(service: Service): Promise<SystemStatus> {
  const { config, queue, builder, sandbox, forges, events, apps, backends } = service
  const { waiting, running, oldestAgeSeconds } = await queue.measure()
  // pages are shown whether or not the builder answers; `backends` says so
  const chroots = await builder.findChroots().catch(() => [])
  return {
    version,
    public_url_set: config.publicUrl !== undefined,
    builders: [
      { name: builder.name, chroots, note: builder.name === 'local' ? 'on this machine, not in a clean root' : null },
    ],
    backends: (await backends.list()).map(describeBackend),
    queue: { waiting, running, oldest_age_s: waiting > 0 ? oldestAgeSeconds : null },
    disk: await checkDisk(config.dataDir),
    sandbox: await describeSandbox(sandbox),
    forges: forges.limits().slice(0, MOST_LIMITS).map(describeLimit),
    targets: { as_of: (await events.targets.current()).asOf, refreshed: config.targetSource !== undefined },
    webhook: { git: config.gitWebhookSecret !== undefined, github: apps.webhookSecret() !== undefined },
  }
}

function describeBackend({ name, state, since, reason, failures, lastSuccessAt, nextTryAt }: Backend) {
  const seconds = (at: Date | null) => at && at.getTime() / 1000
  return {
    name,
    title: backendTitle(name),
    state,
    since: seconds(since),
    reason,
    failures,
    last_success: seconds(lastSuccessAt),
    next_try: seconds(nextTryAt),
  }
}

function describeLimit({ forge, whose, limit, remaining, resetAt, blockedUntil, reason }: Limit) {
  return {
    forge,
    whose,
    limit,
    remaining,
    reset_at: resetAt.getTime() / 1000,
    blocked_until: blockedUntil && blockedUntil.getTime() / 1000,
    reason,
  }
}

const described = new WeakMap<Service['sandbox'], Promise<{ ok: boolean; message: string | null }>>()

/** Looked at once: what a machine can isolate does not change while the service runs. */
function describeSandbox(sandbox: Service['sandbox']): Promise<{ ok: boolean; message: string | null }> {
  const known = described.get(sandbox)
  if (known) return known
  const found = sandbox.describe().then(({ ok, findings }) => {
    const bad = findings
      .filter((finding) => !finding.ok)
      .map(({ what, advice }) => (advice ? `${what}: ${advice}` : what))
    return { ok, message: bad.join('; ') || null }
  })
  described.set(sandbox, found)
  return found
}

/** What must hold before requests are sent here, beside the database. */
export async function checkReadiness({ queue, config }: Service): Promise<Readiness['checks']> {
  const check = async (work: () => Promise<string | null>) => {
    // what exactly is wrong stands in the service log: the answer is public
    const message = await work().catch(() => 'it does not answer')
    return { ok: message === null, message }
  }
  return {
    queue: await check(async () => {
      await queue.measure()
      return null
    }),
    disk: await checkDisk(config.dataDir),
  }
}
