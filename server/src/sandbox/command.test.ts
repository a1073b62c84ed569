import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Cell, commandOf } from './command.ts'

const CELL: Cell = {
  ...{
    account: { uid: 999, gid: 998 },
    group: undefined,
    node: '/opt/node',
    program: 'src/a/inside/b.ts',
    callFilter: undefined,
  },
  ...{
    serverParts: { 'src/domain': '/srv/domain' },
    etc: '/srv/etc',
    fetched: '/srv/fetched',
    mounts: { '/in/x': '/data/x' },
  },
  ...{
    limits: { timeMs: 1, memoryBytes: 2 ** 30, processes: 10, diskBytes: 4_096, logBytes: 1 },
    network: false,
    isRootInside: false,
  },
}
const text = (cell: Partial<Cell> = {}) => commandOf({ ...CELL, ...cell }, () => 'link').join(' ')

test('rights are given up before anything else is set up', () => {
  assert.match(
    text(),
    /^nice -n 5 setpriv --reuid 999 --regid 998 --clear-groups --inh-caps=-all choom -n 1000 -- bwrap /,
  )
})

test('nothing of this machine is mounted so that it can be written to', () => {
  assert.doesNotMatch(text(), / --(dev-)?bind(-try)? /)
  assert.match(text(), / --ro-bind \/data\/x \/in\/x /)
  assert.match(text(), / --remount-ro \/ /)
})

test('the network is visible only to a task that may use it', () => {
  assert.doesNotMatch(text(), /share-net|resolv\.conf/)
  assert.match(text({ network: true }), / --share-net .*resolv\.conf/)
})

test('a task that installs packages is root inside and may change its root directory, nothing else; others are nobody', () => {
  assert.match(text(), / --cap-drop ALL --uid 1000 --gid 1000 /)
  assert.doesNotMatch(text(), /cap-add/)
  assert.match(text({ isRootInside: true }), / --cap-drop ALL --cap-add CAP_SYS_CHROOT --uid 0 --gid 0 /)
  assert.match(text({ isRootInside: true }), /setpriv --reuid 999 .* --disable-userns /)
})

test('everything that can be written to has a size', () => {
  const args = commandOf(CELL, () => 'link')
  const sized = args.flatMap((arg, i) =>
    arg === '--tmpfs' ? [[args[i + 1], args.slice(i - 4, i).includes('--size')]] : [],
  )
  assert.deepEqual(sized, [
    ['/dev/shm', true],
    ['/build', true],
    ['/tmp', true],
  ])
})

test('a task with a control group enters it before it becomes anything else', () => {
  const dir = mkdtempSync(join(tmpdir(), 'packit-command-'))
  const procs = join(dir, 'cgroup.procs')
  const [sh = '', ...args] = commandOf({ ...CELL, group: procs }, () => 'link')
  const entering = args.slice(0, args.indexOf('nice'))
  const { stdout } = spawnSync(sh, [...entering, 'sh', '-c', 'echo $$'], { encoding: 'utf8' })

  assert.match(stdout, /^\d+\n$/)
  assert.equal(readFileSync(procs, 'utf8'), stdout)
  rmSync(dir, { recursive: true })
})
