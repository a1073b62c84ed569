import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { createTestDatabase, databaseKinds } from './database.ts'

for (const kind of databaseKinds) {
  test(`each test database has all tables and nothing of another one's rows (${kind})`, async () => {
    await using first = await createTestDatabase(kind)
    await using second = await createTestDatabase(kind)
    await first.db.execute(sql`insert into projects (forge, namespace, name, url) values ('f', 'n', 'p', 'u')`)
    const count = sql`select count(*)::int as count from projects`
    assert.deepEqual(await query(first.db, count), [{ count: 1 }])
    assert.deepEqual(await query(second.db, count), [{ count: 0 }])
  })
}
