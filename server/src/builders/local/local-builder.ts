import { hasEnded } from '../../domain/status.ts'
import type { Limits, Sandbox } from '../../sandbox/sandbox.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Builder, FoundTarget, SrpmToBuild, StartedBuild } from '../builder.ts'
import { buildHere } from './build-here.ts'

export interface LocalBuilderOptions {
  sandbox: Sandbox
  storage: Storage
  limits: Limits
  /** Name of the only chroot, see `hostChroot`. */
  hostChroot: string
  /** Where files are kept between sandbox and storage; on the storage's file system they cost no copy. */
  workDir?: string
  now?: () => Date
  /** Called when lines of a log were stored, with the log's size in bytes. */
  onLog?: (buildId: string, chroot: string, bytes: number) => void
}

/** How many builds are kept in memory. */
const REMEMBERED = 1_000

interface Running {
  targets: FoundTarget[]
  controller: AbortController
  done: Promise<void>
}

/**
 * Builds on this machine, in the sandbox, without a clean root. What it started is kept in memory: after a restart
 * `findTargets` knows nothing of it, and `startBuild` with the same id builds anew.
 *
 * In storage: `builds/<id>/<chroot>/build.log` and the packages beside it.
 */
export function createLocalBuilder(options: LocalBuilderOptions): Builder {
  const { hostChroot, storage, now = () => new Date() } = options
  const builds = new Map<string, Running>()
  const listeners = new Set<(buildId: string) => void>()
  const changed = (buildId: string) => {
    for (const listener of listeners) listener(buildId)
  }

  async function startBuild(build: SrpmToBuild): Promise<StartedBuild> {
    const buildId = String(build.id)
    if (builds.has(buildId)) return { buildId }
    const targets = build.chroots.map((chroot) => begin(chroot, hostChroot))
    const controller = new AbortController()
    const running: Running = { targets, controller, done: Promise.resolve() }
    builds.set(buildId, running)
    forgetOldest(builds)
    const mine = targets.find(({ chroot }) => chroot === hostChroot)
    if (mine) running.done = buildTarget(build, mine, controller.signal)
    return { buildId }
  }

  async function buildTarget(build: SrpmToBuild, target: FoundTarget, signal: AbortSignal): Promise<void> {
    const buildId = String(build.id)
    const folder = `builds/${buildId}/${target.chroot}`
    const move = (part: Partial<FoundTarget>) => {
      Object.assign(target, part)
      changed(buildId)
    }
    try {
      // what an earlier process left of the same build
      await storage.delete(folder)
      const onStart = () => move({ state: 'running', startedAt: now(), log: `${folder}/build.log` })
      const onLog = (bytes: number) => options.onLog?.(buildId, target.chroot, bytes)
      const result = await buildHere(options, { srpm: build.srpm, folder, signal, onStart, onLog })
      move({ ...result, log: `${folder}/build.log`, endedAt: now() })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      move({ state: 'error', reason: why, endedAt: now() })
    }
  }

  return {
    name: 'local',
    isRemote: false,
    findChroots: async () => [hostChroot],
    startBuild,
    findTargets: async (buildId) => builds.get(buildId)?.targets.map((target) => ({ ...target })),
    async cancelBuild(buildId) {
      const build = builds.get(buildId)
      build?.controller.abort()
      await build?.done
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Who asks for a build wants to know its end soon; what it was is stored elsewhere. */
function forgetOldest(builds: Map<string, Running>): void {
  for (const [id, { targets }] of builds) {
    if (builds.size <= REMEMBERED) return
    if (targets.every(({ state }) => hasEnded(state))) builds.delete(id)
  }
}

function begin(chroot: string, hostChroot: string): FoundTarget {
  if (chroot === hostChroot) return { chroot, state: 'pending' }
  return { chroot, state: 'skipped', reason: `this machine builds for ${hostChroot} only` }
}
