import { sql } from 'drizzle-orm'
import { type Db, query } from '../database.ts'
import type { Session } from './session.ts'
import type { ImportedTable } from './table.ts'

/** What writing needs to know of the run that it belongs to. */
export interface WriteContext {
  session: Session
  border: number
  /** What `imported_at` says. */
  at: Date
  /** Rows a transaction. */
  pieceRows: number
  /** Aborted when the import is to stop: it does so between two pieces. */
  signal: AbortSignal | undefined
  /** Notes, in the transaction of a piece, how far a table is. */
  onPiece(tx: Db, table: string, done: { added: number; changed: number; last: number }): Promise<void>
}

/** What became of one table. */
export interface Written {
  added: number
  changed: number
}

interface Piece {
  /** Keys above this one, up to the next. */
  after: number
  upTo: number
  rows: number
}

/**
 * Brings one of our tables to what the source has: adds the rows that are missing, piece by piece in the order of ids, and
 * changes those that changed there and may. What is there already is left alone, so that it can be broken off and repeated.
 */
export async function writeTable(context: WriteContext, table: ImportedTable): Promise<Written> {
  const { session } = context
  const view = `m_${table.table}`
  const columns = Object.entries(table.columns).map(([name, expression]) => `${expression} as ${name}`)
  const id = table.key ? [] : ['x.id as id']
  await session.run(`create temp view ${view} as select ${[...id, ...columns].join(', ')} from ${table.from}`)
  const isFresh = !(await hasRows(session, table.table))
  const written = { added: 0, changed: 0 }
  for (const piece of await cutPieces(context, table, view, isFresh)) {
    context.signal?.throwIfAborted()
    written.added += await addPiece(context, table, view, piece, written)
  }
  if (isFresh || table.key) return written
  for (const statement of changes(context, table, view)) {
    context.signal?.throwIfAborted()
    written.changed += await session.transaction(async (tx) => {
      const [row] = await query<{ count: number }>(tx, sql.raw(counted(statement)))
      const changed = Number(row?.count ?? 0)
      if (changed > 0) await context.onPiece(tx, table.table, { ...written, changed, last: 0 })
      return changed
    })
  }
  return written
}

async function hasRows(session: Session, table: string): Promise<boolean> {
  const rows = await session.run<{ there: boolean }>(`select exists (select 1 from ${table}) as there`)
  return rows[0]?.there ?? false
}

/** Our key of a row, as a condition on `t` and `m`. */
function isSame(table: ImportedTable): string {
  return (table.key ?? ['id']).map((column) => `t.${column} = m.${column}`).join(' and ')
}

const leading = (table: ImportedTable) => table.key?.[0] ?? 'id'

/** The rows that are missing, cut by their leading key. */
async function cutPieces(
  context: WriteContext,
  table: ImportedTable,
  view: string,
  isFresh: boolean,
): Promise<Piece[]> {
  const missing = isFresh ? '' : `where not exists (select 1 from ${table.table} t where ${isSame(table)})`
  const rows = await context.session.run<{ last: string | number; rows: string | number }>(`
    select max(key) as last, count(*) as rows from (
      select m.${leading(table)} as key, (rank() over (order by m.${leading(table)}) - 1) / ${context.pieceRows} as piece
      from ${view} m ${missing}) numbered
    group by piece order by piece`)
  return rows.map((row, n) => ({
    after: Number(rows[n - 1]?.last ?? -1),
    upTo: Number(row.last),
    rows: Number(row.rows),
  }))
}

async function addPiece(
  context: WriteContext,
  table: ImportedTable,
  view: string,
  piece: Piece,
  before: Written,
): Promise<number> {
  const names = [...(table.key ? [] : ['id']), ...Object.keys(table.columns)]
  const stamp = table.key
    ? { name: [], value: [] }
    : { name: ['imported_at'], value: [`'${context.at.toISOString()}'`] }
  const inPiece = `m.${leading(table)} > ${piece.after} and m.${leading(table)} <= ${piece.upTo}`
  const missing = `not exists (select 1 from ${table.table} t where ${isSame(table)})`
  const statement = `
    insert into ${table.table} (${[...names, ...stamp.name].join(', ')})
    select ${[...names.map((name) => `m.${name}`), ...stamp.value].join(', ')} from ${view} m
    where ${inPiece} and ${missing} order by m.${leading(table)} ${table.mayConflict ? 'on conflict do nothing' : ''}`
  return context.session.transaction(async (tx) => {
    const [row] = await query<{ count: number }>(tx, sql.raw(counted(statement)))
    const added = Number(row?.count ?? 0)
    // another row of ours has what must be unique
    if (added < piece.rows) {
      await tx.execute(
        sql.raw(`insert into told (outcome, source, id, reason)
        select 'left out', '${table.table}', ${(table.key ?? ['id']).map((column) => `m.${column}`).join(" || '-' || ")},
          'a row of ours has its key' from ${view} m where ${inPiece} and ${missing}`),
      )
    }
    await context.onPiece(tx, table.table, { ...before, added: before.added + added, last: piece.upTo })
    return added
  })
}

/** Both drivers count what a statement wrote in ways of their own. */
function counted(statement: string): string {
  return `with written as (${statement} returning 1) select count(*) as count from written`
}

const SCOPE_COLUMNS = ['event_id', 'trigger_id', 'project_id', 'trigger_key']

/** Statements that bring what changed: of rows that had not ended, what follows from other rows, and scopes found late. */
function changes({ border }: WriteContext, table: ImportedTable, view: string): string[] {
  const update = (columns: readonly string[], which: string, more: readonly string[] = []) => `
    update ${table.table} t set ${[...columns.map((column) => `${column} = m.${column}`), ...more].join(', ')} from ${view} m
    where m.id = t.id and t.id < ${border} and t.imported_at is not null and ${which}`
  const differ = (columns: readonly string[]) =>
    `row(${columns.map((column) => `t.${column}`).join(', ')}) is distinct from row(${columns.map((column) => `m.${column}`).join(', ')})`
  const own = Object.keys(table.columns).filter((column) => !SCOPE_COLUMNS.includes(column))
  const { text } = table
  // the text of a row that changed is copied anew
  const forget = text ? [`${text.key} = null`, ...(text.size ? [`${text.size} = 0`] : [])] : []
  return [
    ...(table.living ? [update(own, `(${table.living}) and ${differ(own)}`, forget)] : []),
    ...(table.always ? [update(table.always, differ(table.always))] : []),
    ...(table.hasScope ? [update(SCOPE_COLUMNS, 't.event_id is null and m.event_id is not null')] : []),
  ]
}

/** Counts of projects, and when something last ran: of rows that count, from all that is there now. */
export async function recount(session: Session): Promise<void> {
  const count = (kind: string) => `count(*) filter (where t.kind = '${kind}')`
  await session.transaction(async (tx) => {
    // whoever adds a trigger meanwhile waits for us, or we for them
    await tx.execute(
      sql.raw('select id from projects where id in (select home from d_projects) order by id for update'),
    )
    await tx.execute(
      sql.raw(`update projects p set prs_handled = c.prs, branches_handled = c.branches, releases_handled = c.releases,
        issues_handled = c.issues
      from (select coalesce(y.same_as, y.id) as id, ${count('pull_request')} as prs, ${count('branch_push')} as branches,
          ${count('release')} as releases, ${count('issue')} as issues
        from triggers t join projects y on y.id = t.project_id where t.same_as is null group by 1) c
      where c.id = p.id and p.id in (select home from d_projects) and (p.prs_handled, p.branches_handled,
        p.releases_handled, p.issues_handled) is distinct from (c.prs, c.branches, c.releases, c.issues)`),
    )
    await tx.execute(
      sql.raw(`update projects p set last_activity_at = l.at
      from (select project_id, max(at) as at from d_last group by 1) l
      where l.project_id = p.id and (p.last_activity_at is null or p.last_activity_at < l.at)`),
    )
    await tx.execute(
      sql.raw(`update triggers t set last_pipeline_at = l.at from d_last l
      where l.id = t.id and (t.last_pipeline_at is null or t.last_pipeline_at < l.at)`),
    )
  })
}
