import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseGitAllow } from '../domain/git-url.ts'
import { listFiles, openMirrors, readFile as readCommitted } from './mirrors.ts'
import { openTestFolder, TestRepository } from './test-repository.ts'
import { commitWorkingTree, describeWorkingTree } from './working-tree.ts'

const AT = new Date('2026-01-02T03:04:05Z')

async function openWorld(name = 'my project') {
  const folder = await openTestFolder()
  const repository = await TestRepository.create(join(folder.dir, name))
  const head = await repository.commit({
    '.gitignore': '*.o\n',
    'hello.c': 'int x;',
    'hello.spec': 'Name: hello',
    'sub/a': 'a',
  })
  const mirrors = await openMirrors({
    dir: join(folder.dir, 'mirrors'),
    allow: parseGitAllow(folder.dir),
    netAllow: [],
  })
  return {
    dir: folder.dir,
    repository,
    head,
    mirrors,
    commit: (path = repository.path) => commitWorkingTree(mirrors, path, { at: AT }),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

/** All that a commit holds, as text. */
async function readAll(mirror: string, sha: string): Promise<Record<string, string>> {
  const { entries } = await listFiles(mirror, sha, { all: true })
  const files = entries.filter(({ kind }) => kind === 'file')
  const texts = files.map(async ({ path }) => [path, String(await readCommitted(mirror, sha, path))] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/** Every file of a folder with its content: whether anything was written. */
async function snapshot(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)),
  )
}

test('a clean working tree is its commit', async () => {
  await using world = await openWorld()
  const found = await world.commit()
  assert.deepEqual([found.sha, found.head, found.changed], [world.head, world.head, []])
  assert.equal(describeWorkingTree(found), `the working tree, which is as in ${world.head.slice(0, 8)}`)
})

test('changed, new, staged and removed files are in the commit, ignored ones are not, and the repository is untouched', async () => {
  await using world = await openWorld()
  const { repository } = world
  await repository.write('hello.c', 'int changed;')
  await repository.write('new/ünï code', 'new')
  await repository.write('forced.o', 'staged in spite of .gitignore')
  repository.git('add', '-f', 'forced.o')
  await repository.write('ignored.o', 'no')
  await repository.write('secret.txt', 'no')
  await repository.write('.git/info/exclude', 'secret.txt\n')
  await repository.write('packit-results/hello-1/hello.rpm', 'no')
  await rm(join(repository.path, 'hello.spec'))
  await chmod(join(repository.path, '.gitignore'), 0o755)
  const before = await snapshot(repository.path)

  const found = await world.commit(join(repository.path, 'sub'))

  assert.deepEqual(await readAll(found.mirror, found.sha), {
    '.gitignore': '*.o\n',
    'forced.o': 'staged in spite of .gitignore',
    'hello.c': 'int changed;',
    'new/ünï code': 'new',
    'sub/a': 'a',
  })
  assert.deepEqual(found.changed, ['.gitignore', 'forced.o', 'hello.c', 'hello.spec', 'new/ünï code'])
  assert.equal(describeWorkingTree(found), `the working tree: 5 files differ from ${world.head.slice(0, 8)}`)
  assert.deepEqual(await snapshot(repository.path), before)
  assert.equal((await world.commit()).sha, found.sha, 'the same state is the same commit')
})

test('nothing that the repository configures is started', async () => {
  await using world = await openWorld()
  const { repository, dir } = world
  const witness = join(dir, 'witness')
  const evil = join(dir, 'evil.sh')
  await writeFile(evil, `#!/bin/sh\necho "$0 $*" >> ${witness}\ncat\n`, { mode: 0o755 })
  const sub = await TestRepository.create(join(repository.path, 'module'))
  await sub.commit({ x: '1' })
  for (const target of [repository, sub]) {
    const settings = [
      'core.fsmonitor',
      'core.sshCommand',
      'core.pager',
      'core.editor',
      'core.askPass',
      'diff.external',
      'gpg.program',
    ]
    const filters = [
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'merge.evil.driver',
    ]
    const others = [
      'uploadpack.packObjectsHook',
      'core.alternateRefsCommand',
      'remote.origin.uploadpack',
      'credential.helper',
    ]
    for (const name of [...settings, ...filters, ...others]) target.git('config', name, evil)
    target.git('config', 'filter.evil.required', 'true')
    for (const name of ['add', 'update-index', 'ls-files', 'commit-tree'])
      target.git('config', `alias.${name}`, `!${evil}`)
    const hooks = join(target.path, 'hooks')
    await mkdir(hooks)
    for (const hook of [
      'pre-commit',
      'post-index-change',
      'reference-transaction',
      'post-commit',
      'fsmonitor-watchman',
    ]) {
      await symlink(evil, join(hooks, hook))
    }
    target.git('config', 'core.hooksPath', hooks)
  }
  await repository.write('.gitattributes', '* filter=evil diff=evil merge=evil\n')
  await repository.write('.gitmodules', '[submodule "module"]\n path = module\n url = ext::sh -c id\n ignore = none\n')
  await repository.write('hello.c', 'changed')
  await sub.write('x', 'changed')
  await rm(witness, { force: true })

  const { mirror, sha } = await world.commit()

  await assert.rejects(readFile(witness), /ENOENT/, 'something was started')
  assert.equal(String(await readCommitted(mirror, sha, 'hello.c')), 'changed')
  // the trap works: what git itself does with this repository is seen
  spawnSync('git', ['-C', repository.path, 'status'])
  assert.match(await readFile(witness, 'utf8'), /evil/)
})

test('a partial repository does not make git fetch from where it says', async () => {
  await using world = await openWorld()
  const { repository, dir } = world
  const witness = join(dir, 'witness')
  repository.git('config', 'remote.origin.url', `ext::sh -c "touch% ${witness}"`)
  repository.git('config', 'remote.origin.promisor', 'true')
  repository.git('config', 'extensions.partialClone', 'origin')
  repository.git('config', 'core.repositoryFormatVersion', '1')
  repository.git('config', 'protocol.allow', 'always')
  const blob = repository.git('rev-parse', 'HEAD:hello.c')
  await rm(join(repository.path, '.git/objects', blob.slice(0, 2), blob.slice(2)))

  await assert.rejects(world.commit())

  await assert.rejects(readFile(witness), /ENOENT/)
})

test('submodules stay at the commit they are recorded with, pointers of LFS stay files', async () => {
  await using world = await openWorld()
  const { repository } = world
  const recorded = '1'.repeat(40)
  repository.git('update-index', '--add', '--cacheinfo', `160000,${recorded},module`)
  repository.git('commit', '--quiet', '-m', 'with a submodule')
  const module = await TestRepository.create(join(repository.path, 'module'))
  await module.commit({ x: '1' })
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n'
  await repository.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await repository.write('big.bin', pointer)

  const { mirror, sha, changed } = await world.commit()

  assert.deepEqual(changed, ['.gitattributes', 'big.bin'])
  assert.equal(String(await readCommitted(mirror, sha, 'big.bin')), pointer)
  const { entries } = await listFiles(mirror, sha)
  assert.equal(entries.find(({ path }) => path === 'module')?.kind, 'submodule')
})

test('folders that became files or links, and files that became folders, are taken as they lie', async () => {
  await using world = await openWorld()
  const { repository } = world
  await repository.commit({ 'lib/x': 'x', 'etc/passwd': 'ours', file: 'f' })
  for (const name of ['lib', 'etc', 'file']) await rm(join(repository.path, name), { recursive: true })
  await repository.write('lib', 'a file now')
  await symlink('/etc', join(repository.path, 'etc'))
  await repository.write('file/inside', 'a folder now')

  const { mirror, sha } = await world.commit()

  const { entries } = await listFiles(mirror, sha, { all: true })
  const names = entries.map(({ path, kind }) => `${path} ${kind}`)
  assert.deepEqual(names, [
    '.gitignore file',
    'etc link',
    'file/inside file',
    'hello.c file',
    'hello.spec file',
    'lib file',
    'sub/a file',
  ])
})

test('conflicts, sparse checkouts and linked working trees are understood', async () => {
  await using world = await openWorld('plain')
  const { repository } = world
  repository.git('update-index', '--skip-worktree', 'sub/a')
  await rm(join(repository.path, 'sub'), { recursive: true })
  assert.deepEqual((await world.commit()).changed, [])

  const linked = join(world.dir, 'linked')
  repository.git('worktree', 'add', '--quiet', '-b', 'other', linked)
  await writeFile(join(linked, 'hello.c'), 'theirs')
  const found = await world.commit(linked)
  assert.deepEqual([found.head, found.changed], [world.head, ['hello.c']])

  execFileSync('git', ['-C', linked, '-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-qam', 'theirs'])
  await repository.write('hello.c', 'ours')
  repository.git('commit', '--quiet', '-m', 'ours', 'hello.c')
  assert.throws(() => repository.git('merge', 'other'))
  const { mirror, sha, changed } = await world.commit()
  assert.deepEqual(changed, ['hello.c'])
  assert.match(String(await readCommitted(mirror, sha, 'hello.c')), /<<<<<<<.*>>>>>>>/s)
})

test('what is no repository, or has no commit, is told', async () => {
  await using world = await openWorld()
  await mkdir(join(world.dir, 'nothing'))
  await assert.rejects(
    world.commit(join(world.dir, 'nothing')),
    /^NotFoundError: .*nothing is not in a working tree of git$/,
  )
  const empty = await TestRepository.create(join(world.dir, 'empty'))
  await assert.rejects(world.commit(empty.path), { name: 'NotFoundError', message: /there is no HEAD in .*empty/ })
})
