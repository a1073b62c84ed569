import type { Logger } from 'pino'
import { buildSrpm } from '../builds/build-srpm.ts'
import type { BuildDeps } from '../builds/deps.ts'
import { fillDerived } from '../builds/fill-derived-ids.ts'
import { giveUpBuild, giveUpRepository, giveUpSrpm } from '../builds/give-up.ts'
import { publishRepository } from '../builds/publish-repository.ts'
import { removeExpired } from '../builds/remove-expired.ts'
import { settleBuild } from '../builds/settle-build.ts'
import { settleSource } from '../builds/settle-source.ts'
import { startBuild } from '../builds/start-build.ts'
import type { Config } from '../config.ts'
import type { CommandDeps } from '../events/commands/execute.ts'
import { decideDelivery, runDeliveredHead } from '../events/decide-delivery.ts'
import { giveUpDelivery } from '../events/give-up.ts'
import { refreshTargets, type TargetDeps } from '../events/refresh-targets.ts'
import { giveUpCommand, runCommand } from '../events/run-command.ts'
import { giveUpEvent, runEvent } from '../events/run-event.ts'
import { sweepDeliveries } from '../events/sweep-deliveries.ts'
import { sweepPullRequests } from '../events/sweep-pull-requests.ts'
import type { JobKind } from '../jobs/jobs.ts'
import type { GiveUp, Handlers } from '../jobs/queue.ts'
import { refreshUsage } from '../jobs/refresh-usage.ts'
import { tellBackend } from '../jobs/tell-backend.ts'
import { UsageReports } from '../jobs/usage-reports.ts'
import type { ReportDeps } from '../reports/deps.ts'
import { reportEvent } from '../reports/report-event.ts'
import { giveUpPost, sendPost } from '../reports/send-post.ts'
import { giveUpChecks, showChecks } from '../reports/show-checks.ts'
import type { TestDeps } from '../test-runs/deps.ts'
import { giveUpSettle, giveUpStart } from '../test-runs/give-up.ts'
import { settleTest } from '../test-runs/settle-test.ts'
import { startTests } from '../test-runs/start-tests.ts'

/** What each kind of job does. */
export function createHandlers(
  events: CommandDeps,
  builds: BuildDeps,
  tests: TestDeps,
  reports: ReportDeps,
  config: Config,
  targets: TargetDeps,
): Handlers {
  const usage = new UsageReports(builds.database, builds.now)
  return {
    'decide-delivery': (data) => decideDelivery(data, events),
    'run-head': (data, context) => runDeliveredHead(data, events, context),
    'run-command': (data, context) => runCommand(data, events, context),
    'run-event': (data, context) => runEvent(data, events, context),
    'build-srpm': (data, context) => buildSrpm(data, builds, context),
    'settle-source': (data) => settleSource(data, builds),
    'start-build': (data) => startBuild(data, builds),
    'settle-build': (data) => settleBuild(data, builds),
    'publish-repository': (data) => publishRepository(data, builds),
    'start-tests': (data) => startTests(data, tests),
    'settle-test': (data) => settleTest(data, tests),
    'report-event': (data) => reportEvent(data, reports),
    'show-checks': (data) => showChecks(data, reports),
    'tell-backend': (data) => tellBackend(data, builds),
    'send-post': (data) => sendPost(data, reports),
    'sweep-deliveries': (data) => sweepDeliveries(data, events),
    'sweep-pull-requests': (data) => sweepPullRequests(data, events),
    'refresh-targets': (_data, context) => refreshTargets(targets, context),
    'fill-derived-ids': (data) => fillDerived(data, builds),
    'remove-expired': () => removeExpired(builds, config),
    'refresh-usage': (data) => refreshUsage(data, { usage }),
  }
}

/** What each kind of job does when it is given up. */
export function createGiveUps(
  events: CommandDeps,
  builds: BuildDeps,
  tests: TestDeps,
  reports: ReportDeps,
  log: Logger,
): GiveUp {
  return {
    'decide-delivery': (data, reason) => giveUpDelivery(data, reason, events),
    'run-head': (data, reason) => giveUpDelivery(data, reason, events),
    'run-command': (data, reason) => giveUpCommand(data, reason, events),
    'run-event': (data, reason) => giveUpEvent(data, reason, events),
    'build-srpm': (data, reason) => giveUpSrpm(data, reason, builds),
    'settle-source': (data, reason) => giveUpSrpm(data, reason, builds),
    'start-build': (data, reason) => giveUpBuild(data, reason, builds),
    'settle-build': (data, reason) => giveUpBuild(data, reason, builds),
    'publish-repository': (data, reason) => giveUpRepository(data, reason, builds),
    'start-tests': (data, reason) => giveUpStart(data, reason, tests),
    'settle-test': (data, reason) => giveUpSettle(data, reason, tests),
    // what a forge shows follows from the state: the next change of it reports again
    'report-event': async () => {},
    'show-checks': (data, reason) => giveUpChecks(data, reason, reports),
    // the next change of what waits reports it too
    'tell-backend': async () => {},
    'send-post': (data, reason) => giveUpPost(data, reason, reports),
    // the next one, at its time, begins where this one did
    'sweep-deliveries': async () => {},
    'sweep-pull-requests': async () => {},
    // those in force stay, and the next day asks again
    'refresh-targets': async (_data, reason) => log.warn({ reason }, 'the table of targets was not refreshed'),
    'fill-derived-ids': async () => {},
    'remove-expired': async () => {},
    'refresh-usage': async () => {},
  }
}

/** What waits for another system's answers takes no core meanwhile. */
const COPR_KINDS: ReadonlySet<JobKind> = new Set(['start-build', 'settle-build', 'settle-source'])
const TESTING_FARM_KINDS: ReadonlySet<JobKind> = new Set(['start-tests', 'settle-test'])

/** What waits inside a sandbox takes as many at a time as there are slots; the rest is quick. */
export function parallelOf(kind: JobKind, config: Config): number {
  if (kind === 'build-srpm') return config.buildParallel
  if (config.builder === 'copr' && COPR_KINDS.has(kind)) return 4
  if (config.testingFarm.token && TESTING_FARM_KINDS.has(kind)) return 4
  // each waits for a forge
  if (kind === 'show-checks') return 2
  if (kind === 'decide-delivery' || kind === 'run-head' || kind === 'settle-build' || kind === 'settle-test') return 2
  return 1
}
