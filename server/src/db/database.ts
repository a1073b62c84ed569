import type { PGlite } from '@electric-sql/pglite'
import { type SQL, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Client, Pool } from 'pg'
import * as schema from './schema.ts'

/** The database, or an open transaction on it. */
export type Db = Pick<
  PgDatabase<PgQueryResultHKT, typeof schema>,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | '$count'
  | 'with'
  | 'query'
  | '_'
>

/** A database that can open transactions: the only place where one begins. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly db: Db
  /** For answers to strangers: on PostgreSQL a statement that takes over 2 s is ended there (57014). */
  readonly reads: Db
  /** Runs `work` in one transaction. Nothing outside the database is awaited inside. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
  /** Calls back on each NOTIFY of a channel, and with `''` after a connection was made anew. Returns a function that ends it. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<() => Promise<void>>
  /** What the queue is built on. */
  readonly client:
    | { kind: 'embedded'; pglite: PGlite }
    | { kind: 'postgres'; pool: Pool; connect: () => Promise<Client> }
  close(): Promise<void>
}

/** Runs a statement of hand-written SQL and gives its rows; the caller states their shape. */
export async function query<Row>(db: Db, statement: SQL): Promise<Row[]> {
  // both drivers answer `{ rows }`, which the common base type does not say
  const result = (await db.execute(statement)) as { rows: Row[] }
  return result.rows
}

/** Tells the other processes (and ourselves) something, when the transaction commits. */
export async function notify(db: Db, channel: string, payload: string): Promise<void> {
  await db.execute(sql`select pg_notify(${channel}, ${payload})`)
}

export { schema }
