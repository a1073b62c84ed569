import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Builder } from '../builders/builder.ts'
import { hostChroot as nameHostChroot } from '../builders/local/host-chroot.ts'
import { createLocalSrpmMaker } from '../builders/local/make-srpm.ts'
import { createRepositoryMaker } from '../builders/local/repository-maker.ts'
import type { SharedBuilder } from '../builders/local/shared-builder.ts'
import type { SrpmMaker } from '../builders/srpm-maker.ts'
import type { RepositoryMaker } from '../builds/deps.ts'
import { createLogTeller } from '../builds/tell-log-growth.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { listKnownProcesses } from '../db/processes.ts'
import { PACKAGER } from '../domain/srpm/step.ts'
import type { Targets } from '../domain/targets.ts'
import { type Mirrors, openMirrors } from '../git/mirrors.ts'
import { createSandbox } from '../sandbox/bubblewrap.ts'
import { openDownloads } from '../sandbox/download.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import { createTester } from '../testers/create-tester.ts'
import { shareTester } from '../testers/local/shared-tester.ts'
import type { Tester } from '../testers/tester.ts'
import type { Backends } from './backends.ts'
import { createBuilder } from './create-builder.ts'
import type { Replacements } from './replacements.ts'
import { openOwnFolder, openSharedFolder, type WorkFolder } from './work-folder.ts'

/** What fetches, builds and tests, and where. */
export interface Workshop {
  folder: WorkFolder
  sandbox: Sandbox
  mirrors: Mirrors
  srpmMaker: SrpmMaker
  builder: Builder
  /** The builder, where it builds on this machine. */
  shared: SharedBuilder | undefined
  repositories: RepositoryMaker
  tester: Tester | null
}

export interface WorkshopParts {
  config: Config
  database: Database
  storage: Storage
  processId: string
  backends: Backends
  targets: Targets
  now: () => Date
  log: Logger
  replace: Replacements
}

export async function openWorkshop(parts: WorkshopParts): Promise<Workshop> {
  const { config, storage, backends, now, replace } = parts
  const folder = await openWorkFolder(parts)
  const workDir = folder.path
  const sandbox = replace.sandbox ?? createSandbox({ parallel: config.buildParallel })
  const hostChroot = nameHostChroot(await readFile('/etc/os-release', 'utf8'), process.arch)
  const here = { sandbox, storage, workDir, hostChroot, limits: config.buildLimits, now }
  const { builder, shared } = chooseBuilder(parts, here)
  const tester = replace.tester === undefined ? chooseTester(parts, here) : replace.tester
  return {
    folder,
    sandbox,
    mirrors: replace.mirrors ?? (await openOwnMirrors(parts)),
    srpmMaker: replace.srpmMaker ?? createSrpmMaker(config, here),
    builder: backends.builder(builder),
    shared,
    repositories: replace.repositories ?? createRepositoryMaker(here),
    tester: tester && backends.tester(tester),
  }
}

type Here = Pick<WorkshopParts, 'storage' | 'now'> & {
  sandbox: Sandbox
  workDir: string
  hostChroot: string
  limits: Config['buildLimits']
}

async function openWorkFolder({ config, database, processId }: WorkshopParts): Promise<WorkFolder> {
  await closeDeliveries(config.storage?.kind === 'folder' ? config.storage.dir : join(config.dataDir, 'storage'))
  const dir = join(config.dataDir, 'work')
  if (database.kind === 'embedded') return openOwnFolder(dir)
  return openSharedFolder(dir, processId, () => listKnownProcesses(database.db))
}

/** Bodies of deliveries tell more than the API does: they aren't for other accounts of this machine. */
async function closeDeliveries(storageDir: string): Promise<void> {
  const dir = join(storageDir, 'deliveries')
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o700)
}

function chooseBuilder({ config, database, processId, targets, log, replace }: WorkshopParts, here: Here) {
  if (replace.builder) return { builder: replace.builder, shared: undefined }
  const tellGrowth = createLogTeller(database, config.builder)
  return createBuilder({
    ...{ ...here, config, database, processId, targets },
    onLog: (buildId, chroot, bytes) =>
      void tellGrowth(buildId, chroot, bytes).catch((err) => log.error({ err }, 'log growth was not told')),
    onError: (err) => log.error({ err }, 'how a build stands was not written'),
    onLogError: (err) => log.warn({ err }, 'the log of a running build was not copied; it is tried again'),
  })
}

/** Tests of this machine belong to the process that runs them; where there are others, these know of them by the store. */
function chooseTester({ config, database, storage, now, log }: WorkshopParts, here: Here): Tester {
  const tester = createTester(config, { ...here, warn: (line) => log.warn(line) })
  if (tester.name !== 'local' || database.kind === 'embedded') return tester
  const onError = (err: unknown) => log.error({ err }, 'how a test stands was not written')
  return shareTester(tester, { storage, now, onError })
}

function openOwnMirrors({ config, log }: WorkshopParts): Promise<Mirrors> {
  return openMirrors({
    dir: join(config.dataDir, 'mirrors'),
    allow: config.gitAllow,
    netAllow: config.netAllow,
    log: (line) => log.info({ git: true }, line),
  })
}

function createSrpmMaker(config: Config, { sandbox, workDir }: Here): SrpmMaker {
  return createLocalSrpmMaker({
    sandbox,
    workDir,
    limits: config.buildLimits,
    network: config.sandboxNetwork === 'srpm',
    packager: PACKAGER,
    openDownloads: (tell, signal) => openDownloads({ netAllow: config.netAllow, log: tell, signal }),
  })
}
