import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findControlGroups, type System } from './control-group.ts'

const dir = mkdtempSync(join(tmpdir(), 'packit-groups-'))
after(() => rmSync(dir, { recursive: true }))
const LIMITS = { timeMs: 1, memoryBytes: 1_000_000, processes: 10, diskBytes: 1, logBytes: 1 }
const UNIT = 'system.slice/packit.service'

/** A tree like the kernel's, of plain files; new groups get the kernel's files when `real`. */
function makeSystem(
  part: { path?: string; delegated?: boolean; real?: boolean; controllers?: string } = {},
): System & { base: string } {
  const { path = `/${UNIT}`, delegated = true, real = true, controllers = 'cpu memory pids' } = part
  const mount = mkdtempSync(join(dir, 'mount-'))
  const base = join(mount, UNIT)
  mkdirSync(base, { recursive: true })
  writeFileSync(join(base, 'cgroup.controllers'), `${controllers}\n`)
  writeFileSync(join(base, 'cgroup.procs'), '41\n42\n')
  return {
    ...{ mount, base },
    own: async () => `0::${path}\n`,
    isDelegated: async (unit) => delegated && unit === 'packit.service',
    mkdir: async (group) => {
      mkdirSync(group)
      if (real) for (const name of ['cgroup.procs', 'memory.events']) writeFileSync(join(group, name), '')
    },
  }
}

test('in a unit that was handed over, a task gets a group with its limits', async () => {
  const system = makeSystem()
  const groups = await findControlGroups(system)
  const group = await groups?.make('run-1', LIMITS)
  const read = (name: string) => readFileSync(join(system.base, name), 'utf8')

  assert.equal(read('cgroup.subtree_control'), '+memory +pids')
  assert.equal(read('packit-service/cgroup.procs'), '42')
  assert.equal(group?.procs, join(system.base, 'packit-run-1/cgroup.procs'))
  assert.equal(read('packit-run-1/memory.max'), '1000000')
  assert.equal(read('packit-run-1/pids.max'), '28')
})

test('a service that systemd put into a group of its own below its unit uses the unit', async () => {
  const groups = await findControlGroups(makeSystem({ path: `/${UNIT}/main` }))
  assert.ok(groups)
})

test('that the kernel ended a task for its memory is read from its group', async () => {
  const system = makeSystem()
  const group = await (await findControlGroups(system))?.make('run-1', LIMITS)
  const events = join(system.base, 'packit-run-1/memory.events')

  writeFileSync(events, 'low 0\noom 2\noom_kill 0\n')
  assert.equal(await group?.ranOutOfMemory(), false)
  writeFileSync(events, 'low 0\noom 2\noom_kill 1\n')
  assert.equal(await group?.ranOutOfMemory(), true)
})

for (const [what, part] of [
  ['a group that was not handed over', { delegated: false }],
  ['a folder that only looks like a control group', { real: false }],
  ['a group without the controllers', { controllers: 'cpu io' }],
  ['the group of a container or a runner', { path: '/ci/run-7' }],
  ['the root group', { path: '/' }],
] as const) {
  test(`${what} is left alone`, async () => {
    const system = makeSystem(part)
    assert.equal(await findControlGroups(system), undefined)
    assert.equal(readFileSync(join(system.base, 'cgroup.procs'), 'utf8'), '41\n42\n')
  })
}

test('version 1 is not used: a part of it cannot be handed over', async () => {
  const system = { ...makeSystem(), own: async () => '4:memory:/system.slice/packit.service\n8:pids:/\n' }
  assert.equal(await findControlGroups(system), undefined)
})
