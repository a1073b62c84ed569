// What every storage keeps: run by the test of each.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Range, Storage } from './storage.ts'

/** An empty store; `again` opens it as another process would. */
export interface OpenedStore extends AsyncDisposable {
  store: Storage
  again: () => Storage
}

const said = (range: Range | undefined) => range && { ...range, data: range.data.toString() }
const whole = async (store: Storage, key: string) => {
  const found = await store.read(key)
  return found && (await text(found.stream))
}

export function testStorage(name: string, open: () => Promise<OpenedStore>): void {
  test(`${name}: a key never leads out of the store`, async () => {
    await using s = await open()
    for (const key of ['../x', '/etc/passwd', 'a/../../b', 'a//b', '', 'a/./b', 'a b', 'a\0b']) {
      await assert.rejects(async () => s.store.put(key, 'x'), RangeError, key)
      await assert.rejects(async () => s.store.range(key, 0, 1), RangeError, key)
    }
  })

  test(`${name}: under a name that is too long for a file there is nothing`, async () => {
    await using s = await open()
    await s.store.put('repos/a', 'x')
    for (const key of [`repos/${'a'.repeat(300)}`, `repos/${'a/'.repeat(2200)}x`]) {
      assert.equal(await s.store.range(key, 0, 1), undefined)
      assert.equal(await s.store.read(key), undefined)
    }
  })

  test(`${name}: what was put is read as a whole, in parts, and by programs of this machine`, async () => {
    await using s = await open()
    const key = 'repos/x~1^2+3/a-1.0-1.x86_64.rpm'
    await s.store.put(key, 'hello world')
    assert.equal(await whole(s.again(), key), 'hello world')
    assert.deepEqual(said(await s.store.range(key, 3, 4)), { data: 'lo w', start: 3, size: 11 })
    assert.deepEqual(said(await s.store.range(key, -5, 100)), { data: 'world', start: 6, size: 11 })
    assert.deepEqual(said(await s.store.range(key, 0, Number.MAX_SAFE_INTEGER)), {
      ...{ data: 'hello world', start: 0, size: 11 },
    })
    assert.deepEqual(said(await s.store.range(key, 0, 0)), { data: '', start: 0, size: 11 })
    assert.deepEqual(said(await s.store.range(key, 50, 10)), { data: '', start: 11, size: 11 })
    assert.equal(await readFile(await s.store.localPath(key), 'utf8'), 'hello world')
    await s.store.put(key, 'anew')
    assert.equal(await readFile(await s.again().localPath(key), 'utf8'), 'anew')
    assert.equal(await s.store.range('repos/none', 0, 1), undefined)
    assert.equal(await s.store.read('repos/none'), undefined)
  })

  test(`${name}: nothing is something, too`, async () => {
    await using s = await open()
    await s.store.put('empty', '')
    assert.deepEqual(said(await s.store.range('empty', 0, 10)), { data: '', start: 0, size: 0 })
    assert.equal(await whole(s.store, 'empty'), '')
  })

  test(`${name}: what is appended is read by ranges, also by another process while it grows`, async () => {
    await using s = await open()
    const reader = s.again()
    await s.store.append('logs/1.log', 'hello ')
    assert.deepEqual(said(await reader.range('logs/1.log', 0, 100)), { data: 'hello ', start: 0, size: 6 })
    await s.store.append('logs/1.log', 'world')
    assert.deepEqual(said(await reader.range('logs/1.log', 3, 4)), { data: 'lo w', start: 3, size: 11 })
    assert.deepEqual(said(await reader.range('logs/1.log', -5, 100)), { data: 'world', start: 6, size: 11 })
    assert.deepEqual(said(await reader.range('logs/1.log', 50, 10)), { data: '', start: 11, size: 11 })
    assert.equal(await whole(reader, 'logs/1.log'), 'hello world')
    assert.equal(await reader.range('logs/none.log', 0, 1), undefined)
    // whoever takes the log over goes on where it ended
    await reader.append('logs/1.log', '!')
    assert.equal(await whole(s.store, 'logs/1.log'), 'hello world!')
    assert.deepEqual(await s.store.list('logs'), ['logs/1.log'])
  })

  test(`${name}: a large log is read across its parts, and one that was put goes on`, async () => {
    await using s = await open()
    const line = `${'x'.repeat(99_999)}\n`
    for (let i = 0; i < 9; i += 1) await s.store.append('logs/big.log', line)
    const across = await s.store.range('logs/big.log', 299_998, 4)
    assert.deepEqual(said(across), { data: 'x\nxx', start: 299_998, size: 900_000 })
    assert.equal((await whole(s.store, 'logs/big.log'))?.length, 900_000)
    await s.store.put('logs/put.log', 'put ')
    await s.store.append('logs/put.log', 'more')
    assert.equal(await whole(s.again(), 'logs/put.log'), 'put more')
    await s.store.put('logs/put.log', 'anew')
    assert.equal(await whole(s.again(), 'logs/put.log'), 'anew')
  })

  test(`${name}: a log that was removed begins anew`, async () => {
    await using s = await open()
    await s.store.append('builds/1/build.log', 'old')
    await s.store.delete('builds/1')
    assert.equal(await s.store.range('builds/1/build.log', 0, 1), undefined)
    await s.store.append('builds/1/build.log', 'new')
    assert.equal(await whole(s.store, 'builds/1/build.log'), 'new')
  })

  test(`${name}: a log that is copied goes on where it ends, whoever copies, and has no gaps`, async () => {
    await using s = await open()
    const key = 'logs/copied.log'
    assert.equal(await s.store.extend(key, 0, Buffer.from('hello ')), 6)
    const other = s.again()
    assert.equal(await other.extend(key, 6, Buffer.from('wor')), 9)
    // the first knows nothing of that, and repeats a part of it; what is known already changes nothing
    assert.equal(await s.store.extend(key, 6, Buffer.from('world')), 11)
    assert.equal(await other.extend(key, 0, Buffer.from('hello')), 11)
    assert.equal(await s.store.extend(key, 20, Buffer.from('late')), 11)
    assert.equal(await whole(other, key), 'hello world')
  })

  test(`${name}: processes that copy a log at the same time never mix it up`, async () => {
    await using s = await open()
    const key = 'logs/at-once.log'
    const source = Buffer.from(Array.from({ length: 90_000 }, (_, i) => `line ${i}\n`).join(''))
    const stores = [s.store, s.again(), s.again()]
    const copy = async (store: Storage, step: number) => {
      for (let size = 0; size < source.length; ) {
        const now = await store.extend(key, size, source.subarray(size, size + step))
        const found = await store.range(key, Math.max(0, now - 50), 100)
        assert.ok(found?.data.equals(source.subarray(found.start, found.start + found.data.length)))
        size = now
      }
    }
    await Promise.all(stores.map((store, i) => copy(store, 90_000 + 70_000 * i)))
    await copy(s.store, source.length)
    assert.equal(await whole(s.again(), key), source.toString())
  })

  test(`${name}: only logs grow`, async () => {
    await using s = await open()
    await assert.rejects(async () => s.store.append('some.rpm', 'x'), RangeError)
    await assert.rejects(async () => s.store.extend('some.rpm', 0, Buffer.from('x')), RangeError)
  })

  test(`${name}: an object whose source breaks off is not there at all`, async () => {
    await using s = await open()
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(18 * 2 ** 20, 'half')
        throw new Error('cut')
      })(),
    )
    await assert.rejects(s.store.put('a/file', broken), /cut/)
    assert.equal(await s.store.read('a/file'), undefined)
    assert.deepEqual(await s.store.list('a'), [])
  })

  test(`${name}: a large object comes as a stream, and is whole`, async () => {
    await using s = await open()
    const data = Buffer.alloc(20 * 2 ** 20 + 7, 'some text that does not end at a part')
    await s.store.put('big', Readable.from([data.subarray(0, 9_000_000), data.subarray(9_000_000)]))
    const found = await s.store.range('big', 0, Number.MAX_SAFE_INTEGER)
    assert.ok(found?.data.equals(data))
  })

  test(`${name}: publishing shows the new folder instead of the old one, and keeps both`, async () => {
    await using s = await open()
    await s.store.put('repos/hello/runs/1/c/repodata/x.xml', 'one')
    await s.store.put('repos/hello/runs/2/c/repodata/x.xml', 'two')
    await s.store.publish('repos/hello/runs/1/c', 'repos/hello/c')
    assert.equal(await whole(s.store, 'repos/hello/c/repodata/x.xml'), 'one')
    await s.store.publish('repos/hello/runs/2/c', 'repos/hello/c')
    assert.equal(await whole(s.store, 'repos/hello/c/repodata/x.xml'), 'two')
    assert.equal(await readFile(await s.store.localPath('repos/hello/c/repodata/x.xml'), 'utf8'), 'two')
    assert.equal(await whole(s.store, 'repos/hello/runs/1/c/repodata/x.xml'), 'one')
    await s.store.delete('repos/hello/c')
    assert.equal(await s.store.read('repos/hello/c/repodata/x.xml'), undefined)
    assert.equal(await whole(s.store, 'repos/hello/runs/2/c/repodata/x.xml'), 'two')
  })

  test(`${name}: a prefix lists what lies below it, and is removed as a whole`, async () => {
    await using s = await open()
    const dir = await mkdtemp(join(tmpdir(), 'packit-put-'))
    await writeFile(join(dir, 'some.rpm'), 'rpm')
    await s.store.putFile('b/2/some.rpm', join(dir, 'some.rpm'))
    await rm(dir, { recursive: true })
    for (const key of ['b/1', 'b/3', 'b/4', 'b/5', 'bb/1']) await s.store.put(key, 'x')
    await s.store.append('b/2/build.log', 'x')
    assert.deepEqual(await s.store.list('b'), ['b/1', 'b/2/build.log', 'b/2/some.rpm', 'b/3', 'b/4', 'b/5'])
    const all = await s.store.list('')
    assert.deepEqual(
      ['b/2/build.log', 'b/2/some.rpm', 'bb/1'].filter((key) => !all.includes(key)),
      [],
    )
    await s.store.delete('b')
    await s.store.delete('b')
    assert.deepEqual(await s.store.list('b'), [])
    assert.deepEqual(await s.store.list('bb'), ['bb/1'])
  })
}
