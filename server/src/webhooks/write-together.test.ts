import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { createTestDatabase, databaseKinds } from '../../test/database.ts'
import { query } from '../db/database.ts'
import { openQueue } from '../jobs/queue.ts'
import { writeTogether } from './write-together.ts'

const delivery = (deliveryId: string, event = 'push') => ({ source: 'github', deliveryId, event })

for (const kind of databaseKinds)
  test(`${kind}: what arrives together is kept once, each with its job, whatever becomes of another`, async () => {
    await using database = await createTestDatabase(kind)
    const queue = await openQueue(database, pino({ level: 'silent' }))
    const write = writeTogether({ database, queue })
    const ids = await Promise.allSettled([
      write(delivery('a')),
      write(delivery('b')),
      write(delivery('b')),
      write(delivery('broken', 'no text of PostgreSQL: \0')),
      write({ ...delivery('unwanted'), state: 'decided' }),
      write(delivery('a')),
    ])
    const isNew = ids.map((one) => (one.status === 'fulfilled' ? one.value !== undefined : 'failed'))
    assert.deepEqual(isNew, [true, true, false, 'failed', true, false])
    const rows = await query<{ name: string; queued: boolean }>(
      database.db,
      sql`select d.delivery_id as name, j.id is not null as queued from deliveries d
        left join pgboss.job j on j.name = 'decide-delivery' and (j.data->>'deliveryId')::bigint = d.id order by 1`,
    )
    assert.deepEqual(
      rows.map(({ name, queued }) => [name, queued]),
      [
        ['a', true],
        ['b', true],
        ['unwanted', false],
      ],
    )
    await queue.stop()
  })
