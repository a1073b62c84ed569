import { hasEnded } from '../domain/status.ts'
import type { Storage } from '../storage/storage.ts'
import type { Builder, FoundTarget, SrpmToBuild, StartedBuild } from './builder.ts'

/** One chroot of a build that runs in this process. */
export interface ChrootBuild {
  build: SrpmToBuild
  chroot: string
  /** Prefix of log (`build.log`) and packages in storage. */
  folder: string
  signal: AbortSignal
  onStart: () => void
  onLog: (bytes: number) => void
}

export interface InProcessOptions {
  name: 'local' | 'mock'
  storage: Storage
  findChroots: () => Promise<string[]>
  /** Why nothing is built for a chroot. */
  refuse: (chroot: string) => string
  run: (build: ChrootBuild) => Promise<Pick<FoundTarget, 'state' | 'reason' | 'end' | 'packages' | 'files'>>
  now?: (() => Date) | undefined
  /** Called when lines of a log were stored, with the log's size in bytes. */
  onLog?: ((buildId: string, chroot: string, bytes: number) => void) | undefined
}

/** How many builds are kept in memory. */
const REMEMBERED = 1_000

interface Running {
  targets: FoundTarget[]
  controller: AbortController
  done: Promise<void>
}

/**
 * A builder whose builds are steps of this process. What it started is kept in memory: after a restart `findTargets` knows
 * nothing of it, and `startBuild` with the same id builds anew.
 *
 * In storage: `builds/<id>/<chroot>/build.log` and the packages beside it.
 */
export function createInProcessBuilder(options: InProcessOptions): Builder {
  const { storage, now = () => new Date() } = options
  const builds = new Map<string, Running>()
  const listeners = new Set<(buildId: string) => void>()
  const changed = (buildId: string) => {
    for (const listener of listeners) listener(buildId)
  }

  async function startBuild(build: SrpmToBuild): Promise<StartedBuild> {
    const buildId = String(build.id)
    const available = await options.findChroots()
    if (builds.has(buildId)) return { buildId }
    const targets = build.chroots.map((chroot): FoundTarget => {
      if (available.includes(chroot)) return { chroot, state: 'pending' }
      return { chroot, state: 'skipped', reason: options.refuse(chroot) }
    })
    const controller = new AbortController()
    const running: Running = { targets, controller, done: Promise.resolve() }
    builds.set(buildId, running)
    forgetOldest(builds)
    const mine = targets.filter(({ state }) => state === 'pending')
    running.done = Promise.all(mine.map((target) => buildTarget(build, target, controller.signal))).then(() => {})
    return { buildId }
  }

  async function buildTarget(build: SrpmToBuild, target: FoundTarget, signal: AbortSignal): Promise<void> {
    const buildId = String(build.id)
    const { chroot } = target
    const folder = `builds/${buildId}/${chroot}`
    const move = (part: Partial<FoundTarget>) => {
      Object.assign(target, part)
      changed(buildId)
    }
    try {
      // what an earlier process left of the same build
      await storage.delete(folder)
      const onStart = () => move({ state: 'running', startedAt: now(), log: `${folder}/build.log` })
      const onLog = (bytes: number) => options.onLog?.(buildId, chroot, bytes)
      const result = await options.run({ build, chroot, folder, signal, onStart, onLog })
      move({ ...result, log: `${folder}/build.log`, endedAt: now() })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      move({ state: 'error', reason: why, endedAt: now() })
    }
  }

  return {
    name: options.name,
    isRemote: false,
    findChroots: options.findChroots,
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
