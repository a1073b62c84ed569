import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { TargetDeps } from '../events/refresh-targets.ts'
import { hintBuild } from '../jobs/hint-build.ts'
import type { JobRunner } from '../jobs/queue.ts'
import type { Listener } from '../messages/messages.ts'
import { hintTest } from '../test-runs/hint-test.ts'
import { describeSandbox } from './describe-sandbox.ts'
import { createGiveUps, createHandlers, parallelOf } from './job-handlers.ts'
import { handOverBuilds, takeOverBuilds } from './local-builds.ts'
import { startListening } from './messages.ts'
import type { Processes } from './processes.ts'
import type { Stages } from './stages.ts'
import type { Workshop } from './workshop.ts'

/** How a service begins and ends. */
export interface Life {
  /** Fires when the process was told to stop, before it stops answering. */
  stopping: AbortSignal
  /** From here on `readyz` says that requests are to be sent elsewhere. */
  announceStop(): void
  /** What listens to Fedora Messaging, while this process works the queue and that is set up. */
  findListener: () => Listener | undefined
  /** Begins to work the queue. */
  work(): Promise<void>
  /** Stops: what runs is handed over. The database is left open to its owner. */
  stop(): Promise<void>
}

interface LifeParts {
  config: Config
  database: Database
  queue: JobRunner
  processes: Processes
  workshop: Workshop
  stages: Stages
  targets: TargetDeps
  log: Logger
  /** Whoever gave another sandbox closes it. */
  closesSandbox: boolean
}

export function createLife(parts: LifeParts): Life {
  const { config, database, queue, log } = parts
  const stopping = new AbortController()
  const stopHints = takeHints(parts)
  let listener: Listener | undefined
  return {
    stopping: stopping.signal,
    announceStop: () => stopping.abort(),
    findListener: () => listener,
    async work() {
      await beginWork(parts)
      listener = startListening(config, { database, queue }, log)
    },
    async stop() {
      const unheard = listener?.stop()
      await endWork(parts, unheard)
      stopHints()
      if (parts.closesSandbox) await parts.workshop.sandbox.close()
      await parts.workshop.folder.remove().catch((err) => log.warn({ err }, 'the work folder was not removed'))
      await parts.processes.leave().catch((err) => tellSilence(log, err))
    },
  }
}

/** What builder and tester tell of changes becomes a look at them. */
function takeHints({ database, queue, workshop, stages, log }: LifeParts): () => void {
  const { builder, tester } = workshop
  const lost = (err: unknown) => log.error({ err }, 'a hint was lost')
  const builds = builder.onChange((buildId) => {
    hintBuild({ database, queue }, { builder: builder.name, buildId }).catch(lost)
  })
  const tests = tester?.onChange((requestId) => {
    hintTest(stages.tests, requestId).catch(lost)
  })
  return () => {
    builds()
    tests?.()
  }
}

async function beginWork(parts: LifeParts): Promise<void> {
  const { config, database, queue, processes, stages, targets, log } = parts
  const { events, builds, tests, reports } = stages
  await queue.work(
    createHandlers(events, builds, tests, reports, config, targets),
    createGiveUps(events, builds, tests, reports, log),
    (kind) => parallelOf(kind, config),
    (kind) => (kind === 'build-srpm' ? config.projectParallel : undefined),
  )
  processes.onTick(() => takeOverBuilds(database, queue))
  sweepFolders(parts)
  // who has the embedded database is alone
  if (database.kind === 'postgres')
    describeSelf(parts).catch((err) => log.error({ err }, 'what this process can do could not be found out'))
  await processes.whenFirst(() => addStartTasks(parts))
  await scheduleTasks(queue)
}

const SWEEP_MS = 10 * 60_000

/** Now and again and again: each machine has its own folders. */
function sweepFolders({ processes, workshop, log }: LifeParts): void {
  let at = 0
  const sweep = async () => {
    if (Date.now() - at < SWEEP_MS) return
    at = Date.now()
    await workshop.folder.sweep()
  }
  processes.onTick(sweep)
  sweep().catch((err) => log.warn({ err }, 'what killed processes left in the work folder was not removed'))
}

/** What one start of an installation has to do, however many processes begin. */
async function addStartTasks({ database, queue, targets }: LifeParts): Promise<void> {
  await queue.add(database.db, 'fill-derived-ids', {})
  await queue.add(database.db, 'sweep-pull-requests', {})
  if (targets.readLists) await queue.add(database.db, 'refresh-targets', {})
}

/** Each runs once for all processes. */
async function scheduleTasks(queue: JobRunner): Promise<void> {
  await queue.schedule('remove-expired', '17 3 * * *')
  await queue.schedule('refresh-usage', '*/3 * * * *')
  await queue.schedule('sweep-deliveries', '*/5 * * * *')
  await queue.schedule('sweep-pull-requests', '23 * * * *')
  await queue.schedule('refresh-targets', '41 4 * * *')
  // an import may have written meanwhile
  await queue.schedule('fill-derived-ids', '*/3 * * * *')
}

/** What the others shall know of this process. */
async function describeSelf({ processes, workshop: { builder, sandbox } }: LifeParts): Promise<void> {
  const chroots = await builder.findChroots()
  processes.describe({ builder: { name: builder.name, chroots }, sandbox: await describeSandbox(sandbox) })
}

async function endWork(parts: LifeParts, unheard: Promise<void> | undefined): Promise<void> {
  const { database, queue, processes, workshop, log } = parts
  workshop.shared?.leave()
  await handOverBuilds(database, queue, processes.id).catch((err) => tellSilence(log, err))
  const stopped = queue.stop()
  workshop.shared?.refuse()
  await unheard
  await stopped
}

function tellSilence(log: Logger, err: unknown): void {
  log.error({ err }, 'the others will find what this process leaves when it is silent')
}
