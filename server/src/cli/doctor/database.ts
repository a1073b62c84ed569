import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Owner } from '../owner.ts'
import { type Finding, ok, problem } from './finding.ts'

const OLDEST_MAJOR = 15
const TIMEOUT_MS = 5000

/** Without opening it: the embedded one belongs to one process, and that may be the service. */
export async function checkEmbedded(dataDir: string, owner: Owner | undefined): Promise<Finding> {
  const version = await readFile(join(dataDir, 'database/PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined) return ok('the embedded database is made at the first start')
  const state = owner ? `open in process ${owner.pid}` : 'closed'
  return ok(`the embedded database (PostgreSQL ${version.trim()}) is ${state}`)
}

export async function checkPostgres(url: string): Promise<Finding> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
    return judgeVersion(Number(rows[0]?.server_version_num))
  } catch (error) {
    const why = error instanceof Error && error.message ? error.message : String(error)
    return problem(
      `PostgreSQL can't be reached: ${why}`,
      'Look at DATABASE_URL: host, port, user, password, and whether the server runs.',
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** @param number  as `server_version_num` has it, e.g. 150004 */
export function judgeVersion(number: number): Finding {
  const major = Math.floor(number / 10_000)
  if (major >= OLDEST_MAJOR) return ok(`PostgreSQL ${major} answers`)
  return problem(`the server is PostgreSQL ${major}`, `PostgreSQL ${OLDEST_MAJOR} or newer is needed.`)
}
