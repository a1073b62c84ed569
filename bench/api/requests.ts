// What is measured: operations with addresses to ask for, and what each of them asks the database.
import type { FastifyInstance } from 'fastify'
import type { Database } from '../../server/src/db/database.ts'
import { findAnyCursor, findDetails, findLists, type ListOperation, readCursor, withQuery } from './operations.ts'
import { countRowsRead, explain } from './plans.ts'
import { findSamples } from './samples.ts'
import { type Statement, StatementRecorder } from './statements.ts'

/** `health` asks the database nothing; the three after it are of lists. */
export type OperationKind = 'health' | 'list' | 'cursor' | 'filters' | 'detail' | 'other'

/** An operation, its addresses in turn. */
export interface Operation {
  name: string
  kind: OperationKind
  addresses: string[]
  /** The statements of each address. */
  requests: Statement[][]
  /** Rows that one request reads, on average. */
  rowsRead: number
  /** The status of an address that was refused, or took too long: then nothing can be measured. */
  failure?: number
}

/** The page that page 1 is compared with. */
export const DEEP_PAGE = 5_000

/** So many things of a kind are asked for in turn; `pgbench` takes so many scripts. */
const MANY = 24

/** All operations of a server whose database is filled. */
export async function findOperations(app: FastifyInstance, database: Database): Promise<Operation[]> {
  const source = { app, ...(await findSamples(database)) }
  const found: Pick<Operation, 'name' | 'kind' | 'addresses'>[] = [
    { name: '/api/healthz', kind: 'health', addresses: ['/api/healthz'] },
  ]
  for (const list of await findLists(source)) {
    found.push({ name: list.name, kind: 'list', addresses: [list.path] })
    const deep = await findDeepPage(app, list.path)
    if (deep) found.push({ name: list.name, kind: 'cursor', addresses: [deep] })
    const filtered = listFiltered(list)
    if (filtered.length > 0) found.push({ name: list.name, kind: 'filters', addresses: filtered })
  }
  found.push(...(await findDetails(source, MANY)))
  using recorder = new StatementRecorder(database)
  const operations: Operation[] = []
  for (const operation of found) operations.push({ ...operation, ...(await look(operation.addresses)) })
  return operations

  async function look(addresses: string[]): Promise<Pick<Operation, 'requests' | 'rowsRead' | 'failure'>> {
    const requests: Statement[][] = []
    let read = 0
    for (const address of addresses) {
      recorder.take()
      const { statusCode } = await app.inject(address)
      if (statusCode !== 200 && statusCode !== 206) return { requests: [], rowsRead: 0, failure: statusCode }
      const statements = recorder.take()
      requests.push(statements)
      for (const statement of statements) read += countRowsRead(await explain(database, statement))
    }
    return { requests, rowsRead: read / addresses.length }
  }
}

/** The list after page 5,000, or after the deepest page of a shorter list; undefined when it has one page. */
async function findDeepPage(app: FastifyInstance, path: string): Promise<string | undefined> {
  for (let page = DEEP_PAGE; page >= 2; page = Math.floor(page / 2)) {
    const answer = await app.inject(withQuery(path, { page }))
    const entries: unknown = answer.json()
    if (!Array.isArray(entries) || entries.length === 0) continue
    const after = readCursor(answer) ?? (await findAnyCursor(app, path))
    if (after !== undefined) return withQuery(path, { after })
  }
  return undefined
}

/** The list with each single filter in turn. */
function listFiltered({ path, filters }: ListOperation): string[] {
  const all = filters.flatMap(({ name, values }) => values.map((value) => withQuery(path, { [name]: value })))
  return all.slice(0, MANY)
}
