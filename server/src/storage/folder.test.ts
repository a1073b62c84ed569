import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openFolderStorage } from './folder.ts'
import { testStorage } from './storage.contract.ts'

async function createStore() {
  const dir = await mkdtemp(join(tmpdir(), 'packit-storage-'))
  const again = () => openFolderStorage(join(dir, 'store'))
  return { dir, store: again(), again, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

testStorage('folder', createStore)

test('nothing is left of an object whose source breaks off', async () => {
  await using s = await createStore()
  const broken = Readable.from(
    (async function* () {
      yield 'half'
      throw new Error('cut')
    })(),
  )
  await assert.rejects(s.store.put('a/file', broken), /cut/)
  assert.deepEqual(await readdir(join(s.dir, 'store', '.new')), [])
})
