// What benchmarks and plans are tried on must be what the service would have written.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { generate, sizeOf } from '../../bench/generate.ts'
import { fillDerivedIds } from '../src/db/backfill.ts'
import { type Db, query } from '../src/db/database.ts'
import { fillScope, SCOPED_TABLES } from '../src/db/scope.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let again: TestDatabase
let emptySchema: string[]

before(async () => {
  database = await createTestDatabase()
  again = await createTestDatabase()
  emptySchema = await readSchema(database.db)
  for (const each of [database, again]) await generate(each, sizeOf(0.002))
})
after(() => Promise.all([database.close(), again.close()]))

/** All rows of some columns of a table, as one text. */
async function read(db: Db, table: string, columns: string): Promise<string> {
  const rows = await query<{ text: string }>(
    db,
    sql`select coalesce(string_agg(x::text, E'\n' order by x.id), '') as text from (select ${sql.raw(columns)} from ${sql.raw(table)}) x`,
  )
  return rows[0]?.text ?? ''
}

/** Indexes and constraints. */
async function readSchema(db: Db): Promise<string[]> {
  const rows = await query<{ text: string }>(
    db,
    sql`select indexdef as text from pg_indexes where schemaname = 'public'
      union select conname || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace order by 1`,
  )
  return rows.map(({ text }) => text)
}

test('generated rows have what is common and what is rare', async () => {
  const rows = await query<Record<string, number>>(
    database.db,
    sql`select
      (select avg((forge = 'github.com')::int)::float8 from projects) as github,
      (select count(distinct forge)::int from projects) as forges,
      (select count(*)::int from pipelines where id <> merged_run_id) as again,
      (select count(*)::int from pipelines where package <> '') as packages,
      (select count(*)::int from pipelines where state in ('pending', 'running')) as living,
      (select avg((status = 'success')::int)::float8 from build_targets) as success,
      (select max(n)::float8 / sum(n) from (select count(*)::float8 as n from pipelines group by project_id) x) as busiest`,
  )
  const { github, forges, again, packages, living, success, busiest } = rows[0] ?? {}
  assert.ok(github && github > 0.7 && github < 0.9, `github.com has ${github} of the projects`)
  assert.equal(forges, 4)
  for (const count of [again, packages, living]) assert.ok(count && count > 0)
  assert.ok(success && success > 0.6 && success < 0.9, `${success} of the targets succeeded`)
  assert.ok(busiest && busiest > 0.04, `the busiest project has ${busiest} of the pipelines`)
})

test('generated rows are the same each time, in the order of time, and leave all indexes and references in place', async () => {
  for (const table of ['pipelines', 'build_targets', 'test_targets', 'triggers', 'deliveries']) {
    assert.equal(await read(database.db, table, '*'), await read(again.db, table, '*'), table)
  }
  assert.deepEqual(await readSchema(database.db), emptySchema)
  const late = await query(
    database.db,
    sql`select id from (select id, created_at, lag(created_at) over (order by id) as before from pipelines) x where before > created_at`,
  )
  assert.deepEqual(late, [])
})

// comes last: it changes rows
test('generated rows have the derived columns that the service computes', async () => {
  const { db } = database
  const scope = 'id, event_id, trigger_id, project_id, trigger_key, package'
  for (const table of SCOPED_TABLES) {
    const generated = await read(db, table, scope)
    assert.ok(generated.length > 50, `${table} has no rows`)
    await db.execute(sql.raw(`update ${table} set trigger_id = null, project_id = null, trigger_key = null`))

    await fillScope(db, table)

    assert.deepEqual((await read(db, table, scope)).split('\n'), generated.split('\n'), table)
  }

  const listed = [await read(db, 'builds', 'id, listed_id'), await read(db, 'build_targets', 'id, listed_id')]
  const merged = await read(db, 'pipelines', 'id, merged_run_id')
  for (const statement of [
    'update builds set listed_id = null',
    'update build_targets set listed_id = null',
    'update pipelines set merged_run_id = null',
  ]) {
    await db.execute(sql.raw(statement))
  }
  while ((await fillDerivedIds(db, 10_000)) > 0);
  assert.deepEqual(
    [await read(db, 'builds', 'id, listed_id'), await read(db, 'build_targets', 'id, listed_id')],
    listed,
  )
  assert.equal(await read(db, 'pipelines', 'id, merged_run_id'), merged)
})
