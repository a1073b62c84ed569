import type { Progress } from './progress.ts'
import type { FakeBuild } from './state.ts'

/** What makes builds go on. */
export interface Pace {
  begin(build: FakeBuild, progress: Progress): void
  cancel(build: FakeBuild): void
  close(): Promise<void>
}

/** How a build goes that ends by itself. `stuck`: it runs for ever. */
export type Outcome = 'succeeded' | 'failed' | 'skipped' | 'stuck' | 'source-failed' | 'import-failed'

export interface TimedOptions {
  /** How long a step takes; default 0. */
  sourceMs?: (build: FakeBuild) => number
  waitMs?: (build: FakeBuild, chroot: string) => number
  buildMs?: (build: FakeBuild, chroot: string) => number
  /** How a chroot ends; default well. */
  outcome?: (build: FakeBuild, chroot: string) => Outcome
}

/** Builds whose packages are made up, and that end by themselves after a while. */
export function timedPace(options: TimedOptions = {}): Pace {
  const { sourceMs = () => 0, waitMs = () => 0, buildMs = () => 0, outcome = () => 'succeeded' as const } = options
  const timers = new Set<NodeJS.Timeout>()
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  const beginChroot = (build: FakeBuild, chroot: string, progress: Progress) => {
    const end = outcome(build, chroot)
    if (end === 'skipped') return void progress.skipChroot(build, chroot)
    after(waitMs(build, chroot), () => {
      progress.startChroot(build, chroot)
      if (end === 'succeeded' || end === 'failed')
        after(buildMs(build, chroot), () => progress.endChroot(build, chroot, end))
    })
  }

  return {
    begin(build, progress) {
      const ends = build.chroots.map(({ name }) => outcome(build, name))
      after(0, () => progress.startSource(build))
      after(sourceMs(build), () => {
        if (ends.includes('source-failed')) return void progress.endSource(build, 'failed')
        if (ends.includes('import-failed')) return void progress.endSource(build, 'import-failed')
        progress.endSource(build, 'succeeded')
        for (const { name } of build.chroots) beginChroot(build, name, progress)
      })
    },
    cancel() {},
    async close() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
