import { type SQL, sql } from 'drizzle-orm'
import { type IdSet, idArray, type JobFilter } from './list-filter.ts'
import { every } from './read.ts'

/** A way through a list: from where, to where, at most how many rows. */
export interface Pass {
  table: string
  /** The column that orders the list. */
  key: string
  isAscending: boolean
  /** Only what comes behind this key. */
  after: number | undefined
  /** The smallest and the largest key, each as several bounds of which the closest counts. */
  from: SQL[]
  to: SQL[]
  /** What holds for every row `x`. */
  always: SQL
  limit: number
  /** What is selected of each row: the key is enough where nothing else is looked at. */
  columns: 'all' | 'key'
  /** They are counted only: the order does not matter, and nothing has to be merged. */
  isCount?: boolean
}

/** A condition of a list, and how the rows that fulfil it are walked through. */
export interface Walk {
  /** The condition on a row `x`. */
  where: SQL
  /** Whether an index has these rows in the order of the list. */
  isOrdered: boolean
  /** Whether it is an index of another table, which knows of the list's rows nothing but the key. */
  isElsewhere?: boolean
  /** Selects the rows `x` of a pass. */
  rows: (pass: Pass) => SQL
}

/** Rows of another table `y` that stand for rows `x` of the list. */
interface Elsewhere {
  table: string
  column: string
  /** Which `y` stand for an `x`. */
  joined: string
  /** The column that holds the list's key, where an index has `column` in its order; several rows may hold the same. */
  key?: string
}

/** What a list can be filtered by beside project, trigger, commit and time: a column of its own, or of another table. */
export type Facets = Partial<Record<keyof NonNullable<JobFilter['facets']>, string | Elsewhere>>

/** Through all of the list. */
export const walkAll = (pass: Pass): SQL => walk(pass, sql`true`)

/** Each id has its own place in the index; the rows of several are merged. */
export function ofSet({ column, ids, where }: IdSet): Walk {
  const name = sql.raw(`x.${column}`)
  if (ids === 'many') return { where, isOrdered: false, rows: (pass) => walk(pass, where) }
  const [only] = ids
  if (ids.length === 1) return { where, isOrdered: true, rows: (pass) => walkAlong(pass, name, sql`${only}`) }
  const rows = (pass: Pass) =>
    pass.isCount
      ? walk(pass, where)
      : sql`select ${columnsOf(pass)} from unnest(${idArray(ids)}) as each(id)
          cross join lateral (${walkAlong(pass, name, sql`each.id`)}) x
          order by ${inOrder(pass)} limit ${literal(pass.limit)}`
  return { where, isOrdered: true, rows }
}

/** A walk for each filter that is given, in the order in which they are likely to be rare. */
export function facetWalks(facets: Facets, filter: JobFilter, triggerKey: string | undefined): Walk[] {
  const key = triggerKey === undefined ? [] : [ofColumn('trigger_key', triggerKey)]
  const given = (Object.keys(facets) as (keyof Facets)[]).flatMap((name) => {
    const [facet, value] = [facets[name], filter.facets?.[name]]
    if (facet === undefined || value === undefined) return []
    return [typeof facet === 'string' ? ofColumn(facet, value) : ofElsewhere(facet, value)]
  })
  return [...key, ...given]
}

function ofColumn(column: string, value: string | boolean): Walk {
  const name = sql.raw(`x.${column}`)
  return { where: sql`${name} = ${value}`, isOrdered: true, rows: (pass) => walkAlong(pass, name, sql`${value}`) }
}

function ofElsewhere({ table, column, joined, key }: Elsewhere, value: string | boolean): Walk {
  const where = sql`exists (select 1 from ${sql.raw(table)} y
    where ${sql.raw(`y.${column}`)} = ${value} and ${sql.raw(joined)})`
  if (key === undefined) return { where, isOrdered: false, rows: (pass) => walk(pass, where) }
  const [name, held] = [sql.raw(`y.${column}`), sql.raw(`y.${key}`)]
  const rows = (pass: Pass) => {
    const { range, order } = along(pass, { column: name, key: held, value: sql`${value}` })
    const direction = directionOf(pass)
    return sql`select ${columnsOf(pass)} from (select ${name} as value, ${held} as key from ${sql.raw(table)} y
        where ${range} and ${held} is not null
        group by ${name}, ${held} order by ${order} limit ${literal(pass.limit)}) found
      join ${sql.raw(pass.table)} x on ${sql.raw(`x.${pass.key}`)} = found.key
      ${pass.isCount ? sql`` : sql`order by found.value ${direction}, found.key ${direction}`}`
  }
  return { where, isOrdered: true, isElsewhere: true, rows }
}

/** Rows with a value in a column, by the index that has this column and the key. */
function walkAlong(pass: Pass, column: SQL, value: SQL): SQL {
  const { range, order } = along(pass, { column, key: sql.raw(`x.${pass.key}`), value })
  return sql`select ${columnsOf(pass)} from ${sql.raw(pass.table)} x where ${pass.always} and ${range}
    ${pass.isCount ? sql`` : sql`order by ${order}`} limit ${literal(pass.limit)}`
}

function walk(pass: Pass, where: SQL): SQL {
  const key = sql.raw(`x.${pass.key}`)
  const { after, isAscending, from, to } = pass
  const behind = after === undefined ? [] : [isAscending ? sql`${key} > ${after}` : sql`${key} < ${after}`]
  const bounds = [...behind, ...from.map((low) => sql`${key} >= ${low}`), ...to.map((high) => sql`${key} <= ${high}`)]
  return sql`select ${columnsOf(pass)} from ${sql.raw(pass.table)} x where ${every([pass.always, where, ...bounds])}
    ${pass.isCount ? sql`` : sql`order by ${inOrder(pass)}`} limit ${literal(pass.limit)}`
}

const LARGEST_KEY = sql.raw('9223372036854775807')

/**
 * The rows with a value in a column, in the order of a key, as a range of both. So no other index than that of both can
 * serve it: for an equation PostgreSQL takes one that has the order alone and goes through all rows when the value is rare
 * after all, or one without the order, and sorts.
 */
export function along(
  { after, isAscending, from, to }: Pick<Pass, 'after' | 'isAscending' | 'from' | 'to'>,
  { column, key, value }: { column: SQL; key: SQL; value: SQL },
): { range: SQL; order: SQL } {
  const both = sql`(${column}, ${key})`
  const lows = from.length > 0 ? from : [sql.raw('0')]
  const highs = to.length > 0 ? to : [LARGEST_KEY]
  const behind = isAscending ? sql`${both} > (${value}, ${after})` : sql`${both} < (${value}, ${after})`
  const range = every([
    sql`${column} is not null`,
    ...lows.map((low) => sql`${both} >= (${value}, ${low})`),
    ...highs.map((high) => sql`${both} <= (${value}, ${high})`),
    after === undefined ? undefined : behind,
  ])
  const direction = directionOf({ isAscending })
  return { range, order: sql`${column} ${direction}, ${key} ${direction}` }
}

function columnsOf({ columns, key }: Pass): SQL {
  return sql.raw(columns === 'all' ? 'x.*' : `x.${key}`)
}

/** What orders rows `x` of a pass. */
export function inOrder(pass: Pick<Pass, 'key' | 'isAscending'>): SQL {
  return sql`${sql.raw(`x.${pass.key}`)} ${directionOf(pass)}`
}

const directionOf = ({ isAscending }: Pick<Pass, 'isAscending'>) => sql.raw(isAscending ? 'asc' : 'desc')

/** Written into the statement, since PostgreSQL plans for the number of rows that it sees there. */
const literal = (rows: number) => sql.raw(String(rows))
