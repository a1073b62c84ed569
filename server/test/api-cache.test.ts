import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'

let api: Api
before(async () => {
  api = await createApi()
  for (const table of ['srpm_builds', 'build_targets', 'test_targets', 'koji_build_targets', 'sync_targets'])
    await api.database.db.execute(sql`update ${sql.raw(table)} set ended_at = now() - interval '61 minutes'`)
})
after(() => api[Symbol.asyncDispose]())

const cacheOf = async (url: string) => {
  const { statusCode, headers } = await api.get(url)
  return [statusCode, headers['cache-control'], typeof headers.etag]
}
const KEPT = [200, 'public, max-age=3600, immutable', 'string']
const ASKED_ANEW = [200, 'no-cache', 'string']

test('details of what ended more than an hour ago may be kept for an hour', async () => {
  for (const url of ['srpm-builds/1', 'copr-builds/12', 'testing-farm/21', 'koji-builds/31', 'propose-downstream/73'])
    assert.deepEqual(await cacheOf(`/api/${url}`), KEPT, url)
})

test('what has not ended, or within the last hour, is asked for anew', async () => {
  for (const url of [
    'srpm-builds/5',
    'copr-builds/13',
    'testing-farm/22',
    'pull-from-upstream/74',
    'propose-downstream/71',
  ])
    assert.deepEqual(await cacheOf(`/api/${url}`), ASKED_ANEW, url)
  await api.database.db.execute(sql`update build_targets set ended_at = now() - interval '59 minutes' where id = 11`)
  assert.deepEqual(await cacheOf('/api/copr-builds/11'), ASKED_ANEW)
  await api.database.db.execute(sql`update build_targets set ended_at = null where id = 11`)
  assert.deepEqual(await cacheOf('/api/copr-builds/11'), ASKED_ANEW)
})

test('runs, groups and lists are never kept', async () => {
  for (const url of ['runs/merged/3', 'runs/3', 'copr-builds/groups/1'])
    assert.deepEqual(await cacheOf(`/api/${url}`), ASKED_ANEW, url)
  assert.deepEqual((await cacheOf('/api/srpm-builds')).slice(1), ASKED_ANEW.slice(1))
})
