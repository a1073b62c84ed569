import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Db } from '../src/db/database.ts'
import { listBuilds, listSrpmBuilds } from '../src/db/read-builds.ts'
import { listPullRequests } from '../src/db/read-projects.ts'
import { findRunDetails } from '../src/db/read-run-details.ts'
import { findRun, listRuns } from '../src/db/read-runs.ts'
import { insertHardRows } from './api-rows.ts'
import { createTestDatabase, databaseKinds, type TestDatabase } from './database.ts'

const ALL = { limit: 100, offset: 0, after: undefined }
const HELLO = { forge: 'github.com', namespace: 'acme', name: 'hello' }

/** What is found, and by how many statements. */
async function count<T>(db: Db, read: (db: Db) => Promise<T>): Promise<{ found: T; statements: number }> {
  const { session } = db._
  const prepare = session.prepareQuery
  let statements = 0
  session.prepareQuery = function (this: typeof session, ...args: Parameters<typeof prepare>) {
    statements += 1
    return prepare.apply(this, args)
  } as typeof prepare
  try {
    return { found: await read(db), statements }
  } finally {
    session.prepareQuery = prepare
  }
}

for (const kind of databaseKinds) {
  describe(`the tables answer for the hard cases (${kind})`, () => {
    let database: TestDatabase
    before(async () => {
      database = await createTestDatabase(kind)
      await insertHardRows(database.db)
    })
    after(() => database.close())

    test('pipelines that share an SRPM are one run with the jobs of all of them', async () => {
      const { found, statements } = await count(database.db, (db) => listRuns(db, {}, ALL))
      const run = found.rows.find((row) => row.id === 1)
      assert.deepEqual(
        run?.builds.map((part) => part.id),
        [11, 12, 13],
        'two builds of one package',
      )
      assert.deepEqual(
        run?.tests.map((part) => [part.id, part.target]),
        [
          [21, 'fedora-43-x86_64'],
          [22, 'fedora-43-x86_64'],
        ],
      )
      assert.deepEqual(
        found.rows.map((row) => row.id),
        [12, 10, 9, 8, 7, 5, 4, 3, 1],
      )
      assert.equal(found.total, 9)
      assert.ok(statements <= 3, `${statements} statements`)
    })

    test('packages of a monorepo are runs of one event', async () => {
      const { found } = await count(database.db, (db) => listRuns(db, { ...HELLO, trigger: 'pr:41' }, ALL))
      assert.deepEqual(
        found.rows.map((row) => [row.id, row.package, row.event?.id]),
        [
          [5, 'hello', 5],
          [3, 'hello-libs', 1],
          [1, 'hello', 1],
        ],
      )
    })

    test('a pipeline with nothing but a Koji build is a run of its own', async () => {
      const found = await findRun(database.db, 4)
      assert.equal(found?.srpm, null)
      assert.deepEqual(
        found?.kojiBuilds.map((part) => part.id),
        [31],
      )
      assert.equal(found?.event?.name, 'main')
    })

    test('a run is found by any of its pipelines, also by one that is not sorted into a run yet', async () => {
      const { found, statements } = await count(database.db, async (db) => {
        const run = await findRun(db, 6)
        return { run, details: run && (await findRunDetails(db, run.id)) }
      })
      assert.equal(found.run?.id, 1)
      assert.deepEqual(
        found.details?.pipelines.map((pipeline) => pipeline.id),
        [1, 2, 6],
      )
      assert.deepEqual(
        found.details?.siblings.map((sibling) => sibling.id),
        [3],
      )
      assert.ok(statements <= 3, `${statements} statements`)
      assert.equal((await findRun(database.db, 11))?.id, 11)
      assert.equal(await findRun(database.db, 4242), undefined)
    })

    test('a run whose rows lost their event or trigger still answers', async () => {
      assert.equal((await findRun(database.db, 8))?.event, null)
      assert.equal((await findRun(database.db, 9))?.event?.kind, null)
      const anitya = await findRun(database.db, 10)
      assert.deepEqual([anitya?.event?.anityaId, anitya?.event?.forge], [4321, null])
    })

    test('a build is one entry, whatever its number of chroots, under its smallest listed target', async () => {
      const { found, statements } = await count(database.db, (db) => listBuilds(db, {}, ALL))
      assert.deepEqual(
        found.rows.map((row) => [row.id, row.targets.map((target) => target.id)]),
        [
          [17, [17, 18]],
          [13, [13]],
          [11, [11, 12]],
        ],
      )
      assert.equal(found.rows.at(-1)?.event?.number, 41)
      assert.equal(found.rows[0]?.event, null)
      assert.ok(statements <= 3, `${statements} statements`)
    })

    test('an SRPM knows its trigger without any build, and answers without one', async () => {
      const { found, statements } = await count(database.db, (db) => listSrpmBuilds(db, {}, ALL))
      assert.deepEqual(
        found.rows.map((row) => [row.id, row.event?.number ?? null, row.runId]),
        [
          [5, 1, 7],
          [4, 41, 5],
          [3, null, 8],
          [2, 41, 3],
          [1, 41, 1],
        ],
      )
      assert.ok(statements <= 3, `${statements} statements`)
    })

    test('a pull request has everything that was ever built for it, also that of a duplicate project', async () => {
      const { found, statements } = await count(database.db, (db) => listPullRequests(db, HELLO, ALL))
      const [newest, older] = found.rows
      assert.deepEqual([newest?.number, older?.number], [41, 7])
      assert.deepEqual(
        newest?.builds.map((build) => build.id),
        [14, 13, 12, 11],
      )
      assert.deepEqual(
        newest?.srpmBuilds.map((build) => build.id),
        [4, 2, 1],
      )
      assert.deepEqual(
        newest?.tests.map((one) => one.id),
        [22, 21],
      )
      assert.deepEqual(
        newest?.latest.map((run) => [run.package, run.runId]),
        [
          ['hello', 1],
          ['hello-libs', 3],
        ],
      )
      assert.ok(statements <= 3, `${statements} statements`)
    })

    test('a page is cut by number or by cursor, and knows the total where that is near', async () => {
      const second = await listRuns(database.db, {}, { limit: 2, offset: 2, after: undefined })
      assert.deepEqual([second.rows.map((row) => row.id), second.total], [[9, 8], 9])
      const after9 = await listRuns(database.db, {}, { limit: 2, offset: 0, after: 9 })
      assert.deepEqual([after9.rows.map((row) => row.id), after9.total], [[8, 7], null])
      const past = await listRuns(database.db, {}, { limit: 10, offset: 2 ** 31 * 100, after: undefined })
      assert.deepEqual(past, { rows: [], total: 9, next: null })
    })

    test('filters of runs hold together', async () => {
      const ids = async (filter: Parameters<typeof listRuns>[1]) =>
        (await listRuns(database.db, filter, ALL)).rows.map((row) => row.id)
      assert.deepEqual(await ids({ facets: { status: 'canceled' } }), [5])
      assert.deepEqual(await ids(HELLO), [12, 5, 4, 3, 1])
      assert.deepEqual(await ids({ trigger: 'pr:7' }), [12])
      assert.deepEqual(await ids({ ...HELLO, name: 'none' }), [])
    })
  })
}
