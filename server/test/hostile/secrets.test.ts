import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { openRange } from './attack.ts'

const range = openRange()
after(() => range[Symbol.asyncDispose]())

const SECRET = 'hunter2-of-the-service'
process.env.PACKIT_TEST_SECRET = SECRET

test('the passwords of this machine are not there to be read', async () => {
  const { log, end } = await range.attack({
    script: 'cat /etc/shadow /etc/gshadow /etc/sudoers /etc/ssh/*; cat /etc/passwd',
  })

  assert.equal(end, 'finished')
  assert.match(log, /\/etc\/shadow: No such file/)
  assert.match(log, /^builder:x:1000:/m)
  assert.doesNotMatch(log, /:\$[0-9a-z]+\$/)
  assert.doesNotMatch(log, /packit-build|daemon/)
})

test('the environment of the service is in no process inside', async () => {
  const { log } = await range.attack({ script: 'env; cat /proc/*/environ | tr "\\0" "\\n"' })

  assert.doesNotMatch(log, new RegExp(SECRET))
  assert.doesNotMatch(log, /^(?!HOME|LANG|LOGNAME|PATH|PWD|SHELL|TZ|USER|_=|OLDPWD|SHLVL)\w+=/m)
})

test('processes of this machine are not visible', async () => {
  const { log } = await range.attack({
    script: 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n"; echo; ls -d /proc/[0-9]* | wc -l',
  })

  assert.doesNotMatch(log, /--test|npm|server\/test\/hostile\/secrets/)
  assert.ok(Number(log.trim().split('\n').at(-1)) < 12, log)
})

test("the service's folders, homes and sockets of this machine are not there", async () => {
  const repository = resolve(import.meta.dirname, '../../..')
  const folders = [
    repository,
    homedir(),
    range.dir,
    '/root',
    '/home',
    '/run',
    '/var/run',
    '/var/lib/packit',
    '/sys',
    '/boot',
    '/srv',
    '/mnt',
  ]
  const { log } = await range.attack({
    script: `for d in ${folders.join(' ')}; do ls -d $d 2>/dev/null; done; ls /; ls /var /packit/server`,
  })

  const known = 'bin build dev etc in lib lib32 lib64 libx32 packit proc sbin tmp usr var'.split(' ')
  const [root = '', ...others] = log.split(/\n(?=\/)/)
  assert.deepEqual(
    root
      .trim()
      .split('\n')
      .filter((name) => !known.includes(name)),
    [],
  )
  // the package database, where there is one, and the scratch folder
  assert.match(
    others.join(' ').replaceAll(/\s+/g, ' ').trim(),
    /^\/packit\/server: package.json src test \/var: (lib )?tmp$/,
  )
})

test('only a few devices are there, none of them a disk', async () => {
  const { log } = await range.attack({ script: 'ls /dev; find /dev -type b' })
  const known = 'console core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero'.split(' ')

  assert.deepEqual(
    log
      .trim()
      .split('\n')
      .filter((name) => !known.includes(name)),
    [],
  )
})

test('no open file of the service is open inside', async () => {
  const file = join(range.dir, 'secret')
  writeFileSync(file, SECRET)
  const { log } = await range.attack({
    script: 'ls -l /proc/self/fd; cat /proc/[0-9]*/fd/* 2>/dev/null < /dev/null & sleep 0.2',
  })

  assert.doesNotMatch(log, new RegExp(SECRET))
  // its own three and the folder that ls reads
  assert.deepEqual(
    [...log.matchAll(/ (\d+) -> /g)].map(([, fd]) => fd),
    ['0', '1', '2', '3'],
  )
})

test('descriptors that the service was started with lead nowhere inside', () => {
  const file = join(range.dir, 'inherited')
  writeFileSync(file, SECRET)
  const fd = openSync(file, 'r')
  // far above the others, where Node does not mark what it was given
  const stdio = Array.from({ length: 61 }, (_, i) => (i < 3 ? ('pipe' as const) : i === 60 ? fd : ('ignore' as const)))
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'list-descriptors.ts')], { stdio })
  closeSync(fd)

  assert.match(String(stdout), /^outside: .*inherited$/m, String(stderr))
  assert.match(String(stdout), /^inside: $/m)
})
