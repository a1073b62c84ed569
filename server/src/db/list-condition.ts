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
  /** What else limits a column that holds keys of the list. */
  within: (column: SQL) => SQL
  /** What holds for every row `x`. */
  always: SQL
  limit: number
  /** What is selected of each row: the key is enough where nothing else is looked at. */
  columns: 'all' | 'key'
  /** They are counted only: the order does not matter. */
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

/** What a list can be filtered by, beside project, trigger, commit and time: a column of its own, or of another table. */
export type Facets = Partial<Record<'status' | 'target' | 'package' | 'identifier' | 'scratch', string | Elsewhere>>

/** Through all of the list. */
export const walkAll = (pass: Pass): SQL => walk(pass, sql`true`)

/** Each id has its own place in the index; the rows of several are merged. */
export function ofSet({ column, ids, where }: IdSet): Walk {
  const name = sql.raw(`x.${column}`)
  if (ids === 'many') return { where, isOrdered: false, rows: (pass) => walk(pass, where) }
  const merged = (pass: Pass) =>
    pass.isCount
      ? walk(pass, where)
      : sql`select ${columnsOf(pass)} from unnest(${idArray(ids)}) as each(id)
    cross join lateral (${walk(pass, sql`${name} = each.id`)}) x ${cutInOrder(pass)}`
  const [only] = ids
  return { where, isOrdered: true, rows: ids.length === 1 ? (pass) => walk(pass, sql`${name} = ${only}`) : merged }
}

export function facetConditions(facets: Facets, filter: JobFilter, triggerKey: string | undefined): Walk[] {
  const { target, status, scratch } = filter
  const given: [Facets[keyof Facets], string | boolean | undefined][] = [
    ['trigger_key', triggerKey],
    [facets.package, filter.package],
    [facets.identifier, filter.identifier],
    [facets.target, target],
    [facets.status, status],
    [facets.scratch, scratch],
  ]
  return given.flatMap(([facet, value]) => (facet === undefined || value === undefined ? [] : [ofFacet(facet, value)]))
}

function ofFacet(facet: string | Elsewhere, value: string | boolean): Walk {
  if (typeof facet !== 'string') return ofElsewhere(facet, value)
  const where = sql`x.${sql.raw(facet)} = ${value}`
  return { where, isOrdered: true, rows: (pass) => walk(pass, where) }
}

function ofElsewhere({ table, column, joined, key }: Elsewhere, value: string | boolean): Walk {
  const matching = sql`${sql.raw(table)} y where y.${sql.raw(column)} = ${value}`
  const where = sql`exists (select 1 from ${matching} and ${sql.raw(joined)})`
  if (key === undefined) return { where, isOrdered: false, rows: (pass) => walk(pass, where) }
  const held = sql.raw(`y.${key}`)
  const rows = (pass: Pass) => sql`select ${columnsOf(pass)} from (
      select ${held} as key from ${matching} and ${held} is not null and ${behind(pass, held)} and ${pass.within(held)}
      group by ${held} order by ${held} ${direction(pass)} limit ${literal(pass.limit)}) found
    join ${sql.raw(pass.table)} x on ${sql.raw(`x.${pass.key}`)} = found.key order by ${inOrder(pass)}`
  return { where, isOrdered: true, isElsewhere: true, rows }
}

function walk(pass: Pass, where: SQL): SQL {
  const key = sql.raw(`x.${pass.key}`)
  const conditions = [pass.always, where, behind(pass, key), pass.within(key)]
  return sql`select ${columnsOf(pass)} from ${sql.raw(pass.table)} x where ${every(conditions)}
    ${cutInOrder(pass)}`
}

function cutInOrder(pass: Pass): SQL {
  const limit = sql`limit ${literal(pass.limit)}`
  return pass.isCount ? limit : sql`order by ${inOrder(pass)} ${limit}`
}

function columnsOf({ columns, key }: Pass): SQL {
  return sql.raw(columns === 'all' ? 'x.*' : `x.${key}`)
}

function behind({ after, isAscending }: Pass, column: SQL): SQL {
  if (after === undefined) return sql`true`
  return isAscending ? sql`${column} > ${after}` : sql`${column} < ${after}`
}

/** What orders rows `x` of a pass. */
export function inOrder(pass: Pick<Pass, 'key' | 'isAscending'>): SQL {
  return sql`${sql.raw(`x.${pass.key}`)} ${direction(pass)}`
}

const direction = ({ isAscending }: Pick<Pass, 'isAscending'>) => sql.raw(isAscending ? 'asc' : 'desc')

/** Written into the statement, since PostgreSQL plans for the number of rows that it sees there. */
const literal = (rows: number) => sql.raw(String(rows))
