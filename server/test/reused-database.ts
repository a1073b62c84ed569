// Embedded databases that the tests of a process use one after another: emptying one takes a tenth of loading it.
import { after } from 'node:test'
import type { PGlite } from '@electric-sql/pglite'

/** A database as it was when it was loaded, to be brought back to that. */
interface Loaded {
  pglite: PGlite
  fingerprint: string
  /** SQL that takes out what was written since. */
  undo: string
}

export interface Lease {
  /** Refuses everything once it was given back. */
  pglite: PGlite
  giveBack(): Promise<void>
}

/** Only a test process has an end at which databases that nobody uses are closed; they would keep it alive. */
const isTest = process.env.NODE_TEST_CONTEXT !== undefined
const idle: Loaded[] = []
let isOver = !isTest
if (isTest) {
  after(async () => {
    isOver = true
    await Promise.all(idle.splice(0).map(({ pglite }) => pglite.close()))
  })
}

/** Lends a database that is as `load` makes it. */
export async function borrowDatabase(load: () => Promise<PGlite>): Promise<Lease> {
  const loaded = idle.pop() ?? (await remember(await load()))
  const { pglite, end } = lend(loaded.pglite)
  return {
    pglite,
    async giveBack() {
      end()
      if (!isOver && (await restore(loaded))) idle.push(loaded)
      else await loaded.pglite.close()
    },
  }
}

/** What is late finds a closed door, not the database of the next test. */
function lend(target: PGlite): { pglite: PGlite; end: () => void } {
  let isClosed = false
  const pglite = new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) =>
        isClosed
          ? Promise.reject(new Error('the database of this test is closed'))
          : Reflect.apply(member, target, args)
    },
  })
  return { pglite, end: () => (isClosed = true) }
}

async function remember(pglite: PGlite): Promise<Loaded> {
  if (isOver) return { pglite, fingerprint: '', undo: '' }
  await pglite.exec('discard all')
  const tables = await rowsOf<{ name: string }>(
    pglite,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const statements = []
  for (const { name } of tables) {
    statements.push(`delete from ${name}`)
    const [found] = await rowsOf<{ rows: string | null }>(pglite, `select json_agg(t)::text as rows from ${name} t`)
    if (found?.rows)
      statements.push(
        `insert into ${name} select * from json_populate_recordset(null::${name}, '${found.rows.replaceAll("'", "''")}')`,
      )
  }
  const sequences = await rowsOf<{ name: string; value: string; called: boolean }>(
    pglite,
    `select format('%I.%I', schemaname, sequencename) as name, coalesce(last_value, start_value)::text as value,
       last_value is not null as called from pg_sequences`,
  )
  for (const { name, value, called } of sequences) statements.push(`select setval('${name}', ${value}, ${called})`)
  // triggers and foreign keys have nothing to say to this
  const undo = `begin; set local session_replication_role = replica; ${statements.join(';\n')}; commit`
  return { pglite, undo, fingerprint: await fingerprint(pglite) }
}

/** Takes out what was written; `false` when something is left that this does not reach, as a table or a listener. */
async function restore({ pglite, fingerprint: before, undo }: Loaded): Promise<boolean> {
  const listening = await rowsOf(pglite, 'select pg_listening_channels()')
  if (listening.length > 0) return false
  // settings, prepared statements, temporary tables
  await pglite.exec('discard all')
  await pglite.exec(undo)
  return (await fingerprint(pglite)) === before
}

/** Changes with each table, index, function, trigger and statistic. */
async function fingerprint(pglite: PGlite): Promise<string> {
  const catalogs = ['pg_class', 'pg_attribute', 'pg_constraint', 'pg_index', 'pg_proc', 'pg_trigger', 'pg_statistic']
  const counts = catalogs.map((name) => `select '${name}', count(*), max(xmin::text::bigint) from ${name}`)
  return JSON.stringify([
    await rowsOf(pglite, counts.join(' union all ')),
    await rowsOf(pglite, 'select sum(reltuples), sum(relpages) from pg_class'),
  ])
}

async function rowsOf<Row>(pglite: PGlite, statement: string): Promise<Row[]> {
  return (await pglite.query<Row>(statement)).rows
}
