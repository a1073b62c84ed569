import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { removeExpired } from '../src/builds/remove-expired.ts'
import { createWorld } from './world.ts'

test('the nightly job forgets keys of a day, and headers of deliveries together with their bodies', async () => {
  const clock = { now: new Date('2026-11-25T12:00:00Z') }
  await using world = await createWorld({ now: () => clock.now })
  await world.deliver({ kind: 'push', repository: { url: '/x/y' }, ref: 'refs/heads/main', after: '0'.repeat(40) })
  await world.settle()
  assert.equal((await world.post('/api/deliveries/1/replay', { key: 'once' })).statusCode, 202)
  await world.settle()
  const { database, storage, config, builds } = world.service
  await database.db.execute(sql`update deliveries set received_at = '2026-11-25T12:00:00Z'`)
  const left = async () => [
    (await database.db.query.idempotencyKeys.findMany()).length,
    (await storage.list('deliveries')).length,
  ]

  clock.now = new Date('2026-11-26T11:59:00Z')
  await removeExpired(builds, config)
  assert.deepEqual(await left(), [1, 2])
  clock.now = new Date('2026-11-26T12:01:00Z')
  await removeExpired(builds, config)
  assert.deepEqual(await left(), [0, 2])
  clock.now = new Date('2026-12-26T12:00:00Z')
  await removeExpired(builds, config)
  assert.deepEqual(await left(), [0, 0])
})
