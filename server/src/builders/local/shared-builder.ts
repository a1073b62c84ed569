import { hasEnded } from '../../domain/status.ts'
import type { Builder, FoundTarget, SrpmToBuild, StartedBuild } from '../builder.ts'

/** What all processes know of the builds that each of them runs. */
export interface BuildLedger {
  /** Gives a build to this process, unless another has it or it has ended; whether it is ours now. */
  claim(buildId: string, targets: FoundTarget[]): Promise<boolean>
  /** Writes how a build of ours stands; `false` when it is another process's by now. */
  write(buildId: string, targets: FoundTarget[], hasEnded: boolean): Promise<boolean>
  /** How a build stands, whoever runs it; `isHeld` says whether somebody does, or did to its end. */
  find(buildId: string): Promise<{ targets: FoundTarget[]; isHeld: boolean; isCanceled: boolean } | undefined>
  /** Asks whoever runs a build to cancel it. */
  cancel(buildId: string): Promise<void>
  /** What is ours to run, and what of it shall be cancelled. */
  listOwn(): Promise<{ buildId: string; isCanceled: boolean }[]>
}

export interface SharedBuilder extends Builder {
  /** From here on nothing is begun or written any more: what runs is another process's to begin anew. */
  leave(): void
  /** Ends the waiting of those who asked for a build meanwhile, with an error. */
  refuse(): void
}

interface Options {
  /** How many builds run at a time; who asks for more waits. */
  slots: number
  /** Left out: there is no other process. */
  ledger?: BuildLedger
  /** Whether a build that waited for room is still wanted. */
  isWanted?: (buildId: string) => Promise<boolean>
  /** How often is looked for what shall be cancelled. */
  watchMs?: number
  onError?: (error: unknown) => void
}

/**
 * A builder on this machine among others: a build belongs to the process that runs it, and all others know how it stands.
 * What can't begin here at once is left in the queue, where a process that has room finds it.
 */
export function shareBuilder(inner: Builder, options: Options): SharedBuilder {
  const { slots, ledger, isWanted = async () => true, watchMs = 1000, onError = () => {} } = options
  const running = new Set<string>()
  const listeners = new Set<(buildId: string) => void>()
  const writing = new Map<string, Promise<void>>()
  const refused = Promise.withResolvers<never>()
  refused.promise.catch(() => {})
  let freed = Promise.withResolvers<void>()
  let hasLeft = false
  let timer: NodeJS.Timeout | undefined

  async function waitForSlot(): Promise<void> {
    while (hasLeft || running.size >= slots) await Promise.race([freed.promise, refused.promise])
  }

  function end(buildId: string): void {
    if (!running.delete(buildId)) return
    freed.resolve()
    freed = Promise.withResolvers()
    if (running.size === 0) clearInterval(timer)
  }

  async function settle(buildId: string): Promise<void> {
    const targets = await inner.findTargets(buildId)
    if (!targets || hasLeft) return
    const isEnded = targets.every(({ state }) => hasEnded(state))
    if (ledger && !(await ledger.write(buildId, targets, isEnded))) await abandon(buildId)
    if (isEnded) end(buildId)
    for (const listener of listeners) listener(buildId)
  }

  /** Another process was given it: what it does here counts no more. */
  async function abandon(buildId: string): Promise<void> {
    end(buildId)
    await inner.cancelBuild(buildId)
  }

  /** Changes of one build are written in their order. */
  inner.onChange((buildId) => {
    const before = writing.get(buildId) ?? Promise.resolve()
    const done = before.then(() => settle(buildId)).catch(onError)
    writing.set(buildId, done)
    void done.then(() => writing.get(buildId) === done && writing.delete(buildId))
  })

  async function watch(own: BuildLedger): Promise<void> {
    const mine = await own.listOwn()
    if (hasLeft) return
    for (const { buildId, isCanceled } of mine) if (isCanceled && running.has(buildId)) await inner.cancelBuild(buildId)
    const ids = new Set(mine.map(({ buildId }) => buildId))
    // what has just ended is not listed either, and is not running
    for (const buildId of running) if (!ids.has(buildId) && !writing.has(buildId)) await abandon(buildId)
  }

  function begin(buildId: string): void {
    running.add(buildId)
    if (running.size > 1 || !ledger) return
    timer = setInterval(() => void watch(ledger).catch(onError), watchMs)
    timer.unref()
  }

  async function startBuild(build: SrpmToBuild): Promise<StartedBuild> {
    const buildId = String(build.id)
    if (running.has(buildId)) return { buildId }
    await waitForSlot()
    begin(buildId)
    const waiting = build.chroots.map((chroot): FoundTarget => ({ chroot, state: 'pending' }))
    try {
      if (!(await isWanted(buildId)) || (ledger && !(await ledger.claim(buildId, waiting)))) {
        end(buildId)
        return { buildId }
      }
      await inner.startBuild(build)
      await settle(buildId)
      return { buildId }
    } catch (error) {
      end(buildId)
      throw error
    }
  }

  return {
    name: inner.name,
    isRemote: inner.isRemote,
    findChroots: () => inner.findChroots(),
    startBuild,
    async findTargets(buildId) {
      if (!ledger) return inner.findTargets(buildId)
      const found = await ledger.find(buildId)
      if (!found || found.isHeld) return found?.targets
      // handed over: another process begins it anew, unless it is not wanted any more
      return found.targets.map(({ chroot }) => ({ chroot, state: found.isCanceled ? 'canceled' : 'pending' }))
    },
    async cancelBuild(buildId) {
      await ledger?.cancel(buildId)
      if (!ledger || running.has(buildId)) await inner.cancelBuild(buildId)
      await writing.get(buildId)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    leave() {
      hasLeft = true
      clearInterval(timer)
    },
    refuse: () => refused.reject(new Error('this process stops')),
  }
}
