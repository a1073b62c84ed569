// How PostgreSQL answers a statement: what it reads, and whether it goes through or sorts more than a page needs.
import { sql } from 'drizzle-orm'
import pg from 'pg'
import type { Database } from '../../server/src/db/database.ts'
import { query } from '../../server/src/db/database.ts'
import type { Statement } from './statements.ts'

/** A node of `explain (analyze, format json)`; rows are per loop. */
export interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Alias?: string
  'Plan Rows': number
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: PlanNode[]
}

/** Runs a statement with its own parameters and tells how. */
export async function explain(database: Database, { text, values }: Statement): Promise<PlanNode> {
  return run(database, `explain (analyze, timing off, format json) ${text}`, values)
}

/** The same by the plan that fits all parameters, which is that of a prepared statement. PostgreSQL only. */
export async function explainGeneric(database: Database, { text, values }: Statement): Promise<PlanNode> {
  if (database.client.kind !== 'postgres') throw new Error('prepared statements are looked at on PostgreSQL')
  const client = await database.client.pool.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare looked_at as ${text}`)
    const answer = await client.query(`explain (analyze, timing off, format json) ${toExecute('looked_at', values)}`)
    await client.query('deallocate looked_at; reset plan_cache_mode')
    return readPlan(answer.rows)
  } finally {
    client.release()
  }
}

function toExecute(name: string, values: unknown[]): string {
  return `execute ${name}${values.length > 0 ? `(${values.map(toLiteral).join(', ')})` : ''}`
}

/** A parameter as the drivers write it. */
export function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(String(item))).join(',')}}`
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function toLiteral(value: unknown): string {
  const text = toText(value)
  return text === null ? 'null' : pg.escapeLiteral(text)
}

async function run({ client }: Database, text: string, values: unknown[]): Promise<PlanNode> {
  const { rows } =
    client.kind === 'postgres' ? await client.pool.query(text, values) : await client.pglite.query(text, values)
  return readPlan(rows)
}

function readPlan(rows: unknown[]): PlanNode {
  const found = (rows as { 'QUERY PLAN': { Plan: PlanNode }[] }[])[0]?.['QUERY PLAN'][0]
  if (!found) throw new Error('there is no plan')
  return found.Plan
}

function listNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)]
}

/** Rows that a node took from its table or index, those that it then left out included. */
function countTaken(node: PlanNode): number {
  const perLoop =
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return perLoop * node['Actual Loops']
}

/** How many rows of tables a statement reads in all. */
export function countRowsRead(plan: PlanNode): number {
  return listNodes(plan).reduce(
    (sum, node) => sum + (node['Relation Name'] === undefined ? 0 : Math.round(countTaken(node))),
    0,
  )
}

/** What a plan does that grows with the data. */
export function findFaults(
  plan: PlanNode,
  limits: { bigTables: ReadonlySet<string>; sortedRows: number; mergedRows: number },
): string[] {
  return listNodes(plan).flatMap((node) => {
    const table = node['Relation Name']
    if (node['Node Type'].endsWith('Seq Scan') && table !== undefined && limits.bigTables.has(table)) {
      return [`goes through ${table}`]
    }
    const isOfBig = listNodes(node).some((below) => limits.bigTables.has(below['Relation Name'] ?? ''))
    if (!node['Node Type'].endsWith('Sort') || !isOfBig) return []
    const [input] = node.Plans ?? []
    const sorted = input?.['Actual Rows'] ?? 0
    // a page of each of several ids, taken in order from an index, is merged to one page
    const isMerge = input !== undefined && listNodes(input).some(({ Alias }) => Alias === 'each')
    if (sorted > (isMerge ? limits.mergedRows : limits.sortedRows)) return [`sorts ${Math.round(sorted)} rows`]
    // few rows here and now, but the planner expects many: with more data there will be
    const expected = input?.['Plan Rows'] ?? 0
    return expected > 10 * limits.sortedRows ? [`expects to sort ${expected} rows`] : []
  })
}

/** Tables with so many rows that no request may go through them. */
export async function listBigTables(database: Database, rows: number): Promise<Set<string>> {
  const found = await query<{ name: string }>(
    database.db,
    sql`select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= ${rows}`,
  )
  return new Set(found.map(({ name }) => name))
}
