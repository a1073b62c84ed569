import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { query } from '../src/db/database.ts'
import { openQueue } from '../src/jobs/queue.ts'
import { insertHardRows } from './api-rows.ts'
import { createTestDatabase, databaseKinds, makeDatabase, type TestDatabase } from './database.ts'

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

test('a connection that PostgreSQL ends within a transaction fails that transaction, and nothing else', async () => {
  await using database = await createTestDatabase('postgres')
  const insert = sql`insert into projects (forge, namespace, name, url) values ('f', 'n', 'p', 'u')`
  const broken = database.transaction(async (tx) => {
    await tx.execute(insert)
    const [own] = await query<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`)
    // of another connection: it ends while this one has nothing to ask
    await database.db.execute(sql`select pg_terminate_backend(${own?.pid ?? 0}, 10000)`)
    await tx.execute(insert)
  })
  await assert.rejects(broken)
  assert.deepEqual(await query(database.db, sql`select count(*)::int as count from projects`), [{ count: 0 }])
})

test('connections that break before a transaction has begun are given back: none is lost to those that come later', async () => {
  await using database = await createTestDatabase('postgres')
  assert.ok(database.client.kind === 'postgres')
  const { pool } = database.client
  const breakOff = (client: unknown) => (client as { connection: { stream: Socket } }).connection.stream.destroy()
  const count = () => database.transaction((tx) => query(tx, sql`select 1 as one`))
  for (let i = 0; i < pool.options.max; i += 1) {
    pool.once('acquire', breakOff)
    await assert.rejects(count())
  }
  assert.deepEqual(await count(), [{ one: 1 }])
})

test('an embedded database that is used again has nothing of its last use: rows, numbers, settings, jobs', async () => {
  const first = await createTestDatabase()
  const fresh = await contentOf(first)
  const timezone = await query(first.db, sql`show timezone`)
  const queue = await openQueue(first, pino({ level: 'silent' }))
  await queue.add(first.db, 'remove-expired', {})
  await queue.schedule('remove-expired', '17 3 * * *')
  await queue.stop()
  await insertHardRows(first.db)
  await first.db.execute(sql`update pgboss.queue set retry_limit = 77`)
  await first.db.execute(sql`set timezone to 'Asia/Tokyo'`)
  await first.db.execute(sql`create temporary table left_over (id int)`)
  assert.notDeepEqual(await contentOf(first), fresh)
  await first.close()
  await assert.rejects(first.db.execute(sql`select 1`), (error: Error) => /closed/.test(String(error.cause)))

  await using second = await createTestDatabase()
  assert.deepEqual(await contentOf(second), fresh)
  assert.deepEqual(await query(second.db, sql`show timezone`), timezone)
  assert.deepEqual(await query(second.db, sql`select to_regclass('left_over') as found`), [{ found: null }])
})

test('an embedded database whose tables were changed, or that is still listened to, is not used again', async () => {
  for (const spoil of [
    (database: TestDatabase) => database.db.execute(sql`create table left_over (id int)`),
    (database: TestDatabase) => database.db.execute(sql`create index left_over on projects (url)`),
    (database: TestDatabase) => database.listen('left_over', () => {}),
  ]) {
    const first = await createTestDatabase()
    await spoil(first)
    await first.close()
    await using second = await createTestDatabase()
    assert.deepEqual(await query(second.db, sql`select to_regclass('left_over') as found`), [{ found: null }])
    assert.deepEqual(await query(second.db, sql`select pg_listening_channels()`), [])
  }
})

/** Each row of each table, and where each sequence stands. */
async function contentOf({ db }: TestDatabase) {
  const tables = await query<{ name: string }>(
    db,
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('public', 'pgboss', 'drizzle') order by 1`,
  )
  const rows = []
  for (const { name } of tables) rows.push([name, await query(db, sql.raw(`select t::text from ${name} t order by 1`))])
  return { rows, sequences: await query(db, sql`select sequencename, last_value from pg_sequences order by 1`) }
}

test('no other account of this machine gets at the embedded database, whose files are open to all', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-database-'))
  try {
    await makeDatabase(join(dir, 'data/database'))
    assert.equal((await stat(join(dir, 'data/database'))).mode & 0o777, 0o700)
  } finally {
    await rm(dir, { recursive: true })
  }
})
