import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

/** Rows are counted up to here; beyond, the total of a list is left open. */
export const COUNT_LIMIT = 10_000

/** Which rows a list shall give. */
export interface Window {
  limit: number
  offset: number
  /** Id of the last row of the page before; then there is no offset. */
  after: number | undefined
  /** By id: the newest first, unless asked for otherwise. */
  order?: 'asc' | 'desc'
}

/** What a list query found. */
export interface Found<Row> {
  rows: Row[]
  /** How many rows there are in all; null where that was not counted: above `COUNT_LIMIT`, or after a cursor. */
  total: number | null
  /** Where the next page begins after; null when there is none. */
  next: number | null
}

const dialect = new PgDialect()
/** Names of the statements that PostgreSQL has prepared for us; there are a few for each list and its filters. */
const names = new Map<string, string>()
const MOST_NAMES = 2000

/**
 * Runs a statement and gives its rows as the database wrote them in JSON: numbers, texts and nested lists come out the
 * same from both drivers, which otherwise differ in `bigint` and times. Write times by `epoch`. The statement is prepared:
 * what varies from call to call should be a parameter.
 */
export async function queryJson<Row>(db: Db, statement: SQL): Promise<Row[]> {
  const compiled = dialect.sqlToQuery(sql`select row_to_json(found) as row from (${statement}) found`)
  const prepared = db._.session.prepareQuery(compiled, undefined, nameOf(compiled.sql), false)
  // both drivers answer `{ rows }`, which the common base type does not say
  const { rows } = (await prepared.execute()) as { rows: { row: Row }[] }
  return rows.map(({ row }) => row)
}

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES) return known
  const name = `packit_${names.size + 1}`
  names.set(text, name)
  return name
}

/** A page of a list that is selected as a whole, and the total where it is not too far away. One statement, or two. */
export async function readPage<Row>(
  db: Db,
  window: Window,
  { page, counted, keyOf }: { page: SQL; counted: SQL; keyOf: (row: Row) => number | null },
): Promise<Found<Row>> {
  const rows = await queryJson<Row>(db, page)
  const last = rows.length === window.limit ? rows.at(-1) : undefined
  const total = await countUpTo(db, window, rows.length, sql`select 1 ${counted}`)
  return { rows, total, next: last === undefined ? null : keyOf(last) }
}

/** Lists that were found to be longer than `COUNT_LIMIT`, and until when that is taken for true. */
const long = new WeakMap<object, Map<string, number>>()
const LONG_FOR_MS = 60_000

/**
 * How many rows a list has in all, as far as that can be told at little cost.
 *
 * @param found  how many of them the page has
 * @param all  selects the rows of the list
 */
export async function countUpTo(db: Db, window: Window, found: number, all: SQL): Promise<number | null> {
  if (window.after !== undefined) return null
  const isLast = found < window.limit && (found > 0 || window.offset === 0)
  if (isLast) return window.offset + found
  const statement = sql`select count(*) as count from (select 1 from (${all}) listed limit ${sql.raw(String(COUNT_LIMIT + 1))}) counted`
  const { sql: text, params } = dialect.sqlToQuery(statement)
  const key = JSON.stringify([text, params])
  const known = long.get(db) ?? new Map<string, number>()
  long.set(db, known)
  if ((known.get(key) ?? 0) > Date.now()) return null
  const counts = await queryJson<{ count: number }>(db, statement)
  const total = counts[0]?.count ?? 0
  if (total <= COUNT_LIMIT) return total
  if (known.size > 1000) known.clear()
  known.set(key, Date.now() + LONG_FOR_MS)
  return null
}

/** `limit` and `offset` of a window. The limit is written out: PostgreSQL plans for the number that it sees. */
export function cut({ limit, offset }: Window): SQL {
  const to = sql.raw(`limit ${limit}`)
  return offset === 0 ? to : sql`${to} offset ${offset}`
}

/** All conditions together; no condition is always true. */
export function every(conditions: (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql`true` : sql.join(given, sql` and `)
}

/** An instant as seconds since 1970, with fraction. */
export function epoch(column: string): SQL {
  return sql.raw(`extract(epoch from ${column})::float8`)
}

/** A list of JSON objects made from the rows of a select; empty instead of null. */
export function jsonList(rows: SQL): SQL {
  return sql`(select coalesce(json_agg(item), '[]') from (${rows}) item)`
}

/** The one row of a select as a JSON object, or null. */
export function jsonRow(row: SQL): SQL {
  return sql`(select row_to_json(item) from (${row}) item)`
}
