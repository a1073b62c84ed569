// An archive holds everything: what is brought to another database, of the other size, answers as before.
import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { importArchive } from '../src/cli/archive/read-archive.ts'
import { writeArchive } from '../src/cli/archive/write-archive.ts'
import { bringToLevel } from '../src/db/archive/schema-level.ts'
import { type Db, query } from '../src/db/database.ts'
import { findSchemaState, migrate, openEmbedded } from '../src/db/open.ts'
import { findTokenByHash, insertToken } from '../src/db/tokens.ts'
import { listOpenJobs } from '../src/jobs/move-jobs.ts'
import { openQueue } from '../src/jobs/queue.ts'
import { FakeS3 } from '../src/storage/fake-s3.ts'
import { openS3Storage } from '../src/storage/s3.ts'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'
import { describeSchema } from './describe-schema.ts'
import { runCommand } from './service-process.ts'

const NOW = new Date('2026-11-26T12:00:00Z')
const log = pino({ level: 'silent' })
const APP = '{"appId":7}\n'

const PAGES = [
  ...['/api/projects', '/api/projects/github.com', '/api/projects/github.com/acme/hello', '/api/copr-builds'],
  ...['/api/projects/github.com/acme/hello/prs', '/api/projects/github.com/acme/hello/grid', '/api/srpm-builds'],
  ...['/api/runs', '/api/runs/merged/1', '/api/srpm-builds/1', '/api/srpm-builds/1/log', '/api/testing-farm/results'],
  ...['/api/koji-builds', '/api/bodhi-updates', '/api/propose-downstream', '/api/search?q=hello', '/api/allowlist'],
  ...['/api/deliveries', '/api/usage', '/repos/hello-pr-41/fedora-43-x86_64/repodata/repomd.xml'],
]

let dir: string
let from: Api
/** A whole archive; tests that damage one take a copy. */
let archive: string

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packit-archive-'))
  from = await createApi({ kind: 'embedded', publicUrl: 'https://packit.example', deps: { now: () => NOW } })
  await fill(from)
  archive = join(dir, 'whole')
  await write(archive)
})
after(async () => {
  await from[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

/** What a service has beside the rows of its history. */
async function fill({ database, storage }: Api): Promise<void> {
  await storage.append('srpm/1/build.log', 'first line\nlast line\n')
  for (const run of [1, 2]) {
    const folder = `repos/hello-pr-41/runs/${run}/fedora-43-x86_64`
    await storage.put(`${folder}/repodata/repomd.xml`, `<repomd run="${run}"/>`)
    await storage.publish(folder, 'repos/hello-pr-41/fedora-43-x86_64')
  }
  await insertToken(database.db, {
    ...{ name: 'ci', hash: 'a hash', scopes: ['runs:write'], createdAt: NOW, expiresAt: null },
  })
  // backslash, tab, line feed: what the text format of a table has to escape
  await database.db.execute(sql`update triggers set title = ${'a\\b\tc\nd é'} where id = 1`)
  const queue = await openQueue(database, log)
  await queue.add(database.db, 'report-event', { eventId: 1 })
  await queue.add(database.db, 'settle-build', { buildRowId: 7, poll: true }, { afterMs: 3_600_000 })
  await queue.stop()
  await writeFile(join(dir, 'github-app.json'), APP, { mode: 0o600 })
}

const write = (folder: string, older?: string) =>
  writeArchive(
    folder,
    { database: from.database, storage: from.storage, appPath: join(dir, 'github-app.json'), now: () => NOW },
    older,
  )

const bring = (folder: string, { database, storage, folder: at }: Api) =>
  importArchive(folder, { database, storage, appPath: join(at, 'github-app.json'), now: () => new Date(), log })

const answers = async (api: Api) => {
  const all: Record<string, { status: number; body: string }> = {}
  for (const page of PAGES) {
    const { statusCode, body } = await api.get(page)
    all[page] = { status: statusCode, body }
  }
  return all
}

/** Where each count of ids stands. */
const counts = (db: Db) =>
  query(
    db,
    sql`select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1`,
  )

const rowsIn = async ({ database }: Api, table: string) =>
  (await query<{ count: number }>(database.db, sql.raw(`select count(*)::int as count from ${table}`)))[0]?.count

/** A copy of the archive, for a test to damage. */
async function copyArchive(name: string): Promise<string> {
  const copy = join(dir, name)
  await cp(archive, copy, { recursive: true })
  return copy
}

for (const kind of databaseKinds) {
  test(`everything that was exported is there after an import, under the same ids (${kind})`, async () => {
    await using to = await createApi({
      ...{ kind, empty: true, publicUrl: 'https://packit.example', deps: { now: () => NOW } },
    })
    const { rows, jobs, unknownJobs, manifest } = await bring(archive, to)
    const { tables, storage: stored, publications, app } = manifest
    assert.ok(rows > 100, `${rows} rows`)
    assert.deepEqual([jobs, unknownJobs], [2, 0])

    // and back again: what was read here would be the same there
    const { database, storage, folder } = to
    const source = { database, storage, appPath: join(folder, 'github-app.json'), now: () => NOW }
    const back = await writeArchive(join(dir, `back-from-${kind}`), source, archive)
    assert.deepEqual([back.tables, back.storage, back.publications, back.app], [tables, stored, publications, app])

    const expected = await answers(from)
    assert.ok(Object.values(expected).filter(({ status }) => status < 300).length > 15, JSON.stringify(expected))
    assert.deepEqual(await answers(to), expected)
    assert.deepEqual(await counts(to.database.db), await counts(from.database.db))
    const [due, later] = await listOpenJobs(to.database.db)
    assert.deepEqual([due?.kind, due?.data], ['report-event', { eventId: 1 }])
    assert.deepEqual([later?.kind, later?.data], ['settle-build', { buildRowId: 7, poll: true }])
    assert.ok((later?.dueAt ?? 0) - (due?.dueAt ?? 0) > 1800, 'what is due later stays so')
    assert.equal((await findTokenByHash(to.database.db, 'a hash'))?.name, 'ci')
    assert.equal(await readFile(join(to.folder, 'github-app.json'), 'utf8'), APP)
    assert.deepEqual(await to.storage.list(''), await from.storage.list(''))
    // what binds the tables was put back
    assert.equal(await describeSchema(to.database.db), await describeSchema(from.database.db))

    await assert.rejects(bring(archive, to), /this database is not empty \(/)
  })
}

/** A bucket that a story fills, and what the settings say of it. */
async function createBucket() {
  const server = new FakeS3({ sessionToken: 'lent' })
  const endpoint = await server.listen()
  const { bucket, region, accessKey, secretKey } = server
  const cacheDir = join(dir, 'cache')
  const key = { accessKey, secretKey, sessionToken: 'lent' }
  return {
    server,
    open: () => openS3Storage({ endpoint, bucket, region, ...key, prefix: 'prod', cacheDir, firstWaitMs: 1 }),
    env: {
      PACKIT_STORAGE_URL: `s3://${bucket}/prod?endpoint=${endpoint}&region=${region}`,
      ...{ AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: 'lent' },
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

test('what is brought into a bucket answers as before, and can be exported from there', async () => {
  await using bucket = await createBucket()
  const storage = bucket.open()
  await using api = await createApi({
    ...{ kind: 'embedded', empty: true, publicUrl: 'https://packit.example', deps: { now: () => NOW, storage } },
  })
  // the store is away for a moment, and answers again
  bucket.server.fail(3)
  const { manifest } = await bring(archive, { ...api, storage })
  assert.deepEqual(await answers(api), await answers(from))
  assert.deepEqual(await storage.list(''), await from.storage.list(''))
  // a log goes on where it ended
  await storage.append('srpm/1/build.log', 'more\n')
  const log = await bucket.open().range('srpm/1/build.log', 0, 1000)
  assert.equal(log?.data.toString(), 'first line\nlast line\nmore\n')
  await storage.put('srpm/1/build.log', 'first line\nlast line\n')

  const source = { database: api.database, storage, appPath: join(api.folder, 'github-app.json'), now: () => NOW }
  const back = await writeArchive(join(dir, 'back-from-s3'), source, archive)
  assert.deepEqual([back.storage, back.publications], [manifest.storage, manifest.publications])
})

test('the command restores into a bucket; repeated after it was broken off it goes on; what others put there stays', async () => {
  await using bucket = await createBucket()
  const storage = bucket.open()
  // as a first try left it
  await storage.put('srpm/1/build.log', 'first line\nlast line\n')
  const data = join(dir, 'restored-to-s3')
  const restore = await runCommand(data, ['restore', archive], bucket.env)
  assert.deepEqual([restore.code, restore.errors.replace(/^making the embedded database.*\n/, '')], [0, ''])
  assert.deepEqual(await storage.list(''), await from.storage.list(''))
  const shown = await storage.read('repos/hello-pr-41/fedora-43-x86_64/repodata/repomd.xml')
  assert.equal(shown && (await text(shown.stream)), '<repomd run="2"/>')

  await storage.put('srpm/1/build.log', 'somebody else’s\n')
  const other = await runCommand(join(dir, 'another'), ['restore', archive], bucket.env)
  assert.equal(other.code, 2)
  assert.match(other.errors, /the store holds another srpm\/1\/build\.log already: nothing is overwritten/)
})

test('an import that was broken off is repeated; what others have put there is not overwritten', async () => {
  await using to = await createApi({ empty: true })
  await to.storage.put('srpm/1/build.log', 'first line\nlast line\n')
  await writeFile(join(to.folder, 'github-app.json'), '{"appId":8}\n')
  await assert.rejects(bring(archive, to), /holds another GitHub App than the archive: nothing is overwritten/)
  await writeFile(join(to.folder, 'github-app.json'), APP)
  await to.storage.put('srpm/1/build.log', 'another log\n')
  await assert.rejects(
    bring(archive, to),
    /the store holds another srpm\/1\/build\.log already: nothing is overwritten/,
  )
  assert.equal(await rowsIn(to, 'projects'), 0)
  await to.storage.put('srpm/1/build.log', 'first line\nlast line\n')
  await bring(archive, to)
  assert.equal(await rowsIn(to, 'projects'), 4)
})

test('an archive that is not whole is refused with what is wrong, and nothing is written', async () => {
  await using to = await createApi({ empty: true })
  const refused = async (name: string, damage: (folder: string) => Promise<unknown>, why: RegExp) => {
    const folder = await copyArchive(name)
    await damage(folder)
    await assert.rejects(bring(folder, to), why)
    assert.equal(await rowsIn(to, 'projects'), 0, name)
  }
  const manifest = (folder: string, from: RegExp, by: string) =>
    readFile(join(folder, 'manifest.json'), 'utf8').then((text) =>
      writeFile(join(folder, 'manifest.json'), text.replace(from, by)),
    )
  await refused('ended', (f) => rm(join(f, 'manifest.json')), /has no manifest\.json: .* did not come to its end/)
  await refused(
    'cut',
    (f) => truncate(join(f, 'tables/projects.copy'), 10),
    /tables\/projects\.copy has 10 bytes instead/,
  )
  await refused('gone', (f) => rm(join(f, 'tables/triggers.copy')), /tables\/triggers\.copy is missing/)
  await refused('longer', (f) => appendFile(join(f, 'jobs.jsonl'), '{}\n'), /jobs\.jsonl has \d+ bytes instead of/)
  await refused('no object', (f) => rm(join(f, 'storage/srpm/1/build.log')), /storage\/srpm\/1\/build\.log is missing/)
  await refused(
    'other object',
    (f) => writeFile(join(f, 'storage/srpm/1/build.log'), 'First line\nlast line\n'),
    /storage\/srpm\/1\/build\.log is not what was written there/,
  )
  await refused(
    'damaged',
    (f) => manifest(f, /"rows": \d+/, '"rows": -1'),
    /its manifest\.json is damaged: \/tables\/0\/rows/,
  )
  await refused('newer format', (f) => manifest(f, /"format": 1/, '"format": 2'), /was made by a newer version/)
  await refused(
    'newer tables',
    (f) => manifest(f, /"level": \d+/, '"level": 99999999999999'),
    /made by a newer version/,
  )
})

test('an export goes into an empty folder only; one that fails leaves nothing', async () => {
  const folder = join(dir, 'taken')
  await mkdir(folder)
  await writeFile(join(folder, 'mine'), '')
  await assert.rejects(write(folder), /is not empty: name a folder that is empty or not there/)
  const stopped = AbortSignal.abort(new Error('stopped'))
  const source = { database: from.database, storage: from.storage, appPath: join(dir, 'none'), now: () => NOW }
  await assert.rejects(writeArchive(join(dir, 'stopped'), { ...source, signal: stopped }), /stopped/)
  await assert.rejects(readFile(join(dir, 'stopped')), { code: 'ENOENT' })
})

test('tables come up to a version and no further, so that rows of that time fit', async () => {
  const { entries } = JSON.parse(
    await readFile(new URL('../src/db/migrations/meta/_journal.json', import.meta.url), 'utf8'),
  ) as { entries: { when: number }[] }
  const first = entries[0]?.when ?? 0
  const database = await openEmbedded(undefined, undefined, { migrate: false })
  try {
    await bringToLevel(database, first)
    assert.equal((await findSchemaState(database.db)).newest, first)
    await assert.rejects(bringToLevel(database, first + 1), /a version that this program does not know/)
    await migrate(database)
    assert.equal((await findSchemaState(database.db)).newest, entries.at(-1)?.when)
    await assert.rejects(bringToLevel(database, first), /the archive is of an older version than the tables/)
  } finally {
    await database.close()
  }
})

test('files of another PostgreSQL are not opened: the message names both versions and the way', async () => {
  const data = join(dir, 'other')
  await mkdir(data)
  await writeFile(join(data, 'PG_VERSION'), '17\n')
  await assert.rejects(
    openEmbedded(data),
    /has files of PostgreSQL 17, and this program opens those of 18\. .*packit-service export/,
  )
})
