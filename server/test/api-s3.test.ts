// What is kept in a bucket is answered as what is kept in a folder: logs that grow, and repositories.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FakeS3 } from '../src/storage/fake-s3.ts'
import { openS3Storage } from '../src/storage/s3.ts'
import { createApi } from './api-world.ts'

test('logs that grow and repositories that are published are answered from a bucket', async () => {
  const server = new FakeS3()
  const endpoint = await server.listen()
  const dir = await mkdtemp(join(tmpdir(), 'packit-s3-'))
  const { bucket, region, accessKey, secretKey } = server
  const open = () =>
    openS3Storage({ endpoint, bucket, region, accessKey, secretKey, prefix: '', cacheDir: join(dir, 'cache') })
  // a worker writes, a web answers
  const worker = open()
  {
    await using api = await createApi({ deps: { storage: open() } })
    const log = async (range: string) => {
      const { statusCode, body, headers } = await api.get('/api/copr-builds/13/log', { range })
      return [statusCode, body, headers['content-range']]
    }
    await worker.append('builds/13.log', 'first\n')
    assert.deepEqual(await log('bytes=0-'), [206, 'first\n', 'bytes 0-5/6'])
    await worker.append('builds/13.log', 'second\n')
    assert.deepEqual(await log('bytes=6-'), [206, 'second\n', 'bytes 6-12/13'])

    const folder = 'repos/acme-hello-41/runs/1/fedora-43-x86_64'
    await worker.put(`${folder}/a.rpm`, 'abcdefgh')
    await worker.publish(folder, 'repos/acme-hello-41/fedora-43-x86_64')
    const rpm = await api.get('/repos/acme-hello-41/fedora-43-x86_64/a.rpm', { range: 'bytes=3-' })
    assert.deepEqual([rpm.statusCode, rpm.body, rpm.headers['content-range']], [206, 'defgh', 'bytes 3-7/8'])
    for (const path of ['/repos/acme-hello-41', '/repos/a/..%2f..%2fx', '/repos/none/x.rpm'])
      assert.equal((await api.get(path)).statusCode, 404, path)
  }
  await server.close()
  await rm(dir, { recursive: true, force: true })
})
