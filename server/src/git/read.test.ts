import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedPaths, changedSinceBase, commitInfo } from './mirrors.ts'
import { openWorld } from './test-world.ts'

test('a change is what a head changed since it left its base', async () => {
  await using world = await openWorld()
  const { upstream, first } = world
  const base = await upstream.commit({ 'elsewhere/new': 'x' }, 'base goes on')
  upstream.git('checkout', '--quiet', '-b', 'change', first)
  upstream.git('mv', 'hello.spec', 'renamed.spec')
  const head = await upstream.commit({ 'ünï/a b\nc': 'x' }, 'change')
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: head, ref: 'change' })
  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: base, ref: 'main' })

  const changed = ['hello.spec', 'renamed.spec', 'ünï/a b\nc']
  assert.deepEqual((await changedSinceBase(mirror, base, head))?.toSorted(), changed)
  assert.deepEqual((await changedPaths(mirror, base, head))?.toSorted(), ['elsewhere/new', ...changed].toSorted())
  assert.deepEqual(await changedPaths(mirror, head, head), [])
})

test('a change that can not be told, or is too large to look at, is unknown', async () => {
  await using world = await openWorld()
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  const missing = 'f'.repeat(40)
  assert.equal(await changedPaths(mirror, missing, world.first), undefined)
  assert.equal(await changedSinceBase(mirror, missing, world.first), undefined)
  const many = await world.upstream.commit(Object.fromEntries(['a', 'b', 'c'].map((name) => [name, ''])))
  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: many, ref: 'main' })
  assert.equal((await changedPaths(mirror, world.first, many, 3))?.length, 3)
  assert.equal(await changedPaths(mirror, world.first, many, 2), undefined)
  await assert.rejects(changedPaths(mirror, '--output=/tmp/x', many), /no commit id/)
})

test('no program of the repository has a say in what changed', async () => {
  await using world = await openWorld()
  const head = await world.upstream.commit({ '.gitattributes': '* diff=evil\n', a: 'x' })
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: head, ref: 'main' })
  assert.deepEqual(await changedPaths(mirror, world.first, head), ['.gitattributes', 'a'])
})

test('the message of a commit is told as a whole, and a huge one is cut', async () => {
  await using world = await openWorld()
  const head = await world.upstream.commit({ a: 'x' }, 'A title\n\nA body\nof lines')
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: head, ref: 'main' })
  const info = await commitInfo(mirror, head)
  assert.deepEqual([info.title, info.message], ['A title', 'A title\n\nA body\nof lines'])

  world.upstream.git(
    'update-ref',
    'refs/heads/main',
    world.upstream.pipe('m'.repeat(5_000_000), 'commit-tree', `${head}^{tree}`),
  )
  const huge = world.upstream.git('rev-parse', 'main')
  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: huge, ref: 'main' })
  const cut = await commitInfo(mirror, huge)
  assert.deepEqual([cut.sha, cut.author.name], [huge, 'Ann'])
  assert.ok(cut.message.length <= 1024 ** 2)
})
