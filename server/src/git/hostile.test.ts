import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, readFile as readHostFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from '../domain/errors.ts'
import { parseGitAllow } from '../domain/git-url.ts'
import { listFiles, openMirrors, readFile, resolveCommit } from './mirrors.ts'
import { openTestFolder, TestRepository } from './test-repository.ts'

async function openWorld() {
  const folder = await openTestFolder()
  const upstream = await TestRepository.create(join(folder.dir, 'up/hello'))
  await upstream.commit({ 'hello.spec': 'Name: hello' })
  const mirrors = await openMirrors({
    dir: join(folder.dir, 'mirrors'),
    allow: parseGitAllow(join(folder.dir, 'up')),
    netAllow: [],
  })
  return {
    dir: folder.dir,
    upstream,
    fetch: (ref = 'main') => mirrors.fetchCommit({ mirrorOf: upstream.path, ref }),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

test('a configuration that is a link, a folder or a submodule is not read', async () => {
  await using world = await openWorld()
  const blob = world.upstream.pipe('/etc/passwd', 'hash-object', '-w', '--stdin')
  const tree = world.upstream.pipe(`100644 blob ${blob}\tx\n`, 'mktree')
  const lines = [
    `120000 blob ${blob}\t.packit.yaml`,
    `040000 tree ${tree}\tdir`,
    `160000 commit ${'1'.repeat(40)}\tsub`,
    `120000 blob ${blob}\tz`,
  ]
  const sha = world.upstream.commitTree(`${lines.join('\n')}\n`)
  world.upstream.git('update-ref', 'refs/heads/evil', sha)
  const { mirror } = await world.fetch('evil')

  await assert.rejects(
    readFile(mirror, sha, '.packit.yaml'),
    new ConfigError('.packit.yaml is a symbolic link; a regular file is needed'),
  )
  await assert.rejects(readFile(mirror, sha, 'dir'), /dir is a folder/)
  await assert.rejects(readFile(mirror, sha, 'sub'), /sub is a submodule/)
  assert.equal(await readFile(mirror, sha, 'z/passwd'), undefined)
  assert.equal(String(await readFile(mirror, sha, './dir/x')), '/etc/passwd')
  assert.equal(await readFile(mirror, sha, 'missing'), undefined)
})

test('a path leads nowhere but into the commit, and is no pattern', async () => {
  await using world = await openWorld()
  const { mirror, sha } = await world.fetch()
  for (const path of ['..', '../x', '/etc/passwd', 'a/../../x', '.', '', 'a\0b']) {
    await assert.rejects(readFile(mirror, sha, path), ConfigError, path)
  }
  for (const path of ['*', ':(top)hello.spec', 'hello.spe?', '--help', ':/']) {
    assert.equal(await readFile(mirror, sha, path), undefined, path)
  }
  await assert.rejects(readFile(mirror, 'HEAD', 'hello.spec'), /"HEAD" is no commit id/)
  assert.equal(await resolveCommit(mirror, '--all'), undefined)
})

test('a huge file is not read, many files are listed in part', async () => {
  await using world = await openWorld()
  await world.upstream.write('.packit.yaml', Buffer.alloc(3_000_000))
  const sha = await world.upstream.commit(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`many/${i}`, ''])))
  const { mirror } = await world.fetch()

  await assert.rejects(readFile(mirror, sha, '.packit.yaml'), /has 3000000 bytes; at most 1048576 are read/)
  const top = await listFiles(mirror, sha)
  assert.deepEqual(
    top.entries.map(({ path, kind }) => [path, kind]),
    [
      ['.packit.yaml', 'file'],
      ['hello.spec', 'file'],
      ['many', 'folder'],
    ],
  )
  assert.equal(top.truncated, false)
  const part = await listFiles(mirror, sha, { all: true, limit: 10 })
  assert.deepEqual([part.entries.length, part.truncated], [10, true])
})

test('trees with entries that leave the work tree, or hide a repository in it, are refused', async () => {
  for (const name of ['..', '.git', '.GIT', 'git~1', '.', 'a/b']) {
    await using world = await openWorld()
    const { upstream } = world
    const blob = upstream.pipe('x', 'hash-object', '-w', '--stdin')
    const entry = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')])
    const tree = upstream.pipe(entry, 'hash-object', '-w', '-t', 'tree', '--literally', '--stdin')
    upstream.git('update-ref', 'refs/heads/evil', upstream.git('commit-tree', '-m', 'evil', tree))

    await assert.rejects(
      world.fetch('evil'),
      { name: 'ConfigError', message: /holds what git considers dangerous: / },
      name,
    )
  }
})

test('submodules whose address is an option or a command are refused', async () => {
  for (const url of ['-u./payload', '--upload-pack=touch x', 'https://x/\\n\\nhost=y']) {
    await using world = await openWorld()
    await world.upstream.commit({ '.gitmodules': `[submodule "x"]\n path = x\n url = "${url}"\n` })
    await assert.rejects(world.fetch(), { name: 'ConfigError', message: /considers dangerous: .*gitmodules/ }, url)
  }
})

test('what the served repository configures on this machine is not started', async () => {
  await using world = await openWorld()
  const { upstream, dir } = world
  const witness = join(dir, 'witness')
  const evil = join(dir, 'evil.sh')
  await writeFile(evil, `#!/bin/sh\ntouch ${witness}\nexec "$@"\n`, { mode: 0o755 })
  for (const name of [
    'uploadpack.packObjectsHook',
    'core.fsmonitor',
    'core.alternateRefsCommand',
    'core.sshCommand',
    'core.gitProxy',
  ]) {
    upstream.git('config', name, evil)
  }
  await mkdir(join(upstream.path, '.git/hooks'))
  for (const hook of ['pre-upload-pack', 'post-checkout', 'reference-transaction', 'post-rewrite', 'pre-auto-gc']) {
    await writeFile(join(upstream.path, '.git/hooks', hook), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 })
  }

  const { mirror, sha } = await world.fetch()

  await assert.rejects(readHostFile(witness), /ENOENT/)
  assert.deepEqual(
    (await listFiles(mirror, sha)).entries.map(({ path }) => path),
    ['hello.spec'],
  )
})

test('strange names of branches and tags do no harm, and a build can still clone the mirror', async () => {
  await using world = await openWorld()
  const { upstream, dir } = world
  const names = [
    'tags/-x',
    'tags/--upload-pack=x',
    'tags/$(id)',
    "tags/a'b",
    'tags/;id',
    'tags/|id',
    'tags/ünï',
    'heads/-',
    'tags/HEAD',
  ]
  for (const name of names) upstream.git('update-ref', `refs/${name}`, 'HEAD')
  const head = await upstream.commit({ a: '2' })

  const { mirror, sha } = await world.fetch()

  assert.equal(sha, head)
  const clone = join(dir, 'clone')
  execFileSync('git', ['-c', 'safe.directory=*', 'clone', '--quiet', '--shared', '--no-checkout', mirror, clone], {
    stdio: 'ignore',
  })
  execFileSync('git', ['-C', clone, 'checkout', '--quiet', sha], { stdio: 'ignore' })
  assert.equal(await readHostFile(join(clone, 'a'), 'utf8'), '2')
})

test('a small pack that unpacks to something huge stays within the limits', async () => {
  await using world = await openWorld()
  const bytes = 200 * 1024 ** 2
  execFileSync('sh', ['-c', `head -c ${bytes} /dev/zero > zeros && git add zeros`], {
    cwd: world.upstream.path,
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.compression',
      GIT_CONFIG_VALUE_0: '1',
    },
  })
  await rm(join(world.upstream.path, 'zeros'))
  world.upstream.git('commit', '--quiet', '-m', 'bomb')

  const { mirror, sha } = await world.fetch()

  await assert.rejects(readFile(mirror, sha, 'zeros'), new RegExp(`has ${bytes} bytes`))
})
