// programs that are checked by themselves, as the page tests are, find these types here
/// <reference path="../pg-copy-streams.d.ts" />
import { pipeline } from 'node:stream/promises'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import type { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { toParts } from '../copy-parts.ts'
import { type Database, type Db, query } from '../database.ts'
import * as schema from '../schema.ts'

/** One transaction in which whole tables are read or written, in PostgreSQL's text format: one row a line. */
export interface TableSession {
  readonly tx: Db
  run<Row>(statement: string): Promise<Row[]>
  copyOut(select: string): AsyncIterable<Buffer>
  copyIn(table: string, chunks: AsyncIterable<Buffer>): Promise<void>
}

const casing = 'snake_case'

/** Values are written in one form, whatever the server or the account prefers; a date must not be read as another one. */
const FORM = ["datestyle = 'ISO, MDY'", "timezone = 'UTC'", "intervalstyle = 'postgres'", 'extra_float_digits = 1']

async function useOneForm(session: TableSession): Promise<TableSession> {
  for (const setting of FORM) await session.run(`set local ${setting}`)
  return session
}

/**
 * Runs `work` in one transaction of its own: what is read there is of one moment, what is written appears at once or not.
 *
 * Files are read and written meanwhile. On PostgreSQL the transaction has a connection of its own, and nobody waits; all that
 * the embedded database does has to wait until it is over.
 */
export async function withTables<T>(database: Database, work: (session: TableSession) => Promise<T>): Promise<T> {
  if (database.client.kind === 'embedded') {
    const done = await database.client.pglite.transaction(async (tx) => work(await useOneForm(embeddedSession(tx))))
    return done as T
  }
  const client = await database.client.connect()
  client.on('error', () => {})
  try {
    const db = drizzle(client, { schema, casing })
    return await db.transaction(async (tx) => work(await useOneForm(postgresSession(tx, client))), {
      isolationLevel: 'repeatable read',
    })
  } finally {
    await client.end()
  }
}

function postgresSession(tx: Db, client: Client): TableSession {
  return {
    tx,
    run: (statement) => query(tx, sql.raw(statement)),
    copyOut: (select) => client.query(copyTo(`copy (${select}) to stdout`)),
    copyIn: async (table, chunks) => {
      await pipeline(chunks, client.query(copyFrom(`copy ${table} from stdin`)))
    },
  }
}

function embeddedSession(transaction: Transaction): TableSession {
  // Drizzle asks for no more of it than a transaction has
  const tx = drizzlePglite(transaction as unknown as PGlite, { schema, casing })
  return {
    tx,
    run: (statement) => query(tx, sql.raw(statement)),
    async *copyOut(select) {
      const { blob } = await transaction.query(`copy (${select}) to '/dev/blob'`)
      if (blob) for await (const chunk of blob.stream()) yield Buffer.from(chunk)
    },
    copyIn: async (table, chunks) => {
      for await (const part of toParts(chunks)) {
        await transaction.query(`copy ${table} from '/dev/blob'`, [], { blob: new Blob([part]) })
      }
    },
  }
}
