import type { TableSession } from './session.ts'

/** A table whose rows are moved, and where its count of ids stands. */
export interface MovedTable {
  name: string
  columns: string[]
  /** What PostgreSQL keeps of the sequence of `id`; null where ids aren't counted. */
  sequence: { last: number; isCalled: boolean } | null
}

/**
 * The stream orders its rows by transactions, which another database counts anew; which processes live is true in one place
 * only. Of these just the count of ids is moved.
 */
export const ROWS_STAY_BEHIND: ReadonlySet<string> = new Set(['changes', 'processes'])

/** Our tables as they are in this database, in an order that never changes. Computed columns are left out. */
export async function listTables(session: TableSession): Promise<MovedTable[]> {
  const tables = await session.run<{ name: string; columns: string[]; sequence: string | null }>(`
    select c.relname::text as name, json_agg(a.attname order by a.attnum) as columns,
      max(case when a.attidentity <> '' then pg_get_serial_sequence(format('%I', c.relname), a.attname) end) as sequence
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1 order by 1`)
  const found: MovedTable[] = []
  for (const { name, columns, sequence } of tables) {
    found.push({ name, columns, sequence: sequence === null ? null : await readSequence(session, sequence) })
  }
  return found
}

async function readSequence(session: TableSession, sequence: string) {
  const rows = await session.run<{ last: string | number; called: boolean }>(
    `select last_value as last, is_called as called from ${sequence}`,
  )
  return { last: Number(rows[0]?.last ?? 1), isCalled: rows[0]?.called ?? false }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** All rows of a table. */
export function readRows(session: TableSession, { name, columns }: MovedTable): AsyncIterable<Buffer> {
  return session.copyOut(`select ${columns.map(quoted).join(', ')} from ${quoted(name)}`)
}

/** Tables that hold rows already, with how many. */
export async function findFilled(session: TableSession): Promise<{ name: string; rows: number }[]> {
  const tables = (await listTables(session)).filter(({ name }) => !ROWS_STAY_BEHIND.has(name))
  if (tables.length === 0) return []
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*) as rows from ${quoted(name)}`)
  const found = await session.run<{ name: string; rows: string | number }>(counts.join(' union all '))
  return found.map(({ name, rows }) => ({ name, rows: Number(rows) })).filter(({ rows }) => rows > 0)
}

/**
 * Fills empty tables. Rows refer to each other in circles, so what binds the tables is taken away and put back in the same
 * transaction: rows that don't fit together are refused by the database then.
 *
 * @param rowsOf  the rows of a table, as `readRows` gave them
 */
export async function fillTables(
  session: TableSession,
  tables: readonly MovedTable[],
  rowsOf: (table: MovedTable) => AsyncIterable<Buffer>,
): Promise<void> {
  const bonds = await session.run<{ table: string; name: string; definition: string }>(`
    select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f' order by 1, 2`)
  for (const { table, name } of bonds) await session.run(`alter table ${table} drop constraint ${name}`)
  for (const table of tables) {
    if (!ROWS_STAY_BEHIND.has(table.name)) {
      await session.copyIn(`${quoted(table.name)} (${table.columns.map(quoted).join(', ')})`, rowsOf(table))
    }
    if (table.sequence) {
      const { last, isCalled } = table.sequence
      await session.run(`select setval(pg_get_serial_sequence('${quoted(table.name)}', 'id'), ${last}, ${isCalled})`)
    }
  }
  for (const { table, name, definition } of bonds) {
    await session.run(`alter table ${table} add constraint ${name} ${definition}`)
  }
  for (const { name } of tables) await session.run(`analyze ${quoted(name)}`)
}
