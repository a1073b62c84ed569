import type { Logger } from 'pino'
import type { BuildDeps } from '../builds/deps.ts'
import { ownUrlOf } from '../config/own-url.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { findReceivedAt } from '../db/deliveries.ts'
import type { Targets } from '../domain/targets.ts'
import type { CommandDeps } from '../events/commands/execute.ts'
import { commandTrust } from '../events/commands/trust.ts'
import { changedPaths, changedSinceBase, commitInfo, listFiles, readFile } from '../git/read.ts'
import type { JobRunner } from '../jobs/queue.ts'
import { REPORT_TIMING, type ReportDeps } from '../reports/deps.ts'
import type { Storage } from '../storage/storage.ts'
import { FIRST_RETRY_MS, type TestDeps } from '../test-runs/deps.ts'
import { longestPollOf, sourcePlaceOf } from './create-builder.ts'
import { checkDisk } from './disk.ts'
import type { JobMetrics } from './job-metrics.ts'
import type { OwnForges } from './own-forges.ts'
import type { Replacements } from './replacements.ts'
import type { Workshop } from './workshop.ts'

/** What each stage works with. */
export interface Stages {
  events: CommandDeps
  builds: BuildDeps
  tests: TestDeps
  reports: ReportDeps
}

interface StageParts {
  config: Config
  database: Database
  storage: Storage
  queue: JobRunner
  workshop: Workshop
  own: OwnForges
  metrics: JobMetrics
  targets: Targets
  now: () => Date
  log: Logger
  replace: Replacements
}

export function createStages(parts: StageParts): Stages {
  const { config, database, storage, queue, workshop, own, targets, now, replace } = parts
  const { mirrors, srpmMaker, builder, repositories, tester } = workshop
  const { findForge } = own
  const publicUrl = ownUrlOf(config)
  const common = { database, queue, now }
  return {
    events: eventDeps(parts, publicUrl),
    builds: {
      ...{ ...common, storage, mirrors, findForge, srpmMaker, builder, repositories },
      reposUrl: `${publicUrl}/repos`,
      sourcePlace: sourcePlaceOf(config, publicUrl),
      findObstacle: async () => (await checkDisk(config.dataDir)).message,
      longestPollMs: longestPollOf(builder, config),
      mostRemoteBuilds: config.coprParallel,
      mostOfProject: config.projectParallel,
    },
    tests: {
      ...{ ...common, storage, tester, targets, publicUrl, instance: config.instance },
      timing: { longestPollMs: config.pollIntervalMs, firstRetryMs: FIRST_RETRY_MS, ...replace.testTiming },
    },
    reports: {
      ...{ ...common, findForge, publicUrl, isShadow: config.isShadow },
      timing: { ...REPORT_TIMING, ...replace.reportTiming },
      onFirstShown: (eventId, at) => countFirstReport(parts, eventId, at),
    },
  }
}

function eventDeps({ config, own, workshop, log, replace, ...parts }: StageParts, publicUrl: string): CommandDeps {
  const { database, storage, queue, targets, now } = parts
  const { mirrors, builder, tester } = workshop
  const { inboxes, findForge, listForges, isOwnApp } = own
  return {
    ...{ database, queue, storage, mirrors, inboxes, findForge, listForges, isOwnApp, builder, targets, now },
    log: (figures, line) => log.info(figures, line),
    trust: replace.trust ?? commandTrust(queue),
    reader: { changedPaths, changedSinceBase, commitInfo, listFiles, readFile },
    settings: { ...config, publicUrl, runsTests: tester !== null, testsHere: tester?.name === 'local' },
  }
}

function countFirstReport({ database, metrics, log }: StageParts, eventId: number, at: Date): void {
  findReceivedAt(database.db, eventId)
    .then((from) => from && metrics.onFirstReport((at.getTime() - from.getTime()) / 1000))
    .catch((err) => log.error({ err }, 'the time to a first report was not counted'))
}
