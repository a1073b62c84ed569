import type { Readiness, SystemStatus } from '../api/models/service.ts'
import type { Config } from '../config.ts'
import type { ProcessRow } from '../db/processes.ts'
import { type Backend, backendTitle } from '../domain/backend.ts'
import { describeSandbox } from './describe-sandbox.ts'
import { checkDisk } from './disk.ts'
import type { Forges } from './forges.ts'
import type { Service } from './service.ts'
import { version } from './version.ts'

type Limit = ReturnType<Forges['limits']>[number]

/** Those with the least left are of interest. */
const MOST_LIMITS = 20

/** How the installation stands, for pages and operators. */
export async function systemStatus(service: Service): Promise<SystemStatus> {
  const { config, queue, forges, events, apps, backends } = service
  const { waiting, running, oldestAgeSeconds } = await queue.measure()
  const processes = await service.processes.list()
  const { builders, sandbox } = await describeBuilding(service, processes)
  return {
    version,
    public_url_set: config.publicUrl !== undefined,
    builders,
    backends: (await backends.list()).map(describeBackend),
    queue: { waiting, running, oldest_age_s: waiting > 0 ? oldestAgeSeconds : null },
    disk: await checkDisk(config.dataDir),
    sandbox,
    processes: processes.map(describeProcess),
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

/** What can be built, and how safely: a process that builds nothing tells what the others said of themselves. */
async function describeBuilding(service: Service, processes: readonly ProcessRow[]) {
  if (service.role !== 'web') {
    const { builder } = service
    // the status is asked for also, and above all, when something is away
    const chroots = await builder.findChroots().catch(() => [])
    return {
      builders: [withNote({ name: builder.name, chroots }, service.config)],
      sandbox: await describeSandbox(service.sandbox),
    }
  }
  const told = processes.flatMap(({ details }) => details.builder ?? [])
  const names = [...new Set(told.map(({ name }) => name))]
  const builders = names.map((name) => {
    const chroots = told.filter((one) => one.name === name).flatMap((one) => one.chroots)
    return withNote({ name, chroots: [...new Set(chroots)].sort() }, service.config)
  })
  const sandboxes = processes.flatMap(({ details }) => details.sandbox ?? [])
  const worst = sandboxes.find(({ ok }) => !ok) ?? sandboxes[0]
  return { builders, sandbox: worst ?? { ok: false, message: 'no worker runs: nothing is built' } }
}

function withNote(builder: { name: string; chroots: string[] }, config: Config) {
  return { ...builder, note: noteOn(builder.name, config) }
}

function noteOn(builder: string, { copr }: Config): string | null {
  if (builder === 'local') return 'on this machine, not in a clean root'
  return builder === 'copr' && copr ? `${copr.url}, for ${copr.owner}` : null
}

function describeProcess({ role, host, version, slots, startedAt, seenAt }: ProcessRow) {
  return { role, host, version, slots, started_at: startedAt.getTime() / 1000, seen_at: seenAt.getTime() / 1000 }
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

/** What must hold before requests are sent here, beside the database. */
export async function checkReadiness({ queue, config, stopping }: Service): Promise<Readiness['checks']> {
  const check = async (work: () => Promise<string | null>) => {
    // what exactly is wrong stands in the service log: the answer is public
    const message = await work().catch(() => 'it does not answer')
    return { ok: message === null, message }
  }
  const isStopping = stopping.aborted
  return {
    ...(isStopping ? { process: { ok: false, message: 'this process stops: others answer' } } : {}),
    queue: await check(async () => {
      await queue.measure()
      return null
    }),
    disk: await checkDisk(config.dataDir),
  }
}
