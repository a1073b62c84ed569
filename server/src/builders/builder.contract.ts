import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded } from '../domain/status.ts'
import type { Storage } from '../storage/storage.ts'
import type { Builder, FoundTarget } from './builder.ts'

/** What the contract asks of whoever holds a builder to it. */
export interface BuilderUnderTest {
  builder: Builder
  storage: Storage
  /** Packs and stores an SRPM of the kind asked for; gives its key. */
  store(kind: 'good' | 'failing' | 'endless'): Promise<string>
  /** Ids that no build had before. */
  nextId(): number
  /** How long a build may take; default one minute. */
  patienceMs?: number
}

const PROJECT = 'acme-hello-1'

/**
 * What every builder does, whoever it is: run it from a test file of each.
 *
 * @param open  makes the builder, once for all its tests
 */
export function testBuilder(name: string, open: () => BuilderUnderTest): void {
  describe(`${name} keeps the contract of a builder`, () => {
    test('a build of a good package ends as success, with log, packages and files in storage', async () => {
      const under = open()
      const { builder, storage, store, nextId } = under
      const chroots = await builder.findChroots()
      const [chroot = ''] = chroots
      const build = { id: nextId(), srpm: await store('good'), chroots: [chroot], project: PROJECT }

      const { buildId } = await builder.startBuild(build)
      const [target] = await waitForEnd(under, buildId)

      assert.equal(target?.state, 'success', target?.reason)
      assert.equal(target.chroot, chroot)
      assert.ok(target.startedAt && target.endedAt && target.startedAt <= target.endedAt)
      const [found] = target.packages ?? []
      assert.deepEqual({ ...found, arch: '' }, { name: 'hello', epoch: 0, version: '1.0', release: '1', arch: '' })
      if (builder.isRemote) assert.equal(target.files, undefined)
      else assert.equal(target.files?.length, target.packages?.length)
      for (const key of target.files ?? []) assert.match(key, /\.rpm$/)
      assert.match(await readLog(storage, target), /Wrote: .*hello-1\.0-1/)
    })

    test('a build that fails is a failure of the change, and its log says why', async () => {
      const under = open()
      const { builder, storage, store, nextId } = under
      const chroots = await builder.findChroots()
      const { buildId } = await builder.startBuild({
        id: nextId(),
        srpm: await store('failing'),
        chroots,
        project: PROJECT,
      })

      const [target] = await waitForEnd(under, buildId)

      assert.equal(target?.state, 'failure')
      assert.deepEqual(target.files ?? [], [])
      assert.match(await readLog(storage, target), /the build breaks here/)
    })

    test('the same submission twice is one build', async () => {
      const under = open()
      const { builder, store, nextId } = under
      const chroots = await builder.findChroots()
      const build = { id: nextId(), srpm: await store('good'), chroots, project: PROJECT }

      const [first, second] = await Promise.all([builder.startBuild(build), builder.startBuild(build)])
      await waitForEnd(under, first.buildId)
      const [before] = (await builder.findTargets(first.buildId)) ?? []
      const third = await builder.startBuild(build)
      const [after] = (await builder.findTargets(first.buildId)) ?? []

      assert.deepEqual([second, third], [first, first])
      assert.deepEqual(after, before)
    })

    test('a cancelled build ends as cancelled, and cancelling an ended one changes nothing', async () => {
      const under = open()
      const { builder, store, nextId } = under
      const chroots = await builder.findChroots()
      const { buildId } = await builder.startBuild({
        id: nextId(),
        srpm: await store('endless'),
        chroots,
        project: PROJECT,
      })

      await waitFor(builder, buildId, ({ state }) => state === 'running', under.patienceMs)
      await builder.cancelBuild(buildId)
      const [target] = await waitForEnd(under, buildId)
      await builder.cancelBuild(buildId)

      assert.equal(target?.state, 'canceled')
      assert.equal((await builder.findTargets(buildId))?.[0]?.state, 'canceled')
    })

    test('a change is told, and not after the listener went', async () => {
      const under = open()
      const { builder, store, nextId } = under
      const chroots = await builder.findChroots()
      const told: string[] = []
      const silent: string[] = []
      const stop = builder.onChange((buildId) => told.push(buildId))
      builder.onChange((buildId) => silent.push(buildId))()

      const { buildId } = await builder.startBuild({
        id: nextId(),
        srpm: await store('good'),
        chroots,
        project: PROJECT,
      })
      await waitForEnd(under, buildId)
      stop()

      assert.ok(told.includes(buildId))
      assert.deepEqual(silent, [])
    })

    test('an unknown build is not found, and cancelling it is no error', async () => {
      const under = open()
      const { builder } = under

      await builder.cancelBuild('999999999')

      assert.equal(await builder.findTargets('999999999'), undefined)
    })

    test('a chroot that it does not build for is skipped, with a reason', async () => {
      const under = open()
      const { builder, store, nextId } = under
      const [known = ''] = await builder.findChroots()
      const chroots = [known, 'no-such-chroot-x86_64']
      const { buildId } = await builder.startBuild({
        id: nextId(),
        srpm: await store('good'),
        chroots,
        project: PROJECT,
      })

      await waitForEnd(under, buildId)
      const target = (await builder.findTargets(buildId, chroots))?.find(({ chroot }) => chroot === chroots[1])

      assert.equal(target?.state, 'skipped')
      assert.ok(target.reason)
    })
  })
}

async function waitForEnd({ builder, patienceMs }: BuilderUnderTest, buildId: string): Promise<FoundTarget[]> {
  return waitFor(builder, buildId, ({ state }) => hasEnded(state), patienceMs)
}

/** Asks until all targets are as wanted. */
export async function waitFor(
  builder: Builder,
  buildId: string,
  wanted: (target: FoundTarget) => boolean,
  mostMs = 60_000,
): Promise<FoundTarget[]> {
  const end = Date.now() + mostMs
  while (Date.now() < end) {
    const targets = (await builder.findTargets(buildId)) ?? []
    if (targets.length > 0 && targets.every(wanted)) return targets
    await sleep(25)
  }
  throw new Error(`build ${buildId} did not get there within ${mostMs} ms`)
}

async function readLog(storage: Storage, { log }: FoundTarget): Promise<string> {
  const found = log === undefined ? undefined : await storage.range(log, 0, 1_000_000)
  return found?.data.toString() ?? ''
}
