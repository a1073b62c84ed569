import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SrpmInput } from '../domain/srpm-input.ts'
import { hasEnded } from '../domain/status.ts'
import type { Storage } from '../storage/storage.ts'
import type { Builder, FoundTarget, SrpmToBuild, StartedBuild } from './builder.ts'
import type { MadeSrpm, SrpmFailure, SrpmMaker, SrpmProgress } from './srpm-maker.ts'

/** A builder in memory, whose builds run until a test ends them. It refuses what a real one refuses. */
export class FakeBuilder implements Builder {
  readonly name = 'copr'
  readonly isRemote = false
  readonly builds = new Map<string, { build: SrpmToBuild; targets: FoundTarget[] }>()
  readonly #storage: Storage
  readonly #chroots: string[]
  readonly #listeners = new Set<(buildId: string) => void>()
  /** Builds end well by themselves, unless a test wants to end them. */
  endsAlone = true

  constructor(storage: Storage, chroots: string[]) {
    this.#storage = storage
    this.#chroots = chroots
  }

  async findChroots(): Promise<string[]> {
    return [...this.#chroots]
  }

  async startBuild(build: SrpmToBuild): Promise<StartedBuild> {
    const buildId = String(build.id)
    if (this.builds.has(buildId)) return { buildId }
    if (!(await this.#storage.read(build.srpm))) throw new Error(`there is no SRPM at ${build.srpm}`)
    const unknown = build.chroots.find((chroot) => !this.#chroots.includes(chroot))
    if (unknown) throw new Error(`no such chroot: ${unknown}`)
    const targets = build.chroots.map((chroot): FoundTarget => ({ chroot, state: 'running', startedAt: new Date() }))
    this.builds.set(buildId, { build, targets })
    if (this.endsAlone) for (const chroot of build.chroots) await this.end(buildId, chroot, 'success')
    return { buildId }
  }

  async findTargets(buildId: string): Promise<FoundTarget[] | undefined> {
    return this.builds.get(buildId)?.targets.map((target) => ({ ...target }))
  }

  async cancelBuild(buildId: string): Promise<void> {
    for (const target of this.builds.get(buildId)?.targets ?? []) {
      if (!hasEnded(target.state)) Object.assign(target, { state: 'canceled', endedAt: new Date() })
    }
    this.#tell(buildId)
  }

  onChange(listener: (buildId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Ends a chroot of a build, with a log and, when it went well, a package. */
  async end(
    buildId: string,
    chroot: string,
    state: 'success' | 'failure',
    log = 'Executing(%build)\n+ exit 0\n',
  ): Promise<void> {
    const found = this.builds.get(buildId)?.targets.find((target) => target.chroot === chroot)
    if (!found || hasEnded(found.state)) return
    const folder = `builds/${buildId}/${chroot}`
    await this.#storage.put(`${folder}/build.log`, log)
    Object.assign(found, { state, log: `${folder}/build.log`, endedAt: new Date() })
    if (state === 'success') {
      const pkg = { name: 'hello', epoch: 0, version: '1.0', release: '1', arch: 'x86_64' }
      await this.#storage.put(`${folder}/hello-1.0-1.x86_64.rpm`, 'a package')
      Object.assign(found, { packages: [pkg], files: [`${folder}/hello-1.0-1.x86_64.rpm`] })
    }
    this.#tell(buildId)
  }

  #tell(buildId: string): void {
    for (const listener of this.#listeners) listener(buildId)
  }
}

/** Makes SRPMs of nothing; a test may have them fail, or held until it lets them go. */
export class FakeSrpmMaker implements SrpmMaker {
  /** All that was asked for, in order. */
  readonly made: SrpmInput[] = []
  failure: SrpmFailure | null = null
  log = '+ rpmbuild -bs\n'
  #held = 0
  #isHolding = false

  hold(): void {
    this.#isHolding = true
  }

  release(): void {
    this.#isHolding = false
  }

  /** How many are being made now. */
  get holding(): number {
    return this.#held
  }

  async makeSrpm(input: SrpmInput, _mirror: string, { onLog, signal }: SrpmProgress): Promise<MadeSrpm> {
    this.made.push(input)
    onLog(Buffer.from(this.log))
    this.#held += 1
    while (this.#isHolding && !signal.aborted) await sleep(10)
    this.#held -= 1
    if (signal.aborted) return { ok: false, end: 'canceled', failure: null }
    if (this.failure) return { ok: false, end: 'finished', failure: this.failure }
    const dir = await mkdtemp(join(tmpdir(), 'fake-srpm-'))
    const name = `hello-1.0-1.${randomUUID().slice(0, 8)}.src.rpm`
    await writeFile(join(dir, name), 'a source package')
    return {
      ok: true,
      path: join(dir, name),
      name,
      nvr: name.replace('.src.rpm', ''),
      remove: () => rm(dir, { recursive: true }),
    }
  }
}
