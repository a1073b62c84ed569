import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFile, resolveCommit } from './read.ts'
import { TestRepository } from './test-repository.ts'
import { openWorld } from './test-world.ts'
import { tidyMirror } from './tidy.ts'

test('a fetch that is killed leaves a mirror that the next fetch mends', async () => {
  await using world = await openWorld()
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  for (const left of [
    'HEAD.lock',
    'packed-refs.lock',
    'objects/pack/tmp_pack_x',
    'refs/tags/v2.lock',
    'refs/tags/v1.lock',
  ]) {
    await writeFile(join(mirror, left), 'half')
  }
  await mkdir(`${mirror}.new-x`)
  world.upstream.git('tag', 'v2')
  const sha = await world.upstream.commit({ a: 'after' })
  world.upstream.git('tag', '-f', 'v1')

  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha, ref: 'refs/tags/v1' })

  assert.equal(await resolveCommit(mirror, 'v1'), sha)
  const files = await readdir(mirror, { recursive: true })
  assert.deepEqual(
    files.filter((name) => name.endsWith('.lock') || name.includes('tmp_')),
    [],
  )
})

test('a damaged mirror is made anew', async () => {
  const notes: string[] = []
  await using world = await openWorld({ log: (line) => notes.push(line) })
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  for (const name of await readdir(join(mirror, 'objects/pack'))) await rm(join(mirror, 'objects/pack', name))
  const sha = await world.upstream.commit({ a: '2' })

  assert.equal((await world.mirrors.fetchCommit({ mirrorOf: world.url, sha })).sha, sha)
  assert.equal(await resolveCommit(mirror, 'v1'), world.first)
  assert.match(notes.join(), /is damaged and made anew/)
})

test('a commit that came without what belongs to it is fetched again', async () => {
  await using world = await openWorld()
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, ref: 'main' })
  const sha = await world.upstream.commit({ a: 'needed' })
  const raw = execFileSync('git', ['-C', world.url, 'cat-file', 'commit', sha])
  execFileSync('git', ['-C', mirror, 'hash-object', '-w', '-t', 'commit', '--stdin'], { input: raw })

  await world.mirrors.fetchCommit({ mirrorOf: world.url, sha })

  assert.equal(String(await readFile(mirror, sha, 'a')), 'needed')
})

test('a process killed in the middle of fetches leaves nothing that stops the next one', async () => {
  await using world = await openWorld()
  for (let i = 0; i < 20; i++) await world.upstream.commit({ [`f${i}`]: 'x'.repeat(10_000 * i) })
  const program = `
    const { openMirrors } = await import(${JSON.stringify(import.meta.resolve('./mirrors.ts'))})
    const mirrors = await openMirrors(JSON.parse(process.argv[1]))
    await mirrors.fetchCommit({ mirrorOf: process.argv[2], ref: 'main', onProgress: () => {} })`
  for (const delayMs of [300, 360, 420]) {
    const args = ['--input-type=module', '-e', program, JSON.stringify(world.settings), world.url]
    const other = spawn(process.execPath, args, { stdio: 'ignore' })
    setTimeout(() => other.kill('SIGKILL'), delayMs)
    await once(other, 'exit')
    const sha = await world.upstream.commit({ [`g${delayMs}`]: 'y' })
    assert.equal((await world.mirrors.fetchCommit({ mirrorOf: world.url, sha })).sha, sha)
  }
})

test('the least recently used mirrors go first, those in use stay', async () => {
  await using world = await openWorld()
  const paths: string[] = []
  for (const name of ['a', 'b', 'c']) {
    const repository = await TestRepository.create(join(world.dir, 'up', name))
    await repository.commit({ x: name })
    const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: repository.path, ref: 'main' })
    const usedAt = new Date(Date.now() - (10 - paths.push(mirror)) * 60_000)
    await utimes(join(mirror, 'packit-used'), usedAt, usedAt)
  }
  const names = paths.map((path) => path.split('/').at(-1))
  assert.deepEqual(await world.mirrors.evict(1024 ** 3), [])

  {
    await using _held = await world.mirrors.hold(join(world.dir, 'up/a'))
    assert.deepEqual(
      (await world.mirrors.evict(0)).map(({ name }) => name),
      names.slice(1),
    )
  }
  assert.deepEqual(
    (await world.mirrors.evict(0)).map(({ name }) => name),
    names.slice(0, 1),
  )
  assert.deepEqual(await readdir(world.mirrorsDir), ['locks'])
})

test('a mirror stays fast: many packs are joined, and everything is still there', async () => {
  await using world = await openWorld()
  const { mirror } = await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: world.first })
  const shas: string[] = []
  for (let i = 0; i < 6; i++) {
    shas.push(await world.upstream.commit({ a: String(i) }))
    await world.mirrors.fetchCommit({ mirrorOf: world.url, sha: shas.at(-1) ?? '' })
  }
  await tidyMirror(mirror, 5)
  const packs = (await readdir(join(mirror, 'objects/pack'))).filter((name) => name.endsWith('.pack'))
  assert.ok(packs.length < 5, `${packs.length} packs`)
  for (const sha of shas) assert.equal(await resolveCommit(mirror, sha), sha)
})
