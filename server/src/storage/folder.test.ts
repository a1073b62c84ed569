import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { openFolderStorage } from './folder.ts'

async function createStore() {
  const dir = await mkdtemp(join(tmpdir(), 'packit-storage-'))
  return {
    dir,
    store: openFolderStorage(join(dir, 'store')),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  }
}

test('a key never leads out of the store', async () => {
  await using s = await createStore()
  for (const key of ['../x', '/etc/passwd', 'a/../../b', 'a//b', '', 'a/./b', 'a b', 'a\0b']) {
    assert.throws(() => void s.store.put(key, 'x'), RangeError, key)
  }
})

test('under a name that is too long for a file there is nothing', async () => {
  await using s = await createStore()
  await s.store.put('repos/a', 'x')
  for (const key of [`repos/${'a'.repeat(300)}`, `repos/${'a/'.repeat(2200)}x`]) {
    assert.equal(await s.store.range(key, 0, 1), undefined)
    assert.equal(await s.store.read(key), undefined)
  }
})

test('what is appended is read by ranges, from the start or from the end', async () => {
  await using s = await createStore()
  await s.store.append('logs/1.log', 'hello ')
  await s.store.append('logs/1.log', 'world')
  const middle = await s.store.range('logs/1.log', 3, 4)
  assert.deepEqual({ ...middle, data: middle?.data.toString() }, { data: 'lo w', start: 3, size: 11 })
  const end = await s.store.range('logs/1.log', -5, 100)
  assert.deepEqual({ ...end, data: end?.data.toString() }, { data: 'world', start: 6, size: 11 })
  const past = await s.store.range('logs/1.log', 50, 10)
  assert.equal(past?.data.length, 0)
  assert.equal(await s.store.range('logs/none.log', 0, 1), undefined)
})

test('an object whose source breaks off is not there at all', async () => {
  await using s = await createStore()
  const broken = Readable.from(
    (async function* () {
      yield 'half'
      throw new Error('cut')
    })(),
  )
  await assert.rejects(s.store.put('a/file', broken), /cut/)
  assert.equal(await s.store.read('a/file'), undefined)
  assert.deepEqual(await readdir(join(s.dir, 'store', '.new')), [])
})

test('publishing shows the new folder instead of the old one, and keeps both', async () => {
  await using s = await createStore()
  await s.store.put('repos/hello/runs/1/c/x.rpm', 'one')
  await s.store.put('repos/hello/runs/2/c/x.rpm', 'two')
  await s.store.publish('repos/hello/runs/1/c', 'repos/hello/c')
  await s.store.publish('repos/hello/runs/2/c', 'repos/hello/c')
  const shown = await s.store.read('repos/hello/c/x.rpm')
  assert.equal(shown && (await text(shown.stream)), 'two')
  const first = await s.store.read('repos/hello/runs/1/c/x.rpm')
  assert.equal(first && (await text(first.stream)), 'one')
})

test('a prefix lists what lies below it, and is removed as a whole', async () => {
  await using s = await createStore()
  const file = join(s.dir, 'some.rpm')
  await writeFile(file, 'rpm')
  await s.store.putFile('b/2/some.rpm', file)
  await s.store.put('b/1', 'x')
  assert.deepEqual(await s.store.list('b'), ['b/1', 'b/2/some.rpm'])
  await s.store.delete('b')
  assert.deepEqual(await s.store.list('b'), [])
})
