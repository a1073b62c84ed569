// What an import says of a source that it can't read, and of rows that it can't place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../../src/db/database.ts'
import { runImport } from '../../src/db/import/run-import.ts'
import { openSource } from '../../src/db/import/source.ts'
import type { ToldRow } from '../../src/db/import/told.ts'
import { combinedSql, stateBitSql, stateSql } from '../../src/db/import/words.ts'
import { SetupError } from '../../src/domain/errors.ts'
import { combineStates, STATES, STATUS_STATES, stateOfStatus } from '../../src/domain/status.ts'
import { createTestDatabase } from '../database.ts'
import { createSource } from './embedded-source.ts'
import { createImport, IMPORTED_AT } from './world.ts'

const OPTIONS = { now: IMPORTED_AT, put: async () => {} }

test('what is no Packit Service database, or an older one, is refused by name before anything is written', async () => {
  await using database = await createTestDatabase()
  const refusal = async (change: string): Promise<string> => {
    await using source = await createSource({ empty: true })
    await source.exec(change)
    const error = await runImport(database, { ...OPTIONS, source }).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof SetupError, String(error))
    return error.message
  }
  assert.match(
    await refusal('drop table alembic_version'),
    /^old\.example:5432\/packit is no database of Packit Service/,
  )
  assert.match(
    await refusal('alter table scans drop issues_added_count; drop table log_detective_run'),
    /it has no scans\.issues_added_count, log_detective_run: bring it to the migration b4e11a52ea52/,
  )
  assert.match(
    await refusal('create role reader; grant select on alembic_version, pipelines to reader; set role reader'),
    /the account reader may not read git_projects, .*grant select on all tables/,
  )
  assert.deepEqual(await query(database.db, sql`select * from imports`), [])
})

test('another migration than the expected one is warned of', async () => {
  await using database = await createTestDatabase()
  await using source = await createSource({ empty: true })
  await source.exec("update alembic_version set version_num = '0123456789ab'")
  const { warnings } = await runImport(database, { ...OPTIONS, source })
  assert.deepEqual(warnings, [
    "the source's migration is 0123456789ab, expected is b4e11a52ea52: what came with another one is not copied",
  ])
})

test('an address that is none, or where nobody answers, is told in a sentence without the password', async () => {
  for (const url of ['mysql://u:secret@host/db', 'nonsense', 'postgres://u:secret@127.0.0.1:1/db']) {
    const error = await openSource(url).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof SetupError)
    assert.doesNotMatch(error.message, /secret|\n/)
  }
})

test('rows that could not be placed, or not whole, are counted by table and reason, and each is told', async () => {
  await using world = await createImport()
  const rows: ToldRow[] = []
  const { told } = await world.run({ onTold: async (part) => void rows.push(...part) })
  const find = (source: string, reason: RegExp) => {
    const found = told.find((one) => one.source === source && reason.test(one.reason))
    return found && [found.outcome, found.count, ...found.ids]
  }
  assert.deepEqual(find('pull_requests', /no project/), ['left out', 1, '5'])
  assert.deepEqual(find('anitya_versions', /no Anitya/), ['left out', 1, '2'])
  assert.deepEqual(find('tf_copr_build_association_table', /not there/), ['left out', 2, '11-9999', '9999-51'])
  assert.deepEqual(find('sync_release_pr_association', /not there/), ['left out', 1, '71-99'])
  assert.deepEqual(find('project_events', /set it off/), ['kept', 3, '9', '10', '14'])
  assert.deepEqual(find('pipelines', /no event/), ['kept', 1, '8'])
  assert.deepEqual(find('copr_build_targets', /no group/), ['kept', 2, '20', '21'])
  assert.deepEqual(find('copr_build_groups', /no pipeline/), ['kept', 1, '5'])
  assert.deepEqual(find('scans', /no build/), ['kept', 1, '92'])
  assert.deepEqual(find('copr_build_targets', /its data/), ['kept', 1, '12'])
  assert.deepEqual(find('copr_build_targets', /no packages/), ['kept', 2, '13', '17'])
  assert.deepEqual(find('log_detective_run', /response/), ['kept', 1, '101'])
  assert.equal(
    rows.length,
    told.reduce((all, { count }) => all + count, 0),
  )
})

test('of many rows the first ten are told at once, all of them in the report', async () => {
  await using world = await createImport()
  await world.source.exec('insert into pull_requests (id, pr_id) select n, n from generate_series(1000, 21999) n')
  let rows = 0
  const { told } = await world.run({
    onTold: async (part) => {
      rows += part.filter(({ source }) => source === 'pull_requests').length
    },
  })
  const found = told.find(({ source }) => source === 'pull_requests')
  assert.deepEqual([found?.count, found?.ids.length, rows], [21_001, 10, 21_001])
})

test('JSON that the database can not hold loses the letter, not the row', async () => {
  await using world = await createImport()
  await world.run()
  const rows = await query<{ data: unknown }>(world.api.database.db, sql`select data from build_targets where id = 12`)
  assert.deepEqual(rows, [{ data: { a: 'x\ufffdy' } }])
})

test('links that pages do not show are kept: side tags, source-git, downstream pull requests, tests of builds', async () => {
  await using world = await createImport()
  await world.run()
  const read = (statement: string) => query(world.api.database.db, sql.raw(statement))
  assert.deepEqual(await read('select * from test_target_builds order by 1'), [
    { test_target_id: 51, build_target_id: 11 },
    { test_target_id: 52, build_target_id: 11 },
  ])
  assert.deepEqual(await read('select * from sync_target_pull_requests order by 2'), [
    { sync_target_id: 71, sync_pull_request_id: 1 },
    { sync_target_id: 71, sync_pull_request_id: 2 },
  ])
  assert.deepEqual(
    await read(`select a.number as source, b.number as dist from source_git_links l
      left join triggers a on a.id = l.source_git_trigger_id left join triggers b on b.id = l.dist_git_trigger_id order by l.id`),
    [
      { source: 41, dist: 9 },
      { source: null, dist: null },
    ],
  )
  assert.deepEqual(await read('select koji_name, group_id from sidetags order by id'), [
    { koji_name: 'f43-build-side-1', group_id: 1 },
    { koji_name: null, group_id: null },
  ])
})

test('states are the same in SQL as in the domain, for every word and every mixture', async () => {
  await using database = await createTestDatabase()
  const words = [...STATES, ...Object.keys(STATUS_STATES), 'gibberish', null]
  const rows = await query<{ word: string | null; state: string }>(
    database.db,
    sql`select word, ${sql.raw(stateSql('word'))} as state from unnest(${sql.param(words)}::text[]) as word`,
  )
  for (const { word, state } of rows) assert.equal(state, stateOfStatus(word), String(word))
  for (let mask = 0; mask < 2 ** STATES.length; mask += 1) {
    const states = STATES.filter((_, n) => mask & (2 ** n))
    const list = sql.param([...states])
    const [row] = await query<{ state: string }>(
      database.db,
      sql`select ${sql.raw(combinedSql('coalesce(bits, 0)'))} as state
        from (select bit_or(${sql.raw(stateBitSql('word'))}) as bits from unnest(${list}::text[]) as word) gathered`,
    )
    assert.equal(row?.state, combineStates(states), states.join())
  }
})
