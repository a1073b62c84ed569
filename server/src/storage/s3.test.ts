import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { UnavailableError } from '../domain/errors.ts'
import { FakeS3 } from './fake-s3.ts'
import { openLocalCache } from './local-cache.ts'
import { openS3Storage } from './s3.ts'
import { createS3Client } from './s3-client.ts'
import { testStorage } from './storage.contract.ts'

async function createStore(
  options: { tries?: number; accessKey?: string; bucket?: string; sessionToken?: string } = {},
  server = new FakeS3(),
) {
  const endpoint = await server.listen()
  const dir = await mkdtemp(join(tmpdir(), 'packit-s3-'))
  const { bucket, region, accessKey, secretKey } = server
  const again = () =>
    openS3Storage({
      ...{ endpoint, bucket, region, accessKey, secretKey, prefix: 'some/where', firstWaitMs: 1, ...options },
      cacheDir: join(dir, 'cache'),
    })
  return {
    server,
    store: again(),
    again,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

testStorage('S3', createStore)

/** `s3://bucket/prefix?endpoint=…&region=…` with the usual names of a key: what is written there is removed. */
const real = process.env.PACKIT_TEST_S3_URL
if (real) {
  testStorage('a real S3', async () => {
    const url = new URL(real)
    const dir = await mkdtemp(join(tmpdir(), 'packit-s3-'))
    const again = () =>
      openS3Storage({
        bucket: url.host,
        prefix: `${url.pathname.slice(1)}test-${randomUUID()}`,
        endpoint: url.searchParams.get('endpoint') ?? '',
        region: url.searchParams.get('region') ?? 'us-east-1',
        accessKey: process.env.AWS_ACCESS_KEY_ID ?? '',
        secretKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
        ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
        cacheDir: join(dir, 'cache'),
      })
    const store = again()
    return {
      store,
      again: () => store,
      async [Symbol.asyncDispose]() {
        for (const top of ['a', 'b', 'bb', 'big', 'builds', 'empty', 'logs', 'repos']) await store.delete(top)
        await rm(dir, { recursive: true, force: true })
      },
    }
  })
}

test('a store that is busy is asked again, and nothing of it is seen', async () => {
  await using s = await createStore()
  s.server.fail(3)
  await s.store.put('a', 'x')
  s.server.fail(2, 500, 'InternalError')
  assert.equal((await s.store.range('a', 0, 10))?.data.toString(), 'x')
})

test('a store that stays away is told as such: the job waits for it', async () => {
  await using s = await createStore({ tries: 3 })
  s.server.fail(3)
  await assert.rejects(s.store.put('a', 'x'), UnavailableError)
  assert.equal(s.server.requests.length, 3)
})

test('what the store refuses is told with its word, and not asked again', async () => {
  await using s = await createStore({ accessKey: 'another' })
  await assert.rejects(s.store.put('a', 'x'), /answered PUT some\/where\/o\/a with 403 InvalidAccessKeyId/)
  assert.equal(s.server.requests.length, 1)
})

test('a bucket that is not there is no store without objects', async () => {
  await using s = await createStore({ bucket: 'another' })
  await assert.rejects(s.store.put('a', 'x'), /404 NoSuchBucket/)
  await assert.rejects(s.store.range('a', 0, 1), /404 NoSuchBucket/)
})

test('an upload whose source breaks off leaves no parts behind', async () => {
  await using s = await createStore()
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(9 * 2 ** 20)
      yield Buffer.alloc(9 * 2 ** 20)
      throw new Error('cut')
    })(),
  )
  await assert.rejects(s.store.put('a/file', broken), /cut/)
  assert.deepEqual([s.server.uploads.size, s.server.objects.size], [0, 0])
})

test('a busy store in the middle of an upload does not spoil it', async () => {
  await using s = await createStore()
  const data = (async function* () {
    yield Buffer.alloc(9 * 2 ** 20, 'a')
    s.server.fail(2)
    yield Buffer.alloc(9 * 2 ** 20, 'b')
    s.server.fail(1)
  })()
  await s.store.put('big', Readable.from(data))
  assert.equal((await s.store.range('big', 0, 0))?.size, 18 * 2 ** 20)
})

test('other processes see within a second what was published', async () => {
  await using s = await createStore()
  const reader = s.again()
  await s.store.put('r/1/c/x', 'one')
  await s.store.put('r/2/c/x', 'two')
  await s.store.publish('r/1/c', 'r/c')
  const shown = async () => {
    const found = await reader.read('r/c/x')
    return found && (await text(found.stream))
  }
  assert.equal(await shown(), 'one')
  await s.store.publish('r/2/c', 'r/c')
  const end = Date.now() + 20_000
  while ((await shown()) !== 'two') {
    assert.ok(Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

test('copies on this machine are bounded: those not asked for for long go first, and none is fetched twice', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-cache-'))
  const cache = openLocalCache(join(dir, 'cache'), 250, 0)
  let fetched = 0
  const get = (id: string) =>
    cache.get(id, async () => {
      fetched += 1
      return Readable.from([Buffer.alloc(100)])
    })
  const [one, same] = await Promise.all([get('one'), get('one')])
  assert.equal(one, same)
  assert.equal(fetched, 1)
  await get('two')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await get('one')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await get('three')
  await get('one')
  assert.equal(fetched, 3)
  assert.equal((await readdir(join(dir, 'cache'))).length, 2)
  await rm(dir, { recursive: true })
})

test('a key that is lent for a time is shown with its token; a wrong token is the operator’s to mend', async () => {
  const lent = () => new FakeS3({ sessionToken: 'lent+for/an=hour' })
  await using s = await createStore({ sessionToken: 'lent+for/an=hour' }, lent())
  await s.store.put('a', 'x')
  assert.equal((await s.store.range('a', 0, 1))?.data.toString(), 'x')
  for (const options of [{}, { sessionToken: 'of yesterday' }]) {
    await using wrong = await createStore(options, lent())
    await assert.rejects(wrong.store.put('a', 'x'), { name: 'SetupError', message: /403 InvalidToken/ })
  }
})

test('what a store redirects to is never told our key', async (t) => {
  const asked: (string | undefined)[] = []
  const other = createServer(({ headers }, response) => {
    asked.push(String(headers['x-amz-security-token']))
    response.end()
  })
  const store = createServer((_, response) => {
    const { port } = other.address() as AddressInfo
    response.writeHead(307, { location: `http://localhost:${port}/` }).end('<Code>TemporaryRedirect</Code>')
  })
  for (const server of [other, store]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
  }
  const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`
  const key = { bucket: 'b', region: 'r', accessKey: 'a', secretKey: 's', sessionToken: 'lent' }
  await assert.rejects(
    createS3Client({ endpoint, ...key })({ method: 'GET', name: 'x' }),
    /answered GET x with 307 TemporaryRedirect/,
  )
  assert.deepEqual(asked, [])
})
