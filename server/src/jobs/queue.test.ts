import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { query } from '../db/database.ts'
import { type JobRunner, openQueue } from './queue.ts'

let database: TestDatabase
let queue: JobRunner
before(async () => {
  database = await createTestDatabase()
  queue = await openQueue(database, pino({ level: 'silent' }))
})
after(async () => {
  await queue.stop()
  await database.close()
})

const count = async (kind: string) => {
  const [row] = await query<{ count: number }>(
    database.db,
    sql`select count(*)::int as count from pgboss.job where name = ${kind}`,
  )
  return row?.count
}

test('what is told while a job waits that reads all there is, that one sees; others are jobs of their own', async () => {
  const { db } = database
  for (let i = 0; i < 3; i += 1) await queue.add(db, 'report-event', { eventId: 1 })
  assert.equal(await count('report-event'), 1)

  await queue.add(db, 'report-event', { eventId: 2 })
  await queue.add(db, 'report-event', { eventId: 1 }, { afterMs: 60_000 })
  assert.equal(await count('report-event'), 3)
  await db.execute(sql`update pgboss.job set state = 'active' where data = '{"eventId": 1}'::jsonb`)
  await queue.add(db, 'report-event', { eventId: 1 })
  assert.equal(await count('report-event'), 4, 'one that has begun may have read before')

  for (let i = 0; i < 2; i += 1) await queue.add(db, 'start-build', { buildRowId: 1 })
  assert.equal(await count('start-build'), 2)
})
