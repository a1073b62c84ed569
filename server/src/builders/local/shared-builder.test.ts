import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Builder, FoundTarget, SrpmToBuild } from '../builder.ts'
import { type BuildLedger, shareBuilder } from './shared-builder.ts'

/** A machine whose builds run until a test ends them. */
class Machine implements Builder {
  readonly name = 'local'
  readonly isRemote = false
  readonly builds = new Map<string, FoundTarget[]>()
  readonly #listeners: ((buildId: string) => void)[] = []

  async findChroots() {
    return ['here']
  }

  async startBuild({ id, chroots }: SrpmToBuild) {
    this.builds.set(
      String(id),
      chroots.map((chroot) => ({ chroot, state: 'running' })),
    )
    return { buildId: String(id) }
  }

  async findTargets(buildId: string) {
    return this.builds.get(buildId)?.map((target) => ({ ...target }))
  }

  async cancelBuild(buildId: string) {
    if (this.builds.get(buildId)?.[0]?.state === 'running') this.end(buildId, 'canceled')
  }

  onChange(listener: (buildId: string) => void) {
    this.#listeners.push(listener)
    return () => {}
  }

  end(buildId: string, state: 'success' | 'canceled') {
    for (const target of this.builds.get(buildId) ?? []) target.state = state
    for (const listener of this.#listeners) listener(buildId)
  }
}

interface Row {
  owner: string | null
  targets: FoundTarget[]
  hasEnded: boolean
  isCanceled: boolean
}

/** The table that all processes see. */
const ledgerOf = (rows: Map<string, Row>, me: string): BuildLedger => ({
  async claim(buildId, targets) {
    const row = rows.get(buildId)
    if (row && (row.hasEnded || row.isCanceled || (row.owner ?? me) !== me)) return false
    rows.set(buildId, { owner: me, targets, hasEnded: false, isCanceled: false })
    return true
  },
  async write(buildId, targets, hasEnded) {
    const row = rows.get(buildId)
    if (row?.owner !== me || row.hasEnded) return false
    Object.assign(row, { targets, hasEnded })
    return true
  },
  async find(buildId) {
    const row = rows.get(buildId)
    return row && { targets: row.targets, isHeld: row.owner !== null || row.hasEnded, isCanceled: row.isCanceled }
  },
  async cancel(buildId) {
    const row = rows.get(buildId)
    if (row && !row.hasEnded) row.isCanceled = true
  },
  listOwn: async () =>
    [...rows].flatMap(([buildId, { owner, hasEnded, isCanceled }]) =>
      owner === me && !hasEnded ? [{ buildId, isCanceled }] : [],
    ),
})

const BUILD = { id: 1, srpm: 'a.src.rpm', chroots: ['here'], project: 'acme-hello-1' }

function twoProcesses() {
  const rows = new Map<string, Row>()
  const open = (me: string) => {
    const machine = new Machine()
    return { machine, builder: shareBuilder(machine, { slots: 1, ledger: ledgerOf(rows, me), watchMs: 5 }) }
  }
  return { rows, one: open('one'), two: open('two') }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  while (!(await holds())) {
    assert.ok(Date.now() < end, String(holds))
    await sleep(2)
  }
}

const stateOf = async (builder: Builder, id = '1') => (await builder.findTargets(id))?.[0]?.state

test('every process knows how a build stands, and only the one that has it builds', async () => {
  const { one, two } = twoProcesses()
  await one.builder.startBuild(BUILD)
  assert.deepEqual(await two.builder.startBuild(BUILD), { buildId: '1' })
  assert.equal(two.machine.builds.size, 0)
  assert.equal(await stateOf(two.builder), 'running')
  one.machine.end('1', 'success')
  await until(async () => (await stateOf(two.builder)) === 'success')
  // what has ended is not begun anew
  await two.builder.startBuild(BUILD)
  assert.equal(two.machine.builds.size, 0)
})

test('whoever cancels a build reaches the process that has it', async () => {
  const { one, two } = twoProcesses()
  await one.builder.startBuild(BUILD)
  await two.builder.cancelBuild('1')
  await until(async () => (await stateOf(two.builder)) === 'canceled')
  assert.equal(one.machine.builds.get('1')?.[0]?.state, 'canceled')
})

test('a build that was handed over waits until another process begins it, unless it was cancelled meanwhile', async () => {
  const { rows, one, two } = twoProcesses()
  await one.builder.startBuild(BUILD)
  one.builder.leave()
  const row = rows.get('1')
  assert.ok(row)
  row.owner = null
  assert.equal(await stateOf(two.builder), 'pending')
  // what the first one still does counts no more
  one.machine.end('1', 'success')
  await two.builder.startBuild(BUILD)
  assert.equal(await stateOf(one.builder), 'running')
  two.builder.leave()
  row.owner = null
  rows.set('1', { ...row, owner: null })
  await two.builder.cancelBuild('1')
  assert.equal(await stateOf(one.builder), 'canceled')
})

test('a process that was believed dead stops what another has begun anew', async () => {
  const { rows, one, two } = twoProcesses()
  await one.builder.startBuild(BUILD)
  const row = rows.get('1')
  assert.ok(row)
  row.owner = null
  await two.builder.startBuild(BUILD)
  await until(() => one.machine.builds.get('1')?.[0]?.state === 'canceled')
  assert.equal(await stateOf(one.builder), 'running')
  two.machine.end('1', 'success')
  await until(async () => (await stateOf(one.builder)) === 'success')
})

test('who has no room lets a build wait, where another that has room finds it', async () => {
  const { one, two } = twoProcesses()
  await one.builder.startBuild(BUILD)
  const waiting = one.builder.startBuild({ ...BUILD, id: 2 })
  await sleep(20)
  assert.equal(one.machine.builds.has('2'), false)
  await two.builder.startBuild({ ...BUILD, id: 2 })
  one.machine.end('1', 'success')
  assert.deepEqual(await waiting, { buildId: '2' })
  assert.equal(one.machine.builds.has('2'), false)
  // and a process that stops refuses those that wait
  const third = two.builder.startBuild({ ...BUILD, id: 3 })
  two.builder.leave()
  two.builder.refuse()
  await assert.rejects(third, /this process stops/)
})
