import type { Limits, Sandbox } from '../../../sandbox/sandbox.ts'
import type { Storage } from '../../../storage/storage.ts'
import { buildHere } from '../../local/build-here.ts'
import { createRepositoryMaker } from '../../local/repository-maker.ts'
import type { Pace } from './paces.ts'
import type { Progress } from './progress.ts'
import { makeSources, SRPM } from './real-sources.ts'
import { repositoryKey } from './results.ts'
import type { FakeBuild } from './state.ts'

export interface RealOptions {
  sandbox: Sandbox
  limits: Limits
  /** Holds what was built. */
  storage: Storage
  workDir?: string
  /** The only architecture that can be built for, as RPM calls it. */
  arch: string
}

/**
 * Builds what is uploaded, or what a script makes, by this machine's rpmbuild, once for all chroots of its architecture, and
 * keeps a dnf repository for each. Others are skipped: nothing would be worse than packages of another architecture than they say.
 */
export function realPace(options: RealOptions): Pace {
  const running = new Map<number, AbortController>()
  const works = new Set<Promise<void>>()
  /** One repository is written at a time. */
  let publishing: Promise<void> = Promise.resolve()
  const repositories = createRepositoryMaker(options)
  const built = new Map<string, Set<string>>()

  async function run(build: FakeBuild, progress: Progress, signal: AbortSignal): Promise<void> {
    progress.startSource(build)
    const made = build.method === 'custom' ? await makeSources(options, build, signal) : undefined
    if (signal.aborted) return
    const srpm = made ? made.srpm : build.srpm
    if (!srpm || !SRPM.test(srpm.name))
      return void progress.endSource(build, 'failed', made?.log ?? 'This Copr only builds SRPMs.\n')
    build.srpm = srpm
    const key = `srpms/${build.id}/${srpm.name}`
    await options.storage.put(key, srpm.data)
    progress.endSource(build, 'succeeded', made?.log)
    const [mine, others] = split(build, options.arch)
    for (const chroot of others) progress.skipChroot(build, chroot)
    if (mine.length === 0) return
    for (const chroot of mine) progress.startChroot(build, chroot)
    const ended = await rebuild(build, key, signal)
    if (signal.aborted) return
    for (const chroot of mine) {
      if (ended.state === 'success') await publish(build, chroot, ended.files)
      const files = new Map(ended.files.map((file) => [file.split('/').at(-1) ?? file, file]))
      const { log, packages } = ended
      progress.endChroot(build, chroot, ended.state === 'success' ? 'succeeded' : 'failed', { log, packages, files })
    }
  }

  async function rebuild(build: FakeBuild, srpm: string, signal: AbortSignal) {
    const folder = `builds/${build.id}`
    const nothing = { onStart: () => {}, onLog: () => {} }
    const result = await buildHere(options, { srpm, folder, signal, ...nothing })
    const log = await options.storage.range(`${folder}/build.log`, 0, 2 ** 24)
    const packages = (result.packages ?? []).map((found) => ({ ...found, epoch: found.epoch || null }))
    return { state: result.state, packages, files: result.files ?? [], log: log?.data.toString() ?? '' }
  }

  /** Adds the packages to the repository of the chroot: what older builds left there stays. */
  function publish(build: FakeBuild, chroot: string, files: readonly string[]): Promise<void> {
    const key = repositoryKey(build.project.owner, build.dirname, chroot)
    const all = built.get(key) ?? new Set()
    for (const file of files) all.add(file)
    built.set(key, all)
    const mine = publishing.then(() => repositories.makeRepository([...all], key))
    publishing = mine.catch(() => {})
    return mine
  }

  return {
    begin(build, progress) {
      const controller = new AbortController()
      running.set(build.id, controller)
      const work = run(build, progress, controller.signal).catch((error: unknown) => {
        const why = `${error instanceof Error ? error.message : error}\n`
        if (build.source.state !== 'succeeded') return void progress.endSource(build, 'failed', why)
        for (const { name } of build.chroots) progress.endChroot(build, name, 'failed', { log: why })
      })
      works.add(work)
      void work.finally(() => works.delete(work))
    },
    cancel: (build) => running.get(build.id)?.abort(),
    async close() {
      for (const controller of running.values()) controller.abort()
      await Promise.allSettled(works)
    },
  }
}

function split(build: FakeBuild, arch: string): [mine: string[], others: string[]] {
  const names = build.chroots.map(({ name }) => name)
  return [names.filter((name) => name.endsWith(`-${arch}`)), names.filter((name) => !name.endsWith(`-${arch}`))]
}
