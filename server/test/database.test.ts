import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { openEmbedded } from '../src/db/open.ts'
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

test('no other account of this machine gets at the embedded database, whose files are open to all', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-database-'))
  try {
    const database = await openEmbedded(join(dir, 'data/database'))
    await database.close()
    assert.equal((await stat(join(dir, 'data/database'))).mode & 0o777, 0o700)
  } finally {
    await rm(dir, { recursive: true })
  }
})
