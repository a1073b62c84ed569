import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { openEmbedded } from '../src/db/open.ts'
import { findRun } from '../src/db/runs.ts'
import { createTestDatabase, databaseKinds } from './database.ts'
import { describeSchema } from './describe-schema.ts'

const SCHEMA = new URL('../src/db/schema.txt', import.meta.url)
const MIGRATIONS = new URL('../src/db/migrations/', import.meta.url)
const RELEASES = new URL('./releases/', import.meta.url)

for (const kind of databaseKinds) {
  test(`the tables are those that schema.txt shows (${kind})`, async () => {
    await using database = await createTestDatabase(kind)
    const found = await describeSchema(database.db)
    // written anew with PACKIT_WRITE_SCHEMA=1; the difference is what a review looks at
    if (process.env.PACKIT_WRITE_SCHEMA) await writeFile(SCHEMA, found)
    assert.equal(found, await readFile(SCHEMA, 'utf8'))
  })
}

for (const release of await readdir(RELEASES)) {
  test(`a database of release ${release} comes up to date with all its rows`, async () => {
    const old = await openRelease(new URL(release, RELEASES))
    const dump = await old.dumpDataDir('none')
    await old.close()

    const database = await openEmbedded(undefined, dump)
    const run = await findRun(database.db, 1)
    assert.equal(run?.srpm?.state, 'success')
    assert.ok(run.pipelines.every((pipeline) => pipeline.mergedRunId === 1))
    assert.deepEqual(run.targets.map((target) => target.state).sort(), ['skipped', 'skipped', 'skipped', 'success'])
    await database.close()
  })
}

/** The database as that release left it: its migrations, its rows, and the note of how far it had come. */
async function openRelease(file: URL): Promise<PGlite> {
  const text = await readFile(file, 'utf8')
  const last = text.match(/^-- after migration (\S+)$/m)?.[1] ?? ''
  const journal = JSON.parse(await readFile(new URL('meta/_journal.json', MIGRATIONS), 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  const end = journal.entries.findIndex((entry) => entry.tag === last)
  assert.notEqual(end, -1, `no migration ${last}`)
  const pglite = await PGlite.create({ extensions: { pg_trgm } })
  for (const { tag } of journal.entries.slice(0, end + 1)) {
    const statements = await readFile(new URL(`${tag}.sql`, MIGRATIONS), 'utf8')
    await pglite.exec(statements.replaceAll('--> statement-breakpoint', ''))
  }
  await pglite.exec(`
    create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('', ${journal.entries[end]?.when});
    ${text}`)
  return pglite
}
