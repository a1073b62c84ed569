// Every list, with every filter of the document, both orders, first page and by cursor, on a database that is large
// enough for PostgreSQL to plan as it does on years of data: what the statements do there is looked at, not how long.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { findAnyCursor, findLists, type ListOperation, readCursor, withQuery } from '../../bench/api/operations.ts'
import {
  countRowsRead,
  explain,
  explainGeneric,
  findFaults,
  listBigTables,
  type PlanNode,
} from '../../bench/api/plans.ts'
import { findSamples } from '../../bench/api/samples.ts'
import { type Statement, StatementRecorder } from '../../bench/api/statements.ts'
import { generate, sizeOf } from '../../bench/generate.ts'
import { query } from '../src/db/database.ts'
import { LOOK_LIMIT } from '../src/db/list.ts'
import { MOST_IDS } from '../src/db/list-filter.ts'
import { COUNT_LIMIT } from '../src/db/read.ts'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

/**
 * Downstream work is rare in reality; here there is so much that its tables are large too. No table that is filtered has
 * more than 30,000 rows: up to there `analyze` looks at all of them, so that plans are the same each time.
 */
const SIZE = {
  ...sizeOf(0.02),
  projects: 1_200,
  releases: 1_500,
  versions: 1_500,
  downstreamPushes: 5_000,
  kojiTags: 1_200,
}

/** A table of so many rows must not be gone through. */
const BIG = 1_000
const PAGE = 10
/** A page, and the parts of its entries: a sort of more is one of the table. */
const MAX_SORTED = PAGE + 100
/** Rows that the entries of a page are put together from: a run has tens, a pull request may have hundreds. */
const MAX_READ_PER_ENTRY = 500
const MAX_STATEMENTS = 3
/** What no index of a list serves is looked at in so many rows, each with what is looked up for it. */
const MAX_LOOKED = 6 * LOOK_LIMIT
/**
 * Filters that no index serves in the order of the list: of a run's targets, and of projects where there are many; and lists
 * where something is looked up for each row: whether a project is private, in which build a status is.
 */
const LOOKED =
  /^\/api\/(runs|propose-downstream|pull-from-upstream)\?(.*&)?target=|[?&](q|forge|namespace)=|deliveries\?|builds\?status=/
const IS_COUNT = /select count\(\*\)/
/** Projects that are found are sorted by name, the newest runs of a project by trigger: both are bounded. */
const SORTS_MORE = /^\/api\/projects\?|\/grid\?/
const MAX_FOUND = 1_000
/** Rows at the border of a time, whose ids may be in another order than their times. */
const BORDER = 2_000

interface Request {
  address: string
  statements: Statement[]
}

interface Asked extends Request {
  /** The address of the page after it; undefined where there is none. */
  next: string | undefined
}

interface Look {
  address: string
  text: string
  plan: PlanNode
}

let api: Api
let pairs: { name: string; looks: Look[] }[]
const requests = new Map<string, Request[]>()
const looks = new Map<string, Look[]>()
let bigTables: Set<string>

before(async () => {
  api = await createApi({ kind: databaseKinds.at(-1) ?? 'embedded', empty: true })
  await generate(api.database, SIZE)
  const { samples, projects } = await findSamples(api.database)
  bigTables = await listBigTables(api.database, BIG)
  using recorder = new StatementRecorder(api.database)
  const lists = await findLists({ app: api.app, samples, projects })
  for (const list of lists) requests.set(list.name, await askEach(list, recorder))
  const paired: { name: string; asked: Request[] }[] = []
  for (const list of lists) paired.push({ name: list.name, asked: await askPairs(list, recorder) })
  for (const [name, asked] of requests) looks.set(name, await lookAtEach(asked))
  pairs = await Promise.all(paired.map(async ({ name, asked }) => ({ name, looks: await lookAtEach(asked) })))
})
after(() => api[Symbol.asyncDispose]())

/** One request after the other, so that each has its own statements. */
async function ask(address: string, recorder: StatementRecorder): Promise<Asked> {
  recorder.take()
  const answer = await api.get(address)
  const { statusCode, body } = answer
  assert.ok(statusCode === 206 || statusCode === 200, `${address}: ${statusCode} ${body.slice(0, 300)}`)
  const statements = recorder.take()
  if (body === '[]') return { address, statements, next: undefined }
  const cursor = readCursor(answer) ?? (await findAnyCursor(api.app, address))
  return { address, statements, next: cursor && `${address}&after=${encodeURIComponent(cursor)}` }
}

/** Every address of a list with one filter, or none. */
async function askEach(list: ListOperation, recorder: StatementRecorder): Promise<Request[]> {
  const asked: Request[] = []
  const filters = [{}, ...list.filters.flatMap(({ name, values }) => values.map((value) => ({ [name]: value })))]
  for (const filter of filters) {
    for (const order of list.orders.length > 0 ? list.orders : [undefined]) {
      const first = await ask(withQuery(list.path, { ...filter, order, per_page: PAGE }), recorder)
      asked.push(first)
      if (first.next !== undefined) asked.push(await ask(first.next, recorder))
    }
  }
  return asked
}

/** What many rows have together with what few have: the hard case of two filters. */
async function askPairs({ path, filters }: ListOperation, recorder: StatementRecorder): Promise<Request[]> {
  const asked: Request[] = []
  for (const [i, common] of filters.entries()) {
    for (const rare of filters.slice(i + 1)) {
      const chosen = { [common.name]: common.values[0], [rare.name]: rare.values.at(-1), per_page: PAGE }
      asked.push(await ask(withQuery(path, chosen), recorder))
    }
  }
  return asked
}

/** Explains the statements of all requests, each text with each set of values once; prepared ones as planned for all values. */
async function lookAtEach(asked: Request[]): Promise<Look[]> {
  const known = new Map<string, { address: string; statement: Statement }>()
  for (const { address, statements } of asked) {
    for (const statement of statements) known.set(JSON.stringify(statement), { address, statement })
  }
  const waiting = [...known.values()]
  const found: Look[] = []
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { address, statement } = next
      const isPrepared = statement.name !== undefined && api.database.kind === 'postgres'
      const plan = await (isPrepared ? explainGeneric : explain)(api.database, statement)
      found.push({ address, text: statement.text, plan })
    }
  }
  await Promise.all([work(), work(), work(), work()])
  return found
}

/** What is wrong at each address, the same fault of several addresses told once with how many there are. */
function judge(found: { address: string; fault: string }[]): void {
  const byFault = Map.groupBy(found, ({ fault }) => fault)
  const told = [...byFault].map(([fault, [first, ...more]]) =>
    more.length > 0 ? `${fault}: ${first?.address} and ${more.length} more` : `${fault}: ${first?.address}`,
  )
  assert.deepEqual(told, [])
}

const perList = <Item>(map: Map<string, Item[]>, check: (items: Item[]) => void) => {
  assert.ok(map.size > 0, 'there is no list')
  return async (t: { test: (name: string, run: () => void) => Promise<void> }) => {
    for (const [name, items] of map) await t.test(name, () => check(items))
  }
}

test('a list with two filters looks at no more rows than the limit', () => {
  const limit = MAX_LOOKED + PAGE * MAX_READ_PER_ENTRY
  const found = pairs.flatMap(({ looks: each }) => each)
  judge(
    found.flatMap(({ address, plan }) => {
      const read = countRowsRead(plan)
      return read > limit ? [{ address, fault: `reads more than ${limit} rows (${read})` }] : []
    }),
  )
})

describe('a list with any one filter', () => {
  test('is in the document with each of its filters', () => {
    const [first] = requests.values()
    assert.ok(requests.size >= 10, [...requests.keys()].join())
    assert.ok(first && first.length > 1)
  })

  test('neither goes through nor sorts a big table', async (t) => {
    const limitsOf = (address: string) => ({
      bigTables,
      sortedRows: SORTS_MORE.test(address) ? MAX_FOUND : MAX_SORTED,
      mergedRows: PAGE * MOST_IDS,
    })
    await perList(looks, (items) =>
      judge(
        items
          // how far a count goes is looked at below; it may take any way
          .filter(({ text }) => !IS_COUNT.test(text))
          .flatMap(({ address, plan }) => findFaults(plan, limitsOf(address)).map((fault) => ({ address, fault }))),
      ),
    )(t)
  })

  test('reads the rows of its page, and counts no further than the limit', async (t) => {
    await perList(looks, (items) =>
      judge(
        items.flatMap(({ address, text, plan }) => {
          const isCount = IS_COUNT.test(text)
          const read = countRowsRead(plan)
          const served = isCount ? COUNT_LIMIT + BORDER : PAGE * MAX_READ_PER_ENTRY
          const limit = LOOKED.test(address) ? MAX_LOOKED : served
          return read > limit
            ? [{ address, fault: `${isCount ? 'counts' : 'reads'} more than ${limit} rows (${read})` }]
            : []
        }),
      ),
    )(t)
  })

  test('has its prepared statements planned once, not for every request', async () => {
    const all = [...requests.values()].flat().flatMap(({ statements }) => statements)
    assert.ok(all.every(({ name }) => name !== undefined || api.database.kind === 'embedded'))
    if (api.database.kind === 'embedded') return
    const [row] = await query<{ plan_cache_mode: string }>(api.database.reads, sql`show plan_cache_mode`)
    assert.equal(row?.plan_cache_mode, 'force_generic_plan')
  })

  test('takes three statements at most', async (t) => {
    await perList(requests, (items) =>
      judge(
        items
          .filter(({ statements }) => statements.length > MAX_STATEMENTS)
          .map(({ address, statements }) => ({ address, fault: `takes ${statements.length} statements` })),
      ),
    )(t)
  })
})
