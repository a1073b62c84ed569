import { pipeline } from 'node:stream/promises'
import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { from as copyFrom } from 'pg-copy-streams'
import { SetupError } from '../../domain/errors.ts'
import { toParts } from '../copy-parts.ts'
import { type Database, type Db, query } from '../database.ts'
import * as schema from '../schema.ts'

/** One connection to our own database, which keeps the temporary tables of an import. */
export interface Session {
  readonly kind: Database['kind']
  /** Runs a statement and gives its rows. */
  run<Row>(statement: string): Promise<Row[]>
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /** Fills a table with rows in PostgreSQL's text format. */
  copyIn(table: string, chunks: AsyncIterable<Buffer>): Promise<void>
  close(): Promise<void>
}

/** One import at a time: the lock goes with the connection. */
const LOCK = 7_412_338

/** What an import may use of the server's memory: its tables are temporary, and read over and over. */
const POSTGRES_SETTINGS = [
  "set temp_buffers = '256MB'",
  "set work_mem = '256MB'",
  "set maintenance_work_mem = '256MB'",
  // what a crash takes from the end is brought again
  'set synchronous_commit = off',
  'set jit = off',
]

/**
 * Opens a connection for an import.
 *
 * @throws {SetupError} when another import is at work
 */
export async function openSession(database: Database): Promise<Session> {
  if (database.client.kind === 'embedded') {
    // what an import that was broken off in this process has left
    await database.db.execute(sql`discard temp`)
    return openEmbeddedSession(database, database.client.pglite)
  }
  const client = await database.client.connect()
  client.on('error', () => {})
  const db = drizzle(client, { schema, casing: 'snake_case' })
  for (const setting of POSTGRES_SETTINGS) await client.query(setting)
  const { rows } = await client.query(`select pg_try_advisory_lock(${LOCK}) as free`)
  if (!rows[0]?.free) {
    await client.end()
    throw new SetupError('another import into this database is at work: wait for it, or stop it')
  }
  return {
    kind: 'postgres',
    run: (statement) => query(db, sql.raw(statement)),
    transaction: (work) => db.transaction((tx) => work(tx)),
    copyIn: async (table, chunks) => {
      await pipeline(chunks, client.query(copyFrom(`copy ${table} from stdin`)))
    },
    close: () => client.end(),
  }
}

/** The embedded database has one connection, and its owner is the only one who uses it. */
function openEmbeddedSession(database: Database, pglite: PGlite): Session {
  return {
    kind: 'embedded',
    run: (statement) => query(database.db, sql.raw(statement)),
    transaction: (work) => database.transaction(work),
    copyIn: async (table, chunks) => {
      for await (const part of toParts(chunks)) {
        await pglite.query(`copy ${table} from '/dev/blob'`, [], { blob: new Blob([part]) })
      }
    },
    close: async () => {
      await database.db.execute(sql`discard temp`)
    },
  }
}
