import { readFile } from 'node:fs/promises'
import type { Builder } from '../builders/builder.ts'
import { type CoprBuilder, createCoprBuilder } from '../builders/copr/copr-builder.ts'
import { hostChroot } from '../builders/local/host-chroot.ts'
import { createLocalBuilder } from '../builders/local/local-builder.ts'
import { createMockBuilder } from '../builders/mock/mock-builder.ts'
import type { Config, CoprConfig } from '../config.ts'
import type { Targets } from '../domain/targets.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'

/** What builders are made with. */
export interface BuilderParts {
  config: Config
  sandbox: Sandbox
  storage: Storage
  workDir: string
  /** The chroots that are known while Copr is away. */
  targets: Targets
  now: () => Date
  /** Lines of a log were stored. */
  onLog: (buildId: string, chroot: string, bytes: number) => void
}

/** How often this machine, which tells of everything by itself, is asked at least. */
const LOCAL_POLL_MS = 30_000

/** The builder that the settings ask for. */
export async function createBuilder(parts: BuilderParts): Promise<Builder> {
  const { config, sandbox, storage, workDir, onLog } = parts
  if (config.builder === 'copr' && config.copr) return createCopr(config.copr, parts)
  const host = hostChroot(await readFile('/etc/os-release', 'utf8'), process.arch)
  const common = { storage, workDir, limits: config.buildLimits, onLog }
  if (config.builder === 'mock') {
    const arch = host.split('-').at(-1) ?? ''
    return createMockBuilder({ ...common, arch, parallel: config.buildParallel })
  }
  return createLocalBuilder({ ...common, sandbox, hostChroot: host })
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
