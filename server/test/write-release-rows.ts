// At a release: keeps the rows of a data directory, on which every later migration is tested.
//
//   node server/test/write-release-rows.ts <data directory> <version>
//
// The directory is best that of two runs of `npm run demo`; its path is replaced.
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Db, query } from '../src/db/database.ts'
import { openEmbedded } from '../src/db/open.ts'

const [dir = '', version = ''] = process.argv.slice(2)
if (!dir || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error('give a data directory and a version such as 0.1.0')

const journal = JSON.parse(
  await readFile(new URL('../src/db/migrations/meta/_journal.json', import.meta.url), 'utf8'),
) as {
  entries: { tag: string }[]
}
const { db, close } = await openEmbedded(join(resolve(dir), 'database'))
const header = `-- rows of release ${version}\n-- after migration ${journal.entries.at(-1)?.tag}\n`
const rows = (await dumpRows(db)).replaceAll(resolve(dir), '/srv/demo')
await writeFile(new URL(`./releases/${version}.sql`, import.meta.url), header + rows)
await close()

/** INSERT statements for all rows of all tables. */
async function dumpRows(db: Db): Promise<string> {
  const tables = await query<{ name: string }>(
    db,
    sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  )
  const statements: string[] = []
  for (const { name } of tables) statements.push(...(await dumpTable(db, name)))
  // rows refer to each other in circles
  return `set session_replication_role = replica;\n${statements.join('\n')}\nset session_replication_role = default;\n`
}

async function dumpTable(db: Db, table: string): Promise<string[]> {
  const columns = await query<{ name: string }>(
    db,
    sql`select column_name as name from information_schema.columns
        where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`,
  )
  const names = columns.map(({ name }) => `"${name}"`)
  const values = names.map((name) => `coalesce(quote_literal(${name}::text), 'null')`).join(` || ', ' || `)
  const rows = await query<{ values: string }>(db, sql.raw(`select ${values} as values from ${table} order by 1`))
  const inserts = rows.map((row) => `insert into ${table} (${names.join(', ')}) values (${row.values});`)
  if (inserts.length === 0 || !names.includes('"id"')) return inserts
  return [...inserts, `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}));`]
}
