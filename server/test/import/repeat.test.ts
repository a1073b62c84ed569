// An import may be repeated and broken off: what it finds is what counts, not what it remembers.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Db, query } from '../../src/db/database.ts'
import { finishImport } from '../../src/db/import/begin.ts'
import { type ImportResult, runImport } from '../../src/db/import/run-import.ts'
import { fillScope, SCOPED_TABLES } from '../../src/db/scope.ts'
import { createTestDatabase } from '../database.ts'
import { createSource } from './embedded-source.ts'
import { furtherKinds } from './golden.ts'
import { createImport, IMPORTED_AT, type ImportWorld } from './world.ts'

const EMPTY = { put: async () => {}, now: IMPORTED_AT }

/** Every row of every table, where it lies and what it holds: equal only when nothing was written. */
async function readAll(db: Db): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    db,
    sql`select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname <> 'imports' order by 1`,
  )
  const all: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await query<{ all: string | null }>(
      db,
      sql.raw(`select md5(string_agg(t.ctid::text || t::text, '' order by t::text)) as all from ${name} t`),
    )
    all[name] = rows[0]?.all ?? ''
  }
  return all
}

/** What a database holds, whenever and in however many pieces it was written. */
async function readContent(db: Db): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const name of Object.keys(await readAll(db))) {
    const rows = await query<{ all: string | null }>(
      db,
      sql.raw(`select md5(string_agg(t::text, '' order by t::text)) as all from ${name} t`),
    )
    content[name] = rows[0]?.all ?? ''
  }
  return content
}

function written(result: ImportResult): string[] {
  return Object.entries(result.tables).flatMap(([table, { added, changed }]) =>
    added + changed > 0 ? [`${table} +${added} ~${changed}`] : [],
  )
}

const value = async <T>(db: Db, statement: string): Promise<T | undefined> =>
  (await query<{ value: T }>(db, sql.raw(statement)))[0]?.value

const stateOf = (world: ImportWorld, run: number) =>
  value<string>(world.api.database.db, `select state as value from pipelines where id = ${run}`)

for (const kind of furtherKinds) {
  describe(`a repeated import (${kind})`, () => {
    test('writes nothing when the source has not changed', async () => {
      await using world = await createImport(kind)
      await world.run()
      const before = await readAll(world.api.database.db)
      const again = await world.run({ now: new Date() })
      assert.deepEqual([written(again), again.texts, again.run], [[], 0, 2])
      assert.deepEqual(await readAll(world.api.database.db), before)
    })

    test('brings what is new, and what changed in rows that had not ended', async () => {
      await using world = await createImport(kind)
      await world.run()
      assert.deepEqual([await stateOf(world, 4), await stateOf(world, 13)], ['pending', 'skipped'])
      await world.source.exec(`
        update srpm_builds set status = 'success', logs = 'made', build_finished_time = timestamp '2026-06-01' where id = 4;
        update copr_build_targets set status = 'success', build_id = '900', build_start_time = timestamp '2026-06-01' where id = 16;
        update copr_build_targets set status = 'success' where id = 12;
        insert into srpm_builds (id, status, submitted_time) values (6, 'pending', timestamp '2026-06-02');
        update pipelines set srpm_build_id = 6 where id = 13;
        insert into git_projects (id, namespace, repo_name, project_url, instance_url) values (6, 'acme', 'hello', 'https://github.com/acme/hello.git', 'github.com');
        insert into pull_requests (id, pr_id, project_id) values (8, 43, 6), (9, 41, 6);
        insert into project_events (id, type, event_id, commit_sha) values (15, 'pull_request', 9, 'fade');
        insert into pipelines (id, datetime, project_event_id, srpm_build_id) values (15, timestamp '2026-06-02', 15, 1)`)
      const result = await world.run()
      assert.deepEqual(written(result), [
        'projects +1 ~0',
        'triggers +2 ~0',
        'project_events +1 ~0',
        'srpm_builds +1 ~1',
        'builds +0 ~1',
        'build_targets +0 ~1',
        'pipelines +1 ~2',
      ])
      assert.equal(result.texts, 1)
      assert.deepEqual([await stateOf(world, 4), await stateOf(world, 13)], ['success', 'pending'])
      const { api } = world
      assert.equal((await api.json('/api/srpm-builds/4')).logs, 'made')
      assert.equal((await api.json('/api/copr-builds/12')).status, 'failure', 'what has ended stays')
      const [build] = (await api.json('/api/copr-builds')).filter(
        (entry: { build_id: string }) => entry.build_id === '900',
      )
      assert.deepEqual([build.packit_id, build.pr_id], [16, 1])
      assert.equal((await api.json('/api/projects/github.com/acme/hello')).prs_handled, 3)
      assert.equal((await api.json('/api/runs/15')).merged_run_id, 1)
    })

    test('stopped between any two pieces and begun again, ends as one that ran through', async () => {
      await using whole = await createImport(kind)
      await whole.run()
      await using world = await createImport(kind)
      let stops = 0
      for (;;) {
        const stop = new AbortController()
        let pieces = 0
        const onProgress = ({ step }: { step: string }) => {
          if (step === 'write' || step === 'texts') pieces += 1
          if (pieces === 8) stop.abort(new Error('stopped'))
        }
        const ended = await world.run({ pieceRows: 3, signal: stop.signal, onProgress }).catch((error: Error) => error)
        if (!(ended instanceof Error)) {
          assert.equal(ended.wasBrokenOff, true)
          break
        }
        assert.equal(ended.message, 'stopped')
        stops += 1
      }
      assert.ok(stops > 3, `${stops} stops`)
      assert.deepEqual(await readContent(world.api.database.db), await readContent(whole.api.database.db))
    })

    test('scopes, run ids and listed ids are those that the service itself would find', async () => {
      await using world = await createImport(kind)
      await world.run()
      const { db } = world.api.database
      const before = await readContent(db)
      for (const table of SCOPED_TABLES) {
        const event = table === 'pipelines' ? '' : 'event_id = null, package = null,'
        await db.execute(
          sql.raw(`update ${table} set ${event} trigger_id = null, project_id = null, trigger_key = null`),
        )
      }
      for (const table of SCOPED_TABLES) await fillScope(db, table)
      assert.deepEqual(await readContent(db), before)
    })
  })

  describe(`the border between two histories (${kind})`, () => {
    test('rows of our own get ids from ten times the largest of the source, and those of the source stay below', async () => {
      await using world = await createImport(kind)
      await world.source.exec('update pipelines set id = 300000 where id = 14')
      const { db } = world.api.database
      await db.execute(sql`insert into allowlist (namespace, status) values ('github.com/ours', 'approved_manually')`)
      const { border } = await world.run()
      assert.equal(border, 3_000_000)
      await db.execute(sql`insert into projects (forge, namespace, name, url) values ('github.com', 'new', 'new', 'x')`)
      await db.execute(
        sql`insert into triggers (kind, project_id, number) select 'pull_request', id, 1 from projects where namespace = 'new'`,
      )
      assert.equal(Number(await value(db, "select id as value from projects where namespace = 'new'")), 3_000_001)
      assert.ok(Number(await value(db, 'select max(id) as value from triggers')) > border * 8)

      await world.source.exec(`insert into git_projects (id, namespace, repo_name, project_url, instance_url) values
        (6, 'new', 'new', 'https://github.com/new/new', 'github.com'), (3000000, 'far', 'far', null, 'github.com')`)
      const again = await world.run()
      assert.deepEqual(written(again), ['projects +1 ~0'])
      assert.equal(Number(await value(db, 'select same_as as value from projects where id = 6')), 3_000_001)
      const beyond = again.told.find(({ reason }) => /^its id is not below 3000000/.test(reason))
      assert.deepEqual([beyond?.source, beyond?.ids], ['git_projects', ['3000000']])
      assert.deepEqual(
        await query(db, sql`select namespace from allowlist order by id`),
        ['github.com/acme', 'github.com/acme', 'gitlab.com/group', 'github.com/ours'].map((namespace) => ({
          namespace,
        })),
      )
    })

    test('a history of our own is in the way, and it is said how many rows', async () => {
      await using database = await createTestDatabase(kind)
      await using source = await createSource()
      await database.db.execute(sql`insert into projects (forge, namespace, name, url) values ('a', 'b', 'c', 'd')`)
      await assert.rejects(runImport(database, { ...EMPTY, source }), /1 rows are in the way \(projects 1\)/)
    })

    test('only the source of the first run is brought again, until the import is finished', async () => {
      await using database = await createTestDatabase(kind)
      await using source = await createSource()
      await using other = await createSource({ name: 'elsewhere:5432/packit' })
      await assert.rejects(finishImport(database.db, IMPORTED_AT), /there is no import/)
      await runImport(database, { ...EMPTY, source })
      await assert.rejects(
        runImport(database, { ...EMPTY, source: other }),
        /from old\.example:5432\/packit is under way/,
      )
      assert.equal(await finishImport(database.db, IMPORTED_AT), 'old.example:5432/packit')
      await assert.rejects(runImport(database, { ...EMPTY, source }), /is finished/)
      await assert.rejects(finishImport(database.db, IMPORTED_AT), /is finished already/)
    })
  })
}
