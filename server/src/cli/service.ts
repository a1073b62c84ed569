import type { Logger } from 'pino'
import type { Builder } from '../builders/builder.ts'
import type { BuildDeps } from '../builds/deps.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { CommandDeps } from '../events/commands/execute.ts'
import { createTargets, type TargetDeps } from '../events/refresh-targets.ts'
import type { FindForge, ForgeInbox } from '../forges/forge.ts'
import type { AppStore } from '../forges/github/app-store.ts'
import { type JobRunner, openQueue } from '../jobs/queue.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import type { TestDeps } from '../test-runs/deps.ts'
import { Backends } from './backends.ts'
import type { Forges } from './forges.ts'
import { createJobMetrics, type JobMetrics } from './job-metrics.ts'
import { createLife, type Life } from './life.ts'
import { openStorage } from './open-storage.ts'
import { openOwnForges } from './own-forges.ts'
import { joinProcesses, type Processes, type Role } from './processes.ts'
import type { Replacements } from './replacements.ts'
import { createStages } from './stages.ts'
import { createTargetDeps } from './target-deps.ts'
import { openWorkshop } from './workshop.ts'

export type { Replacements }

/** The real things, put together. */
export interface Service extends Life {
  config: Config
  role: Role
  database: Database
  storage: Storage
  queue: JobRunner
  processes: Processes
  metrics: JobMetrics
  sandbox: Sandbox
  builder: Builder
  /** The outside systems that are asked, and whether they answer. */
  backends: Backends
  inboxes: ForgeInbox[]
  forges: Forges
  /** The GitHub App, if there is one. */
  apps: AppStore
  findForge: FindForge
  events: CommandDeps
  builds: BuildDeps
  tests: TestDeps
  targets: TargetDeps
}

/**
 * Puts the service together on an open database; nothing runs before `work()`.
 *
 * @throws {SetupError} when other processes of the installation keep logs and packages elsewhere
 */
export async function createService(
  config: Config,
  database: Database,
  log: Logger,
  replace: Replacements = {},
  role: Role = 'serve',
): Promise<Service> {
  const storage = replace.storage ?? openStorage(config)
  const slots = role === 'web' ? 0 : config.buildParallel
  const metrics = createJobMetrics()
  // what was begun is ended when the rest can't be put together
  await using begun = new AsyncDisposableStack()
  const processes = await joinProcesses(database, { role, slots, storage, log })
  begun.defer(() => processes.leave())
  const queue = await openQueue(database, log, { works: role !== 'web', onJob: metrics.onJob })
  begun.defer(() => queue.stop())
  const service = await assemble({ config, database, log, replace, role, storage, processes, metrics, queue })
  begun.move()
  return service
}

interface Parts {
  config: Config
  database: Database
  log: Logger
  replace: Replacements
  role: Role
  storage: Storage
  processes: Processes
  metrics: JobMetrics
  queue: JobRunner
}

async function assemble(parts: Parts): Promise<Service> {
  const { config, database, log, replace, role, storage, processes, metrics, queue } = parts
  const now = replace.now ?? (() => new Date())
  const backends = new Backends({ database, queue, now, log })
  const targets = createTargetDeps(config, database, now)
  const base = { config, database, storage, queue, backends, now, log }
  const knownTargets = replace.targets ?? createTargets(targets)
  const workshop = await openWorkshop({ ...base, processId: processes.id, targets: knownTargets, replace })
  const own = openOwnForges({ ...base, findForge: replace.findForge })
  const stages = createStages({ ...base, workshop, own, metrics, targets: knownTargets, replace })
  const life = createLife({ ...base, processes, workshop, stages, targets, closesSandbox: !replace.sandbox })
  const { apps, forges, inboxes, findForge } = own
  const { sandbox, builder } = workshop
  const { events, builds, tests } = stages
  return {
    ...{ config, role, database, storage, queue, processes, metrics, sandbox, builder, backends, targets },
    ...{ apps, forges, inboxes, findForge, events, builds, tests },
    ...life,
  }
}
