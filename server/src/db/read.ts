import { type SQL, sql } from 'drizzle-orm'
import { type Db, query } from './database.ts'

/** Rows are counted up to here; beyond, the total of a list is left open. */
export const COUNT_LIMIT = 10_000

/** Which rows a list shall give. */
export interface Window {
  limit: number
  offset: number
  /** Id of the last row of the page above; then there is no offset. */
  after: number | undefined
}

/** What a list query found. */
export interface Found<Row> {
  rows: Row[]
  /** How many rows there are in all; null where that was not counted: above `COUNT_LIMIT`, or after a cursor. */
  total: number | null
}

/**
 * Runs a statement and gives its rows as the database wrote them in JSON: numbers, texts and nested lists come out the
 * same from both drivers, which otherwise differ in `bigint` and times. Write times by `epoch`.
 */
export async function queryJson<Row>(db: Db, statement: SQL): Promise<Row[]> {
  const rows = await query<{ row: Row }>(db, sql`select row_to_json(found) as row from (${statement}) found`)
  return rows.map(({ row }) => row)
}

/** A page of a list, and the total where it is not too far away. One statement, or two. */
export async function readPage<Row>(db: Db, window: Window, page: SQL, counted: SQL): Promise<Found<Row>> {
  const rows = await queryJson<Row>(db, page)
  if (window.after !== undefined) return { rows, total: null }
  const isLast = rows.length < window.limit && (rows.length > 0 || window.offset === 0)
  if (isLast) return { rows, total: window.offset + rows.length }
  const counts = await query<{ count: string | number }>(
    db,
    sql`select count(*) as count from (select 1 ${counted} limit ${COUNT_LIMIT + 1}) counted`,
  )
  const total = Number(counts[0]?.count ?? 0)
  return { rows, total: total > COUNT_LIMIT ? null : total }
}

/** `limit` and `offset` of a window. */
export function cut({ limit, offset }: Window): SQL {
  return sql`limit ${limit} offset ${offset}`
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
