import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { type Facets, facetWalks, inOrder, ofSet, type Pass, type Walk, walkAll } from './list-condition.ts'
import { findIdSets, type JobFilter } from './list-filter.ts'
import { COUNT_LIMIT, countUpTo, cut, every, type Found, queryJson, type Window } from './read.ts'

/** So many rows are looked at for a page whose filters no single index serves; then the answer says where to go on. */
export const LOOK_LIMIT = 10_000

/** A list of jobs as the database has it. */
export interface JobList {
  table: string
  /** The column that orders it, and that a cursor names. */
  key: string
  /** The column with the time when a row was submitted. */
  submittedAt: string
  /** What holds for every row `x` of the list. */
  always?: SQL
  facets: Facets
  /** The columns of an entry, read from the list's row `x` and `joins`. */
  columns: SQL
  joins?: SQL
}

const NOTHING: Found<never> = { rows: [], total: 0, next: null }

/**
 * A page of a list. One filter, however rare or common, is served by its index in the order of the list. Of several, the
 * first that has such an index leads, and at most `LOOK_LIMIT` of its rows are looked at: then `next` says where to go
 * on, even if the page is not full.
 */
export async function readList<Row>(db: Db, list: JobList, filter: JobFilter, window: Window): Promise<Found<Row>> {
  if (filter.isImpossible) return NOTHING
  const { sets, triggerKey } = await findIdSets(db, filter)
  if (sets.some(({ ids }) => ids.length === 0)) return NOTHING
  const plan = choosePlan(list, filter, [...sets.map(ofSet), ...facetWalks(list.facets, filter, triggerKey)])
  const isSimple = plan.others.length === 0
  const limit = isSimple ? rowsUpTo(window) : LOOK_LIMIT
  const pass: Pass = { ...passOf(list, filter, window), limit, columns: isSimple ? 'key' : 'all' }
  const rows = await queryJson<Row & { key: number }>(db, selectPage(list, window, plan, pass))
  const last = rows.length === window.limit ? (rows.at(-1)?.key ?? null) : null
  if (isSimple) {
    const all = plan.lead({ ...pass, limit: COUNT_LIMIT + 1, after: undefined, isCount: true })
    return { rows, total: await countUpTo(db, window, rows.length, all), next: last }
  }
  if (window.after !== undefined && last !== null) return { rows, total: null, next: last }
  const seen = await look(db, list, plan, pass)
  return { rows, total: window.after === undefined && seen.isWhole ? seen.matching : null, next: last ?? seen.next }
}

interface Plan {
  /** Walks through the rows in the order of the list. */
  lead: Walk['rows']
  /** What is to be looked at in each of them. */
  others: SQL[]
}

function choosePlan(list: JobList, filter: JobFilter, walks: Walk[]): Plan {
  const leader = walks.find(({ isOrdered }) => isOrdered)
  const others = walks.filter((walk) => walk !== leader).map(({ where }) => where)
  // rows of another table don't have the time
  const times = leader?.isElsewhere ? exactTimes(list, filter) : []
  return { lead: leader?.rows ?? walkAll, others: [...others, ...times] }
}

/** A walk from the place that the window names, within the time of the filter. */
function passOf(list: JobList, filter: JobFilter, { after, order }: Window): Omit<Pass, 'limit' | 'columns'> {
  return {
    table: list.table,
    key: list.key,
    after,
    isAscending: order === 'asc',
    ...timeBounds(list, filter),
    always: every([list.always, ...exactTimes(list, filter)]),
  }
}

/**
 * The walk is in order, and is not ordered again: as each has an order of its own, all of it would be read first. Each row of
 * the page is looked up by its key: joined as others are, a table that is small yet would be gone through.
 */
function selectPage(list: JobList, window: Window, { lead, others }: Plan, pass: Pass): SQL {
  const key = sql.raw(`x.${list.key}`)
  return sql`with page as materialized (
      select ${key} as key from (${lead(pass)}) x where ${every(others)} ${cut(window)})
    select page.key, ${list.columns} from page
    cross join lateral (select x.* from ${sql.raw(list.table)} x where ${key} = page.key offset 0) x ${list.joins ?? sql``}
    order by ${inOrder(pass)}`
}

/** How many of the rows that are looked at match, and where the looking ended. */
async function look(db: Db, list: JobList, { lead, others }: Plan, pass: Pass) {
  const key = sql.raw(`x.${list.key}`)
  const end = sql.raw(pass.isAscending ? 'max' : 'min')
  const rows = await queryJson<{ looked: number; matching: number; end: number | null }>(
    db,
    sql`select count(*) as looked, count(*) filter (where ${every(others)}) as matching, ${end}(${key}) as end
      from (${lead(pass)}) x`,
  )
  const { looked = 0, matching = 0, end: next = null } = rows[0] ?? {}
  const isWhole = looked < LOOK_LIMIT
  return { matching, isWhole, next: isWhole ? null : next }
}

/** Ids grow with time, but two that were written at once may be the other way round. */
const ID_SLACK = 1000

/** The ids between which the times of the filter lie: so that the walk begins and ends there. */
function timeBounds(list: JobList, { since, until }: JobFilter): Pick<Pass, 'from' | 'to'> {
  const [id, at] = [sql.raw(`x.${list.key}`), sql.raw(`x.${list.submittedAt}`)]
  const found = (condition: SQL, order: SQL) => sql`(select ${id} from ${sql.raw(list.table)} x
    where ${every([list.always, condition])} order by ${at} ${order}, ${id} ${order} limit 1)`
  const slack = sql.raw(String(ID_SLACK))
  const low = since !== undefined && sql`${found(sql`${at} >= to_timestamp(${since})`, sql`asc`)} - ${slack}`
  const high = until !== undefined && sql`${found(sql`${at} <= to_timestamp(${until})`, sql`desc`)} + ${slack}`
  return { from: low ? [low] : [], to: high ? [high] : [] }
}

/** Written so that no index of the time serves it: that one has another order. */
function exactTimes({ submittedAt }: JobList, { since, until }: JobFilter): SQL[] {
  const at = sql.raw(`(x.${submittedAt} + interval '0')`)
  return [
    ...(since === undefined ? [] : [sql`${at} >= to_timestamp(${since})`]),
    ...(until === undefined ? [] : [sql`${at} <= to_timestamp(${until})`]),
  ]
}

/** How many rows lead to the end of a page: for later pages as one of a few numbers, so that a few statements serve all. */
function rowsUpTo({ limit, offset }: Window): number {
  return offset === 0 ? limit : 10 ** Math.max(2, Math.ceil(Math.log10(offset + limit)))
}
