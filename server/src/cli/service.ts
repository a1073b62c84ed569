import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Builder } from '../builders/builder.ts'
import { hostChroot as nameHostChroot } from '../builders/local/host-chroot.ts'
import { createLocalSrpmMaker } from '../builders/local/make-srpm.ts'
import { createRepositoryMaker } from '../builders/local/repository-maker.ts'
import type { SrpmMaker } from '../builders/srpm-maker.ts'
import type { BuildDeps, RepositoryMaker } from '../builds/deps.ts'
import { createLogTeller } from '../builds/tell-log-growth.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { findReceivedAt } from '../db/deliveries.ts'
import type { Targets } from '../domain/targets.ts'
import type { CommandDeps } from '../events/commands/execute.ts'
import { type CommandTrust, commandTrust } from '../events/commands/trust.ts'
import { createTargets, type TargetDeps } from '../events/refresh-targets.ts'
import type { FindForge, ForgeInbox } from '../forges/forge.ts'
import { createGitInbox } from '../forges/git/inbox.ts'
import { hostOfApi } from '../forges/github/app.ts'
import { type AppStore, openAppStore } from '../forges/github/app-store.ts'
import { createGithubInbox } from '../forges/github/inbox.ts'
import { createUnsetInbox } from '../forges/unset.ts'
import { type Mirrors, openMirrors } from '../git/mirrors.ts'
import { changedPaths, changedSinceBase, commitInfo, listFiles, readFile as readCommitFile } from '../git/read.ts'
import { hintBuild } from '../jobs/hint-build.ts'
import { type JobRunner, openQueue } from '../jobs/queue.ts'
import type { Listener } from '../messages/messages.ts'
import { REPORT_TIMING, type ReportDeps, type ReportTiming } from '../reports/deps.ts'
import { createSandbox } from '../sandbox/bubblewrap.ts'
import { openDownloads } from '../sandbox/download.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import { FIRST_RETRY_MS, type TestDeps, type TestTiming } from '../test-runs/deps.ts'
import { hintTest } from '../test-runs/hint-test.ts'
import { createTester } from '../testers/create-tester.ts'
import type { Tester } from '../testers/tester.ts'
import { Backends } from './backends.ts'
import { createBuilder, longestPollOf } from './create-builder.ts'
import { describeSandbox } from './describe-sandbox.ts'
import { checkDisk } from './disk.ts'
import { createForges, type Forges } from './forges.ts'
import { createGiveUps, createHandlers, parallelOf } from './job-handlers.ts'
import { createJobMetrics, type JobMetrics } from './job-metrics.ts'
import { handOverBuilds, takeOverBuilds } from './local-builds.ts'
import { startListening } from './messages.ts'
import { openStorage } from './open-storage.ts'
import { joinProcesses, type Processes, type Role } from './processes.ts'
import { createTargetDeps } from './target-deps.ts'

/** The real things, put together. */
export interface Service {
  config: Config
  role: Role
  database: Database
  storage: Storage
  queue: JobRunner
  processes: Processes
  metrics: JobMetrics
  /** Fires when the process was told to stop, before it stops answering. */
  stopping: AbortSignal
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
  /** What listens to Fedora Messaging, while this process works the queue and that is set up. */
  findListener: () => Listener | undefined
  /** Begins to work the queue. */
  work(): Promise<void>
  /** From here on `readyz` says that requests are to be sent elsewhere. */
  announceStop(): void
  /** Stops: what runs is handed over. The database is left open to its owner. */
  stop(): Promise<void>
}

/** What a test may put in place of the real things. */
export interface Replacements {
  storage?: Storage
  sandbox?: Sandbox
  builder?: Builder
  srpmMaker?: SrpmMaker
  repositories?: RepositoryMaker
  findForge?: FindForge
  trust?: CommandTrust
  mirrors?: Mirrors
  targets?: Targets
  /** Null = none. */
  tester?: Tester | null
  testTiming?: Partial<TestTiming>
  reportTiming?: Partial<ReportTiming>
  now?: () => Date
}

/** Who writes changelog entries of packages built here. */
const PACKAGER = 'Packit Service <packit@localhost>'

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
  const processes = await joinProcesses(database, { role, slots, storage, log })
  try {
    return await assemble({ config, database, log, replace, role, storage, processes })
  } catch (error) {
    await processes.leave()
    throw error
  }
}

interface Parts {
  config: Config
  database: Database
  log: Logger
  replace: Replacements
  role: Role
  storage: Storage
  processes: Processes
}

async function assemble({ config, database, log, replace, role, storage, processes }: Parts): Promise<Service> {
  const workDir = join(config.dataDir, 'work')
  // what a killed process left there is nobody's; where several processes share it, one may be at work
  if (database.kind === 'embedded') await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true })
  await closeDeliveries(config.storage?.kind === 'folder' ? config.storage.dir : join(config.dataDir, 'storage'))
  const sandbox = replace.sandbox ?? createSandbox({ parallel: config.buildParallel })
  const now = replace.now ?? (() => new Date())
  const targets = createTargetDeps(config, database, now)
  const knownTargets = replace.targets ?? createTargets(targets)
  const tellGrowth = createLogTeller(database, config.builder)
  const onLog = (buildId: string, chroot: string, bytes: number) =>
    void tellGrowth(buildId, chroot, bytes).catch((err) => log.error({ err }, 'log growth was not told'))
  const onError = (err: unknown) => log.error({ err }, 'how a build stands was not written')
  const hostChroot = nameHostChroot(await readFile('/etc/os-release', 'utf8'), process.arch)
  const here = { sandbox, storage, workDir, hostChroot, now }
  const own = { ...here, config, database, processId: processes.id, targets: knownTargets }
  const { builder: ownBuilder, shared } = replace.builder
    ? { builder: replace.builder, shared: undefined }
    : createBuilder({ ...own, onLog, onError })
  const stopping = new AbortController()
  const mirrors =
    replace.mirrors ??
    (await openMirrors({
      dir: join(config.dataDir, 'mirrors'),
      allow: config.gitAllow,
      netAllow: config.netAllow,
      log: (line) => log.info({ git: true }, line),
    }))
  const srpmMaker =
    replace.srpmMaker ??
    createLocalSrpmMaker({
      sandbox,
      workDir,
      limits: config.buildLimits,
      network: config.sandboxNetwork === 'srpm',
      packager: PACKAGER,
      openDownloads: (tell, signal) => openDownloads({ netAllow: config.netAllow, log: tell, signal }),
    })
  const repositories =
    replace.repositories ?? createRepositoryMaker({ sandbox, storage, workDir, limits: config.buildLimits })
  const metrics = createJobMetrics()
  const queue = await openQueue(database, log, { works: role !== 'web', onJob: metrics.onJob })
  const backends = new Backends({ database, queue, now, log })
  const builder = backends.builder(ownBuilder)
  const apps = openAppStore(config.dataDir, config.github)
  const inboxes = [
    createGithubInbox(apps.webhookSecret, () => ownApp(apps)),
    createGitInbox(config.gitWebhookSecret, () => hostsOfApp(config, apps)),
    createUnsetInbox('gitlab', "'gitlab_token_secret' not specified in the config."),
    createUnsetInbox('forgejo', "'forgejo_webhook_secret' not specified in the config."),
  ]
  const forges = createForges(apps.current, now, log)
  const findForge: FindForge = (host) => {
    const forge = (replace.findForge ?? forges.find)(host)
    return forge && backends.forge(forge)
  }
  const listForges = () => hostsOfApp(config, apps).flatMap((host) => findForge(host) ?? [])
  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`
  const builds: BuildDeps = {
    database,
    queue,
    storage,
    mirrors,
    findForge,
    srpmMaker,
    builder,
    repositories,
    reposUrl: `${publicUrl}/repos`,
    now,
    findObstacle: async () => (await checkDisk(config.dataDir)).message,
    longestPollMs: longestPollOf(builder, config),
  }
  const testerParts = { ...here, limits: config.buildLimits, warn: (line: string) => log.warn(line) }
  const ownTester = replace.tester === undefined ? createTester(config, testerParts) : replace.tester
  const tester = ownTester && backends.tester(ownTester)
  const events: CommandDeps = {
    database,
    queue,
    storage,
    mirrors,
    inboxes,
    findForge,
    listForges,
    log: (figures, line) => log.info(figures, line),
    isOwnApp: async ({ forge, login }) => hostsOfApp(config, apps).includes(forge) && isOwner(apps, login),
    trust: replace.trust ?? commandTrust(queue),
    builder,
    now,
    reader: { changedPaths, changedSinceBase, commitInfo, listFiles, readFile: readCommitFile },
    targets: knownTargets,
    settings: { ...config, publicUrl, runsTests: tester !== null, testsHere: tester?.name === 'local' },
  }
  const testTiming = { longestPollMs: config.pollIntervalMs, firstRetryMs: FIRST_RETRY_MS, ...replace.testTiming }
  const { instance } = config
  const tests: TestDeps = { database, queue, storage, tester, publicUrl, instance, timing: testTiming, now }
  const timing = { ...REPORT_TIMING, ...replace.reportTiming }
  const reports: ReportDeps = {
    ...{ database, queue, findForge, now, publicUrl, isShadow: config.isShadow, timing },
    onFirstShown: (eventId, at) =>
      void findReceivedAt(database.db, eventId)
        .then((from) => from && metrics.onFirstReport((at.getTime() - from.getTime()) / 1000))
        .catch((err) => log.error({ err }, 'the time to a first report was not counted')),
  }
  const hints = builder.onChange((buildId) => {
    hintBuild({ database, queue }, { builder: builder.name, buildId }).catch((err) =>
      log.error({ err }, 'a hint was lost'),
    )
  })
  /** What one start of an installation has to do, however many processes begin. */
  const addStartTasks = async () => {
    await queue.add(database.db, 'fill-derived-ids', {})
    await queue.add(database.db, 'sweep-pull-requests', {})
    if (targets.readLists) await queue.add(database.db, 'refresh-targets', {})
  }
  const describeSelf = async () => {
    const chroots = await builder.findChroots()
    processes.describe({ builder: { name: builder.name, chroots }, sandbox: await describeSandbox(sandbox) })
  }
  let listener: Listener | undefined
  const testHints = tester?.onChange((requestId) => {
    hintTest(tests, requestId).catch((err) => log.error({ err }, 'a hint was lost'))
  })
  return {
    config,
    role,
    database,
    storage,
    queue,
    processes,
    metrics,
    stopping: stopping.signal,
    announceStop: () => stopping.abort(),
    sandbox,
    builder,
    backends,
    inboxes,
    forges,
    apps,
    findForge,
    events,
    builds,
    tests,
    targets,
    findListener: () => listener,
    async work() {
      const gaveUp = createGiveUps(events, builds, tests, reports, log)
      await queue.work(
        createHandlers(events, builds, tests, reports, config, targets),
        gaveUp,
        (kind) => parallelOf(kind, config),
        (kind) => (kind === 'build-srpm' ? config.projectParallel : undefined),
      )
      processes.onTick(() => takeOverBuilds(database, queue))
      void describeSelf().catch((err) => log.error({ err }, 'what this process can do could not be found out'))
      if (processes.isFirst) await addStartTasks()
      await queue.schedule('remove-expired', '17 3 * * *')
      await queue.schedule('refresh-usage', '*/3 * * * *')
      await queue.schedule('sweep-deliveries', '*/5 * * * *')
      await queue.schedule('sweep-pull-requests', '23 * * * *')
      await queue.schedule('refresh-targets', '41 4 * * *')
      // an import may have written meanwhile
      await queue.schedule('fill-derived-ids', '*/3 * * * *')
      listener = startListening(config, { database, queue }, log)
    },
    async stop() {
      shared?.leave()
      const tell = (err: unknown) =>
        log.error({ err }, 'the others will find what this process leaves when it is silent')
      await handOverBuilds(database, queue, processes.id).catch(tell)
      const unheard = listener?.stop()
      const stopped = queue.stop()
      shared?.refuse()
      await unheard
      await stopped
      hints()
      testHints?.()
      if (!replace.sandbox) await sandbox.close()
      await processes.leave().catch(tell)
    },
  }
}

/** Hosts whose deliveries come from the App alone. */
function hostsOfApp({ github }: Config, apps: AppStore): string[] {
  const app = apps.current()
  if (app) return [hostOfApi(app.apiUrl)]
  return github.webhookSecret ? [hostOfApi(github.apiUrl)] : []
}

function ownApp(apps: AppStore): { appId: number | null; slug: string | null } {
  const { appId = null, slug = null } = apps.current() ?? {}
  return { appId, slug }
}

/** Names of accounts are the same in either case. */
function isOwner(apps: AppStore, login: string): boolean {
  return apps.owner()?.toLowerCase() === login.toLowerCase()
}

/** Bodies of deliveries tell more than the API does: they aren't for other accounts of this machine. */
async function closeDeliveries(storageDir: string): Promise<void> {
  const dir = join(storageDir, 'deliveries')
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o700)
}
