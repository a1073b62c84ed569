// A database as a service of Fedora's size has it after years: a few very busy projects and many idle ones, several
// forges, monorepos, tests that were asked for again. Made by the database itself, and the same each time.
import { sql } from 'drizzle-orm'
import { type Database, type Db, query } from '../server/src/db/database.ts'
import { DOWNSTREAM } from './data/downstream.ts'
import { dropIndexes } from './data/indexes.ts'
import { planStatements } from './data/plan.ts'
import type { Size } from './data/size.ts'
import { UPSTREAM } from './data/upstream.ts'

export { type Size, sizeOf } from './data/size.ts'

/**
 * Fills an empty database; ids are counted from 1, and derived columns are as the service writes them.
 *
 * @param say  told of each statement that took long
 */
export async function generate(database: Database, size: Size, say: (line: string) => void = () => {}): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute(sql`select set_config('statement_timeout', '0', true), set_config('work_mem', '256MB', true),
      set_config('maintenance_work_mem', '512MB', true)`)
    const createIndexes = await dropIndexes(tx)
    for (const statement of [...planStatements(size), ...UPSTREAM, ...DOWNSTREAM, ...createIndexes]) {
      const start = performance.now()
      await tx.execute(sql.raw(statement))
      const seconds = (performance.now() - start) / 1000
      if (seconds > 2) say(`${seconds.toFixed(1)} s: ${statement.slice(0, 70).replaceAll(/\s+/g, ' ')}`)
    }
    await moveSequences(tx)
    for (const table of TEMPORARY) await tx.execute(sql.raw(`drop table ${table}`))
  })
  // marks pages as visible to all, so that counting needs the index alone
  await database.db.execute(sql.raw('vacuum (analyze, freeze)'))
}

const TEMPORARY = ['gen_projects', 'gen_triggers', 'gen_events', 'gen_pipelines', 'gen_builds', 'gen_tests']

/** The ids were given: what comes next must not meet them. */
async function moveSequences(tx: Db): Promise<void> {
  const tables = await query<{ name: string }>(
    tx,
    sql`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'id' and is_identity = 'YES'`,
  )
  for (const { name } of tables) {
    await tx.execute(
      sql.raw(`select setval(pg_get_serial_sequence('${name}', 'id'), coalesce(max(id), 0) + 1, false) from ${name}`),
    )
  }
}
