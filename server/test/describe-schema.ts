// The tables as they are in a database, as text: columns, constraints and indexes, in an order that never changes.
import { sql } from 'drizzle-orm'
import { type Db, query } from '../src/db/database.ts'

/** One block a table; every line is what PostgreSQL says of itself. */
export async function describeSchema(db: Db): Promise<string> {
  const columns = await query<{ table: string; line: string }>(
    db,
    sql`
      select c.relname as table, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity <> '' then ' identity' else '' end
        || case when a.attgenerated <> '' then ' generated as ' else case when d.oid is null then '' else ' default ' end end
        || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      order by c.relname, a.attnum`,
  )
  const constraints = await query<{ table: string; line: string }>(
    db,
    sql`
      select conrelid::regclass::text as table, conname || ' ' || pg_get_constraintdef(oid) as line
      from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n' order by 1, 2`,
  )
  const indexes = await query<{ table: string; line: string }>(
    db,
    sql`
      select tablename as table, indexdef as line from pg_indexes
      where schemaname = 'public' and indexname not like '%_pkey' order by 1, 2`,
  )
  const tables = [...new Set(columns.map((column) => column.table))]
  return tables
    .map((table) => {
      const linesOf = (rows: typeof columns) =>
        rows.filter((row) => row.table === table).map((row) => `  ${row.line}\n`)
      return `${table}\n${[columns, constraints, indexes].flatMap(linesOf).join('')}`
    })
    .join('\n')
}
