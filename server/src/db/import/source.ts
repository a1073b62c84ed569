import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { SetupError, UnavailableError } from '../../domain/errors.ts'

/** The database that an import reads: as it was at one instant, and never written to. */
export interface Source {
  /** `host:port/database`, without account and password. */
  readonly name: string
  /** The rows of a statement. */
  query<Row>(statement: string, values?: unknown[]): Promise<Row[]>
  /** The rows of a select in PostgreSQL's text format, in chunks as they come. */
  copyOut(select: string): AsyncIterable<Buffer>
  close(): Promise<void>
}

const CONNECT_MS = 15_000
const RETRY_MS = 60_000

/**
 * Opens a database for reading, in one snapshot that lasts until it is closed.
 *
 * @param url  `postgres://user:password@host/database`
 * @throws {SetupError} when it can't be reached or refuses the account, in one sentence without the password
 */
export async function openSource(url: string): Promise<Source> {
  const name = sourceName(url)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, keepAlive: true })
  // a connection that breaks is told by the statement that is under way
  client.on('error', () => {})
  try {
    await client.connect()
    // times have no zone and mean UTC; an import may take longer than the time-outs that a server has for others
    await client.query(
      "set timezone = 'UTC'; set client_encoding = 'UTF8'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0",
    )
    await client.query('begin isolation level repeatable read read only')
  } catch (error) {
    await client.end().catch(() => {})
    throw new SetupError(`the source ${name} can't be read: ${firstLine(error)}`, { cause: error })
  }
  return {
    name,
    async query<Row>(statement: string, values: unknown[] = []) {
      const { rows } = await client.query(statement, values).catch((error: unknown) => fail(name, error))
      return rows as Row[]
    },
    async *copyOut(select) {
      try {
        yield* client.query(copyTo(`copy (${select}) to stdout`)) as AsyncIterable<Buffer>
      } catch (error) {
        fail(name, error)
      }
    },
    close: () => client.end(),
  }
}

/** @throws {SetupError} when it is no address of a PostgreSQL database */
function sourceName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new SetupError('the source is the address of a PostgreSQL database: postgres://user:password@host/database')
  }
  const host = parsed.searchParams.get('host') ?? parsed.hostname
  return `${host || 'localhost'}:${parsed.port || 5432}${parsed.pathname}`
}

/** Rights are for the operator to give; what else goes wrong in the middle may go right at the next try. */
function fail(name: string, error: unknown): never {
  const NO_RIGHTS = '42501'
  if (error instanceof pg.DatabaseError && error.code === NO_RIGHTS) {
    throw new SetupError(`the source ${name} can't be read: ${firstLine(error)}`, { cause: error })
  }
  throw new UnavailableError(
    `reading the source ${name} broke off: ${firstLine(error)}. Run the same command again: it goes on from there.`,
    RETRY_MS,
    { cause: error },
  )
}

/** `connect` to several addresses fails with a list and no message of its own. */
function firstLine(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return firstLine(error.errors[0])
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.split('\n', 1)[0] ?? text
}
