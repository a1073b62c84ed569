import type { Builder } from '../builders/builder.ts'
import { type CoprBuilder, createCoprBuilder } from '../builders/copr/copr-builder.ts'
import { createLocalBuilder } from '../builders/local/local-builder.ts'
import { type SharedBuilder, shareBuilder } from '../builders/local/shared-builder.ts'
import { createMockBuilder } from '../builders/mock/mock-builder.ts'
import { coprUrlOf } from '../config/copr-reach.ts'
import type { Config, CoprConfig } from '../config.ts'
import { findBuild } from '../db/builds.ts'
import type { Database } from '../db/database.ts'
import type { SourcePlace } from '../domain/srpm/where.ts'
import type { Targets } from '../domain/targets.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import { createBuildLedger } from './local-builds.ts'

/** What builders are made with. */
export interface BuilderParts {
  config: Config
  database: Database
  /** Our id among the processes of the installation. */
  processId: string
  sandbox: Sandbox
  storage: Storage
  workDir: string
  /** Name of the chroot of this machine. */
  hostChroot: string
  /** The chroots that are known while Copr is away. */
  targets: Targets
  now: () => Date
  /** Lines of a log were stored. */
  onLog: (buildId: string, chroot: string, bytes: number) => void
  onError: (error: unknown) => void
  /** The log of a chroot that runs elsewhere could not be copied; it is tried again. */
  onLogError: (error: unknown) => void
}

export interface CreatedBuilder {
  builder: Builder
  /** The same, where it builds on this machine: its builds are this process's, and are handed over when it stops. */
  shared: SharedBuilder | undefined
}

/** How often this machine, which tells of everything by itself, is asked at least. */
const LOCAL_POLL_MS = 30_000

/** The builder that the settings ask for. */
export function createBuilder(parts: BuilderParts): CreatedBuilder {
  const { config, sandbox, storage, workDir, hostChroot, onLog } = parts
  if (config.builder === 'copr' && config.copr) return { builder: createCopr(config.copr, parts), shared: undefined }
  const common = { storage, workDir, limits: config.buildLimits, onLog }
  const arch = hostChroot.split('-').at(-1) ?? ''
  const inner =
    config.builder === 'mock'
      ? createMockBuilder({ ...common, arch, parallel: config.buildParallel })
      : createLocalBuilder({ ...common, sandbox, hostChroot })
  const shared = share(inner, parts)
  return { builder: shared, shared }
}

function share(inner: Builder, { config, database, processId, onError }: BuilderParts): SharedBuilder {
  return shareBuilder(inner, {
    slots: config.buildParallel,
    ...(database.kind === 'postgres' ? { ledger: createBuildLedger(database, processId) } : {}),
    isWanted: async (buildId) => (await findBuild(database.db, Number(buildId)))?.cancelReason === null,
    onError,
  })
}

function createCopr(copr: CoprConfig, { config, storage, targets, now, onLogError }: BuilderParts): CoprBuilder {
  return createCoprBuilder({
    ...copr,
    ...{ storage, now, onError: onLogError },
    keepDays: config.keepDays.closed,
    mostLogBytes: config.buildLimits.logBytes,
    mostSrpmBytes: config.buildLimits.diskBytes,
    knownChroots: async () => (await targets.current()).chroots ?? [],
  })
}

/** Where SRPMs are made. Where there are private repositories nothing is served without a token, and Copr has none. */
export function sourcePlaceOf(config: Config, publicUrl: string): SourcePlace {
  const ownUrl = config.privateNamespaces.length > 0 ? undefined : publicUrl
  return { rule: config.coprSources, coprUrl: coprUrlOf(config), ownUrl }
}

export function longestPollOf(builder: Builder, { pollIntervalMs }: Config): number {
  return builder.isRemote ? pollIntervalMs : Math.min(pollIntervalMs, LOCAL_POLL_MS)
}
