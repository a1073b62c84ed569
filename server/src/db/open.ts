import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { sql } from 'drizzle-orm'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { SetupError } from '../domain/errors.ts'
import { type Database, type Db, query } from './database.ts'
import * as schema from './schema.ts'

export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))
const casing = 'snake_case'

/** No answer to a stranger takes longer. */
const READ_TIMEOUT_MS = 2000

/** The PostgreSQL that the embedded database is; files of another version can't be opened by it. */
export const EMBEDDED_POSTGRES = '18'

/** The oldest PostgreSQL whose features the statements may use. */
const OLDEST_POSTGRES = 150_000

/**
 * Opens the embedded database and brings its tables up to date.
 *
 * Two processes that open one folder lose rows without an error: the caller holds the data directory's lock.
 *
 * @param dir  the folder, made when it isn't there; `undefined` for one in memory
 * @param options.migrate  bring the tables up to date; without it a new database has none
 * @throws {SetupError} when the folder holds a database of another version, or newer tables than this program knows
 */
export async function openEmbedded(
  dir?: string,
  dump?: Blob,
  options: { migrate: boolean } = { migrate: true },
): Promise<Database> {
  if (dir) {
    await closeFolder(dir)
    await refuseOtherFiles(dir)
  }
  const pglite = await PGlite.create({
    ...(dir ? { dataDir: dir } : {}),
    ...(dump ? { loadDataDir: dump } : {}),
    extensions: { pg_trgm },
  }).catch((error: unknown) => {
    throw new SetupError(
      `the embedded database in ${dir ?? 'memory'} can't be opened: ${error instanceof Error ? error.message : error}. ` +
        'If another version of this program made it, export it there with "packit-service export" and import it here.',
      { cause: error },
    )
  })
  return useEmbedded(pglite, options)
}

/** The database of a PGlite that is open already, its tables brought up to date. */
export async function useEmbedded(pglite: PGlite, options = { migrate: true }): Promise<Database> {
  const db = drizzlePglite(pglite, { schema, casing })
  await refuseNewerSchema(db)
  if (options.migrate) await migratePglite(db, { migrationsFolder: MIGRATIONS })
  return {
    kind: 'embedded',
    db,
    // it has no time-out: each query of the API is bounded by an index and a limit instead
    reads: db,
    transaction: (work) => db.transaction((tx) => work(tx)),
    listen: async (channel, onNotice) => pglite.listen(channel, onNotice),
    client: { kind: 'embedded', pglite },
    close: () => pglite.close(),
  }
}

/**
 * Brings the tables of an open database up to date.
 *
 * @param folder  of the migrations; left out: all that this program has
 */
export async function migrate({ client }: Database, folder = MIGRATIONS): Promise<void> {
  const options = { migrationsFolder: folder }
  if (client.kind === 'embedded') await migratePglite(drizzlePglite(client.pglite, { schema, casing }), options)
  else await migratePostgres(drizzlePostgres(client.pool, { schema, casing }), options)
}

/** Files of another version are left alone: opening them would fail with words that help nobody. */
async function refuseOtherFiles(dir: string): Promise<void> {
  const version = (await readFile(join(dir, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === '' || version === EMBEDDED_POSTGRES) return
  throw new SetupError(
    `the embedded database in ${dir} has files of PostgreSQL ${version}, and this program opens those of ${EMBEDDED_POSTGRES}. ` +
      'With the version of this program that made it run "packit-service export FOLDER"; then set PACKIT_DATA_DIR to a new ' +
      'folder and run "packit-service import FOLDER" with this one.',
  )
}

/** Makes the folder, for its owner alone: PGlite makes files that every account of this machine may write to. */
async function closeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o700)
}

/**
 * Opens a PostgreSQL database, version 15 or newer.
 *
 * @param options.migrate  bring the tables up to date; otherwise older ones are left for `readyz` to tell
 * @throws {SetupError} when it can't be reached, is too old, or has newer tables than this program knows
 */
export async function openPostgres(url: string, options: { migrate: boolean; poolSize?: number }): Promise<Database> {
  const max = options.poolSize ?? 20
  const pool = new pg.Pool({ connectionString: url, max, statement_timeout: 60_000 })
  const readPool = new pg.Pool({
    connectionString: url,
    max,
    statement_timeout: READ_TIMEOUT_MS,
    // what the API asks is written so that one plan serves all values: planning would take longer than the rest
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0',
  })
  for (const each of [pool, readPool]) outliveBreaks(each)
  const db = drizzlePostgres(pool, { schema, casing })
  try {
    await checkServer(db)
    await refuseNewerSchema(db)
    if (options.migrate) await migratePostgres(db, { migrationsFolder: MIGRATIONS })
  } catch (error) {
    await Promise.all([pool.end(), readPool.end()])
    throw error
  }
  const connect = async () => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  return {
    kind: 'postgres',
    db,
    reads: drizzlePostgres(readPool, { schema, casing }),
    transaction: transactionsOf(pool),
    listen: (channel, onNotice) => listenForEver(connect, channel, onNotice),
    client: { kind: 'postgres', pool, connect },
    close: async () => void (await Promise.all([pool.end(), readPool.end()])),
  }
}

/**
 * A connection that breaks is replaced by the pool, and whoever uses it is told by its next statement. Without listeners the
 * event would end the process: that of an idle one comes from the pool, that of one in a transaction from the connection.
 */
function outliveBreaks(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
}

/**
 * Transactions, each on a connection of the pool that is given back however it ends: Drizzle keeps one whose very first statement
 * fails, and a server that restarts makes many fail at once.
 */
function transactionsOf(pool: pg.Pool): Database['transaction'] {
  const open = (client: pg.PoolClient) => drizzlePostgres(client, { schema, casing })
  const known = new WeakMap<pg.PoolClient, ReturnType<typeof open>>()
  return async (work) => {
    const client = await pool.connect()
    try {
      const db = known.get(client) ?? open(client)
      known.set(client, db)
      return await db.transaction((tx) => work(tx))
    } finally {
      client.release()
    }
  }
}

async function checkServer(db: Db): Promise<void> {
  const rows = await query<{ version: string }>(db, sql`select current_setting('server_version_num') as version`).catch(
    (error: unknown) => {
      throw new SetupError(`DATABASE_URL: the database can't be reached: ${describe(error)}`, { cause: error })
    },
  )
  const version = Number(rows[0]?.version)
  if (version < OLDEST_POSTGRES) {
    throw new SetupError(`DATABASE_URL: PostgreSQL ${Math.floor(version / 10_000)} is too old; 15 or newer is needed`)
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

/** When the newest migration in the database is one we don't know, an older program must not touch it. */
async function refuseNewerSchema(db: Db): Promise<void> {
  const { newest, known } = await findSchemaState(db)
  if (newest !== null && known < newest) {
    throw new SetupError('the database was made by a newer version of this program: update it, or use another database')
  }
}

/** The newest migration applied (its time in ms, null for an empty database) and the newest this program has. */
export async function findSchemaState(db: Db): Promise<{ newest: number | null; known: number }> {
  const journal = (await import('./migrations/meta/_journal.json', { with: { type: 'json' } })).default
  const known = Math.max(...journal.entries.map((entry) => entry.when))
  const there = await query<{ there: string | null }>(
    db,
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as there`,
  )
  if (!there[0]?.there) return { newest: null, known }
  const rows = await query<{ newest: string | null }>(
    db,
    sql`select max(created_at) as newest from drizzle.__drizzle_migrations`,
  )
  return { newest: rows[0]?.newest ? Number(rows[0].newest) : null, known }
}

/** LISTEN on a connection of its own, made anew whenever it breaks. */
async function listenForEver(
  connect: () => Promise<pg.Client>,
  channel: string,
  onNotice: (payload: string) => void,
): Promise<() => Promise<void>> {
  let ended = false
  let client: pg.Client | undefined
  const start = async () => {
    client = await connect()
    client.on('notification', (message) => onNotice(message.payload ?? ''))
    client.on('error', () => void retry())
    client.on('end', () => void retry())
    await client.query(`listen ${pg.escapeIdentifier(channel)}`)
  }
  let retrying = false
  const retry = async () => {
    if (ended || retrying) return
    retrying = true
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const again = await start().then(
        () => true,
        () => false,
      )
      if (again) break
    }
    retrying = false
    if (!ended) onNotice('')
  }
  await start()
  return async () => {
    ended = true
    await client?.end()
  }
}
