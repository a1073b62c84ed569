import { readFile } from 'node:fs/promises'
import type { Builder } from '../builders/builder.ts'
import { type CoprBuilder, createCoprBuilder } from '../builders/copr/copr-builder.ts'
import { hostChroot } from '../builders/local/host-chroot.ts'
import { createLocalBuilder } from '../builders/local/local-builder.ts'
import { type SharedBuilder, shareBuilder } from '../builders/local/shared-builder.ts'
import type { Config, CoprConfig } from '../config.ts'
import { findBuild } from '../db/builds.ts'
import type { Database } from '../db/database.ts'
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
  /** The chroots that are known while Copr is away. */
  targets: Targets
  now: () => Date
  /** Lines of a log were stored. */
  onLog: (buildId: string, chroot: string, bytes: number) => void
  onError: (error: unknown) => void
}

export interface CreatedBuilder {
  builder: Builder
  /** The same, where it builds on this machine: its builds are this process's, and are handed over when it stops. */
  shared: SharedBuilder | undefined
}

/** How often this machine, which tells of everything by itself, is asked at least. */
const LOCAL_POLL_MS = 30_000

/** The builder that the settings ask for. */
export async function createBuilder(parts: BuilderParts): Promise<CreatedBuilder> {
  const { config, sandbox, storage, workDir, onLog } = parts
  if (config.builder === 'copr' && config.copr) return { builder: createCopr(config.copr, parts), shared: undefined }
  const host = hostChroot(await readFile('/etc/os-release', 'utf8'), process.arch)
  const limits = config.buildLimits
  const shared = share(createLocalBuilder({ sandbox, storage, hostChroot: host, workDir, limits, onLog }), parts)
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

function createCopr(copr: CoprConfig, { config, storage, targets, now }: BuilderParts): CoprBuilder {
  return createCoprBuilder({
    ...copr,
    ...{ storage, now },
    keepDays: config.keepDays.closed,
    mostLogBytes: config.buildLimits.logBytes,
    knownChroots: async () => (await targets.current()).chroots ?? [],
  })
}

export function longestPollOf(builder: Builder, { pollIntervalMs }: Config): number {
  return builder.isRemote ? pollIntervalMs : Math.min(pollIntervalMs, LOCAL_POLL_MS)
}
