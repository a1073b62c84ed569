// Fresh databases for tests, of both sizes: embedded, and PostgreSQL where it is installed or given.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { pino } from 'pino'
import { startCluster } from '../src/cli/postgres-cluster.ts'
import type { Database } from '../src/db/database.ts'
import { openEmbedded, openPostgres, useEmbedded } from '../src/db/open.ts'
import { JOB_KINDS } from '../src/jobs/jobs.ts'
import { openQueue } from '../src/jobs/queue.ts'
import { borrowDatabase } from './reused-database.ts'

export type TestDatabase = Database & AsyncDisposable
export type DatabaseKind = Database['kind']

const ROOT = new URL('../../', import.meta.url)
const MIGRATIONS = new URL('../src/db/migrations/', import.meta.url)
const given = process.env.PACKIT_TEST_DATABASE_URL

/** What a test that does not choose has: CI runs many of them on PostgreSQL as well. */
const usual: DatabaseKind = process.env.PACKIT_TEST_DATABASE_KIND === 'postgres' ? 'postgres' : 'embedded'

/** A test that is about SQL runs on each. */
export const databaseKinds: readonly DatabaseKind[] = usual === 'postgres' ? ['postgres'] : ['embedded', 'postgres']

/**
 * A database of its own with all tables and no rows, gone when it is closed.
 *
 * The embedded one is loaded from a dump made once and kept in `.tmp/`, or is one that an earlier test of this process
 * has closed, emptied; the one of PostgreSQL is made from a template in the server that `PACKIT_TEST_DATABASE_URL` names,
 * else in a cluster that lives as long as the test process.
 */
export async function createTestDatabase(kind: DatabaseKind = usual): Promise<TestDatabase> {
  const database = kind === 'embedded' ? await createEmbedded() : await createPostgres()
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= database.close()
    return closing
  }
  return { ...database, close, [Symbol.asyncDispose]: close }
}

async function createEmbedded(): Promise<Database> {
  const { pglite, giveBack } = await borrowDatabase(async () =>
    pgliteOf(await openEmbedded(undefined, await findDump())),
  )
  return { ...(await useEmbedded(pglite)), close: giveBack }
}

function pgliteOf({ client }: Database): PGlite {
  if (client.kind !== 'embedded') throw new Error('openEmbedded opened something else')
  return client.pglite
}

/** An embedded database in a folder, with all tables and no rows, closed again: for a service in another process. */
export async function makeDatabase(dir: string): Promise<void> {
  const database = await openEmbedded(dir, await findDump())
  await database.close()
}

async function findDump(): Promise<Blob> {
  const file = fileURLToPath(new URL(`.tmp/pglite-${await hashSchema()}.tar`, ROOT))
  if (existsSync(file)) return new Blob([await readFile(file)])
  const empty = await openEmbedded()
  // the queue's tables too: making them takes longer than loading them
  await (await openQueue(empty, pino({ level: 'silent' }))).stop()
  const dump = await pgliteOf(empty).dumpDataDir('none')
  await empty.close()
  await mkdir(new URL('.tmp/', ROOT), { recursive: true })
  // several test processes may get here at a time: each writes its own, the last rename counts
  await writeFile(`${file}.${process.pid}`, Buffer.from(await dump.arrayBuffer()))
  await rename(`${file}.${process.pid}`, file)
  return dump
}

/** What a dump depends on: the migrations, and the versions of database and queue. */
async function hashSchema(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    if (name.endsWith('.sql')) hash.update(name).update(await readFile(new URL(name, MIGRATIONS)))
  }
  for (const name of ['@electric-sql/pglite', 'pg-boss']) {
    const entry = createRequire(import.meta.url).resolve(name)
    hash.update(await readFile(new URL('../package.json', `file://${entry}`)))
  }
  hash.update(JOB_KINDS.join())
  return hash.digest('hex').slice(0, 16)
}

let server: Promise<(database: string) => string> | undefined
let count = 0

async function createPostgres(): Promise<Database> {
  server ??= prepareServer()
  const urlOf = await server
  count += 1
  const name = `packit_test_${process.pid}_${count}`
  await runAsAdmin(urlOf('postgres'), `create database ${name} template ${templateName()}`)
  const database = await openPostgres(urlOf(name), { migrate: false, poolSize: 8 })
  const close = async () => {
    await database.close()
    await runAsAdmin(urlOf('postgres'), `drop database if exists ${name} with (force)`)
  }
  return { ...database, close }
}

const templateName = () => `packit_template_${process.pid}`

/** Makes the template; gives the addresses of the server's databases. */
async function prepareServer(): Promise<(database: string) => string> {
  const urlOf = given ? (database: string) => withDatabase(given, database) : (await startCluster()).urlOf
  await runAsAdmin(urlOf('postgres'), `create database ${templateName()}`)
  const template = await openPostgres(urlOf(templateName()), { migrate: true, poolSize: 1 })
  await template.close()
  return urlOf
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function runAsAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
