import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import { commitInfo, isAncestor, mergeBase, openMirrors, resolveCommit } from './mirrors.ts'
import { TestRepository } from './test-repository.ts'
import { openWorld } from './test-world.ts'

const GONE = '1'.repeat(40)

test('a commit comes with its whole history and the tags, so that a build can clone and describe it offline', async () => {
  await using world = await openWorld()
  const head = await world.upstream.commit({ a: '2' }, 'second')

  const { sha, mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: head })
  await rm(world.url, { recursive: true })

  assert.equal(sha, head)
  const clone = join(world.dir, 'clone')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  git('clone', '--quiet', '--shared', '--no-checkout', mirror, clone)
  git('-C', clone, 'checkout', '--quiet', head)
  assert.match(git('-C', clone, 'describe').toString(), /^v1-1-g/)
  assert.equal(git('-C', clone, 'log', '--format=%s', '-p', '--no-patch').toString(), 'second\nfirst\n')
})

test('a ref is a branch, a tag or a whole ref; what it means is asked anew each time', async () => {
  await using world = await openWorld()
  world.upstream.git('update-ref', 'refs/pull/7/head', world.first)
  for (const ref of ['main', 'v1', 'refs/pull/7/head', 'HEAD', 'refs/tags/v1']) {
    assert.equal((await world.mirrors.fetchCommit({ mirrorOf: world.url, ref })).sha, world.first, ref)
  }
  const second = await world.upstream.commit({ a: '2' })
  const { sha, mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  assert.equal(sha, second)
  assert.deepEqual([await resolveCommit(mirror, 'v1'), await resolveCommit(mirror, 'nope')], [world.first, undefined])
})

test('tags follow upstream: new, moved and removed ones', async () => {
  await using world = await openWorld()
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  const second = await world.upstream.commit({ a: '2' })
  world.upstream.git('tag', '-f', 'v2')
  world.upstream.git('tag', '-d', 'v1')

  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: second, ref: 'refs/tags/v2' })

  assert.deepEqual([await resolveCommit(mirror, 'v1'), await resolveCommit(mirror, 'v2')], [undefined, second])
})

test('the head of a fork goes into the mirror of its base, but the tags of the fork do not', async () => {
  await using world = await openWorld()
  const fork = await TestRepository.create(join(world.dir, 'up/fork'))
  fork.git('pull', '--quiet', world.url, 'main')
  const head = await fork.commit({ b: 'fork' }, 'from a fork')
  fork.git('tag', 'v999')
  const base = await world.upstream.commit({ a: '2' }, 'base moves on')

  const fetched = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: base })
  const { sha, mirror } = await world.mirrors.fetchCommit({
    mirrorOf: world.url,
    from: fork.path,
    sha: head,
    ref: 'main',
  })

  assert.deepEqual([sha, mirror], [head, fetched.mirror])
  assert.equal(await mergeBase(mirror, base, head), world.first)
  assert.deepEqual([await isAncestor(mirror, world.first, head), await isAncestor(mirror, base, head)], [true, false])
  assert.equal(await resolveCommit(mirror, 'v999'), undefined)
  const info = await commitInfo(mirror, head)
  assert.deepEqual(
    [info.sha, info.title, info.author],
    [head, 'from a fork', { name: 'Ann', email: 'ann@example.org' }],
  )
  assert.ok(Math.abs(info.authoredAt.getTime() - Date.now()) < 60_000)
})

test('other spellings of an address share one mirror', async () => {
  await using world = await openWorld()
  await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  await world.mirrors.fetchCommit({ mirrorOf: `file://${world.url}/`, ref: 'main' })
  const names = (await readdir(world.mirrorsDir)).filter((name) => name.endsWith('.git'))
  assert.equal(names.length, 1)
  assert.match(names[0] ?? '', /^up-hello-[0-9a-f]{16}\.git$/)
})

test('what is not there is told: commit, ref, repository', async () => {
  await using world = await openWorld()
  const miss = (want: { sha?: string; ref?: string; mirrorOf?: string }) => {
    return world.mirrors.fetchCommit({ mirrorOf: world.url, ...want })
  }
  await assert.rejects(miss({ sha: GONE }), new NotFoundError(`commit ${GONE} is no longer in ${world.url}`))
  await assert.rejects(miss({ sha: GONE, ref: 'main' }), {
    name: 'NotFoundError',
    message: /no longer in .* \(looked in main\)/,
  })
  await assert.rejects(
    miss({ sha: GONE, ref: 'nope' }),
    /^NotFoundError: commit 1+ is no longer in .* \(looked in nope\)/,
  )
  await assert.rejects(miss({ ref: 'nope' }), new NotFoundError(`there is no branch or tag nope in ${world.url}`))
  await assert.rejects(
    miss({ ref: 'refs/pull/9/head' }),
    new NotFoundError(`there is no refs/pull/9/head in ${world.url}`),
  )
  await assert.rejects(
    miss({ mirrorOf: `${world.url}-gone`, ref: 'main' }),
    /^NotFoundError: there is no repository at /,
  )
  await mkdir(join(world.dir, 'up/empty'))
  await assert.rejects(
    miss({ mirrorOf: join(world.dir, 'up/empty'), ref: 'main' }),
    /^NotFoundError: there is no repository /,
  )
})

test('what git could take for an option or a command never reaches it', async () => {
  await using world = await openWorld()
  for (const ref of ['--upload-pack=touch x', '-x', 'a:b', 'main\nx', '']) {
    await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: world.url, ref }), ConfigError, ref)
  }
  await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: world.url, sha: 'main' }), /"main" is no commit id/)
  for (const from of ['ext::touch x', '-u', '/etc', 'file:///etc', 'git://localhost/x']) {
    await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: world.url, from, ref: 'main' }), ConfigError, from)
  }
})

test('a link does not lead out of the opened folders', async () => {
  await using world = await openWorld()
  const secret = await TestRepository.create(join(world.dir, 'secret'))
  await secret.commit({ a: '1' })
  await symlink(secret.path, join(world.dir, 'up/link'))
  await assert.rejects(
    world.mirrors.fetchCommit({ mirrorOf: join(world.dir, 'up/link'), ref: 'main' }),
    /leads out of the opened folders/,
  )
})

test('many fetches at once, of one repository and in two processes’ manner, all get their commit', async () => {
  await using world = await openWorld()
  const shas: string[] = []
  for (let i = 0; i < 4; i++) shas.push(await world.upstream.commit({ a: String(i) }))
  const other = await openMirrors(world.settings)

  const found = await Promise.all(
    shas.flatMap((sha) => [world.mirrors, other].map((mirrors) => mirrors.fetchCommit({ mirrorOf: world.url, sha }))),
  )

  assert.deepEqual(new Set(found.map(({ sha }) => sha)), new Set(shas))
})

test('a shallow clone is taken as it is, and whole when it has become so', async () => {
  await using world = await openWorld()
  const head = await world.upstream.commit({ a: '2' })
  const path = join(world.dir, 'up/shallow')
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${world.url}`, path])

  const { sha, mirror } = await world.mirrors.fetchCommit({ mirrorOf: path, ref: 'HEAD' })
  assert.deepEqual([sha, await resolveCommit(mirror, head)], [head, head])
  assert.equal(await mergeBase(mirror, head, head), head)

  execFileSync('git', ['-C', path, 'fetch', '--quiet', '--unshallow'])
  await world.mirrors.fetchCommit({ mirrorOf: path, ref: 'HEAD' })
  assert.ok(await isAncestor(mirror, world.first, head))
})

test('too large a repository, or too slow a fetch, ends with the limit in words', async () => {
  await using world = await openWorld({ limits: { bytes: 200_000 } })
  const noise = Buffer.from(Array.from({ length: 400_000 }, () => Math.floor(Math.random() * 256)))
  await world.upstream.write('noise', noise)
  const sha = await world.upstream.commit({})
  await assert.rejects(world.mirrors.fetchCommit({ mirrorOf: world.url, sha }), {
    name: 'ConfigError',
    message: /is larger than 0\.2 MiB, the limit for a repository/,
  })

  const hasty = await openMirrors({ ...world.settings, dir: join(world.dir, 'hasty'), limits: { timeMs: 1 } })
  await assert.rejects(hasty.fetchCommit({ mirrorOf: world.url, sha }), UnavailableError)
})

test('a fetch can be called off', async () => {
  await using world = await openWorld()
  const signal = AbortSignal.abort(new Error('not wanted any more'))
  await assert.rejects(
    world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' }, { signal }),
    /not wanted any more/,
  )
})

test('progress is told while it fetches', async () => {
  await using world = await openWorld()
  const lines: string[] = []
  await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' }, { onProgress: (line) => lines.push(line) })
  assert.match(lines.join('\n'), /objects: +100%/)
})

test('the default branch is the one that HEAD names', async () => {
  await using world = await openWorld()
  assert.equal(await world.mirrors.findDefaultBranch(world.url), 'main')
  const empty = await TestRepository.create(join(world.dir, 'up/empty'))
  await assert.rejects(world.mirrors.findDefaultBranch(empty.path), /has no default branch; is it empty\?/)
})

test('branches are found by a pattern, at most so many, and one with too many stars finds none', async () => {
  await using world = await openWorld()
  for (const name of ['stable/1', 'stable/2', 'other']) world.upstream.git('branch', name, 'main')
  const sha = world.upstream.git('rev-parse', 'main')
  const find = (pattern: string, most = 9) => world.mirrors.findBranches(world.url, pattern, { most })

  assert.deepEqual(await find('stable/*'), [
    { name: 'stable/1', sha },
    { name: 'stable/2', sha },
  ])
  assert.deepEqual(await find('other'), [{ name: 'other', sha }])
  assert.equal((await find('stable/*', 1)).length, 1)
  assert.deepEqual(await find('*a*b*l*e*'), [])
})
