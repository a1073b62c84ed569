import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeReachable, makeWorkArea } from './staging.ts'

const dir = mkdtempSync(join(tmpdir(), 'packit-staging-'))
after(() => rmSync(dir, { recursive: true }))
/** Somebody who is neither owner nor in the group of anything here. */
const STRANGER = { uid: 54_321, gid: 54_321 }

function makeTree(name: string): string {
  const tree = join(dir, name)
  mkdirSync(join(tree, 'sub'), { recursive: true })
  writeFileSync(join(tree, 'open'), 'open')
  chmodSync(join(tree, 'open'), 0o644)
  writeFileSync(join(tree, 'sub/closed'), 'closed', { mode: 0o600 })
  writeFileSync(join(tree, 'program'), '#!/bin/sh', { mode: 0o700 })
  symlinkSync('/etc/shadow', join(tree, 'link'))
  return tree
}

test('what the account cannot reach is copied, with links where the mode allows', async () => {
  const tree = makeTree('a')
  const copy = await makeReachable(tree, join(dir, 'copy'), STRANGER)

  assert.equal(copy, join(dir, 'copy'))
  assert.equal(statSync(join(copy, 'open')).ino, statSync(join(tree, 'open')).ino)
  assert.equal(readFileSync(join(copy, 'sub/closed'), 'utf8'), 'closed')
  assert.equal(statSync(join(copy, 'sub/closed')).mode & 0o777, 0o644)
  assert.equal(statSync(join(copy, 'program')).mode & 0o777, 0o755)
  assert.equal(statSync(join(tree, 'sub/closed')).mode & 0o777, 0o600)
})

test('a link is copied as a link: what it points to never gets into an input', async () => {
  const copy = await makeReachable(makeTree('b'), join(dir, 'copy-b'), STRANGER)

  assert.ok(lstatSync(join(copy, 'link')).isSymbolicLink())
  assert.equal(readlinkSync(join(copy, 'link')), '/etc/shadow')
})

test('what the account can reach stays where it is', async () => {
  assert.equal(await makeReachable('/usr/bin', join(dir, 'unused'), STRANGER), '/usr/bin')
  const tree = makeTree('c')
  assert.equal(await makeReachable(tree, join(dir, 'unused'), undefined), tree)
})

test('the work area can be entered by all and listed by none, and goes when told', async () => {
  const area = await makeWorkArea(dir)
  assert.equal(statSync(area.dir).mode & 0o777, 0o711)
  area.remove()
  assert.equal(existsSync(area.dir), false)
})

test('the work area of a process that was killed is removed by the next one, a living one is not', async () => {
  const script = `import { makeWorkArea } from '${import.meta.dirname}/staging.ts'
    console.log((await makeWorkArea('${dir}')).dir); process.kill(process.pid, 'SIGKILL')`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const left = stdout.trim()
  assert.equal(existsSync(left), true)
  const living = await makeWorkArea(dir)

  const next = await makeWorkArea(dir)

  assert.deepEqual([existsSync(left), existsSync(living.dir)], [false, true])
  living.remove()
  next.remove()
})

test('folders keep no rights that only their owner had', async () => {
  const tree = makeTree('d')
  chmodSync(join(tree, 'sub'), 0o700)
  const copy = await makeReachable(tree, join(dir, 'copy-d'), STRANGER)
  assert.equal(statSync(join(copy, 'sub')).mode & 0o777, 0o755)
})
