import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type AppSettings, type KeptApp, openAppStore } from './app-store.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const NOTHING: AppSettings = {
  appId: undefined,
  privateKey: undefined,
  webhookSecret: undefined,
  clientId: undefined,
  clientSecret: undefined,
  apiUrl: 'https://api.github.com',
}
const APP: KeptApp = {
  appId: 7,
  slug: 'packit-acme',
  owner: 'acme',
  privateKey,
  webhookSecret: 'hush',
  oauth: { clientId: 'Iv1.1', clientSecret: 'very' },
  apiUrl: 'https://github.example.org/api/v3',
}

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packit-app-'))
})
after(() => rm(dir, { recursive: true, force: true }))

test('an App is kept for the service alone, and is seen by a process that looked before', async () => {
  const other = openAppStore(dir, NOTHING)
  assert.deepEqual([other.current(), other.from()], [undefined, undefined])

  const store = openAppStore(dir, NOTHING)
  await store.save(APP)
  assert.equal((await stat(store.path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(dir), ['github-app.json'])
  assert.deepEqual(other.current(), APP)
  assert.deepEqual([other.from(), other.owner(), other.webhookSecret()], ['file', 'acme', 'hush'])

  await store.save({ ...APP, slug: 'packit-other' })
  assert.equal(other.current()?.slug, 'packit-other')
  await rm(store.path)
  assert.equal(other.current(), undefined)
})

test('what the settings say counts more than the file', async () => {
  const settings = { ...NOTHING, appId: 8, privateKey, webhookSecret: 'set' }
  await openAppStore(dir, NOTHING).save(APP)
  const store = openAppStore(dir, settings)
  assert.deepEqual(
    [store.current()?.appId, store.webhookSecret(), store.from(), store.current()?.oauth],
    [8, 'set', 'settings', null],
  )
  await rm(store.path)
})

test('a webhook secret of the settings counts without an App, and that of an App counts more', async () => {
  const store = openAppStore(dir, { ...NOTHING, webhookSecret: 'of repositories' })
  assert.deepEqual([store.current(), store.webhookSecret()], [undefined, 'of repositories'])
  await store.save(APP)
  assert.equal(store.webhookSecret(), 'hush')
  await rm(store.path)
})

test('a file that holds no App is none, and says why', async () => {
  const store = openAppStore(dir, NOTHING)
  for (const [text, why] of [
    ['{', /JSON/],
    ['{"appId": 7}', /privateKey must be a text/],
    [JSON.stringify({ ...APP, privateKey: 'x' }), /privateKey can not be read as a key/],
  ] as const) {
    await writeFile(store.path, text)
    assert.equal(store.current(), undefined)
    assert.match(store.problem() ?? '', why)
  }
  await rm(store.path)
  assert.equal(store.problem(), undefined)
})

test('an App that can not be kept says where and why', async () => {
  await assert.rejects(openAppStore(join(dir, 'nowhere'), NOTHING).save(APP), /github-app\.json can't be written: /)
})
