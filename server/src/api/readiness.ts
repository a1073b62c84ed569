import { sql } from 'drizzle-orm'
import { type Database, query } from '../db/database.ts'
import { findSchemaState } from '../db/open.ts'
import type { Readiness } from './models/service.ts'

const PATIENCE_MS = 2000

/** Whether the database answers, and has the tables this program knows. */
export async function checkDatabase({ db }: Database): Promise<Readiness['checks']> {
  const database = await attempt(async () => {
    await query(db, sql`select 1`)
    return null
  })
  if (!database.ok) return { database }
  const schema = await attempt(async () => {
    const { newest, known } = await findSchemaState(db)
    return newest === known ? null : 'the tables are of another version: run "packit-service migrate"'
  })
  return { database, schema }
}

/** @param find  says what is wrong, or null */
async function attempt(find: () => Promise<string | null>): Promise<{ ok: boolean; message: string | null }> {
  const late = new Promise<string>((resolve) => {
    setTimeout(() => resolve(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS).unref()
  })
  try {
    const message = await Promise.race([find(), late])
    return { ok: message === null, message }
  } catch {
    return { ok: false, message: 'the database does not answer' }
  }
}
