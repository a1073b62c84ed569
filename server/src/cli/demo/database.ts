import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { SetupError } from '../../domain/errors.ts'
import { findPostgresPrograms, startCluster } from '../postgres-cluster.ts'

const SETUP = fileURLToPath(new URL('../../../../scripts/setup', import.meta.url))

/** An empty PostgreSQL database that is gone at the end. */
export interface DemoDatabase extends AsyncDisposable {
  url: string
  /** Where it is, as a sentence tells it. */
  where: string
}

/**
 * A new database in the PostgreSQL of `DATABASE_URL`, whose other databases are left alone; without one a PostgreSQL that lives
 * as long as the demo. What that needs is installed first, as the first start of anything else does.
 *
 * @throws {SetupError} when there is no PostgreSQL and none may be installed, or no database may be made
 */
export async function openDemoDatabase(given: string | undefined): Promise<DemoDatabase> {
  if (given) return makeDatabase(given)
  if (!findPostgresPrograms()) installPostgres()
  const cluster = await startCluster()
  const where = 'started for this demo from the programs of this machine, gone at its end'
  return { url: cluster.urlOf('postgres'), where, [Symbol.asyncDispose]: () => cluster.stop() }
}

function installPostgres(): void {
  const missing = 'PostgreSQL is not installed here: install its server, or name one by DATABASE_URL'
  if (!existsSync(SETUP)) throw new SetupError(missing)
  // it tells on the terminal what it does, and asks there
  const { status } = spawnSync(SETUP, ['copr'], { stdio: 'inherit' })
  if (status !== 0 || !findPostgresPrograms()) throw new SetupError(missing)
}

async function makeDatabase(given: string): Promise<DemoDatabase> {
  const name = `packit_demo_${randomBytes(4).toString('hex')}`
  await ask(given, `create database ${name}`).catch((error: Error) => {
    throw new SetupError(`DATABASE_URL: the demo can't make a database of its own there: ${error.message}`)
  })
  const url = new URL(given)
  url.pathname = `/${name}`
  return {
    url: url.href,
    where: `a new database of the server that DATABASE_URL names, ${name}, removed at the end`,
    [Symbol.asyncDispose]: async () => void (await ask(given, `drop database if exists ${name} with (force)`)),
  }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end()
  }
}
