import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { cut, epoch, type Found, queryJson, readPage, type Window } from './read.ts'

/** Who may start work, or waits for it. */
export interface AllowlistRow {
  id: number
  namespace: string
  status: string
  fasAccount: string | null
}

const ENTRY = sql`x.id, x.namespace, x.status, x.fas_account as "fasAccount"`

/** The allowlist in the order in which it grew. */
export function listAllowlist(db: Db, window: Window): Promise<Found<AllowlistRow>> {
  const after = window.after ?? 0
  return readPage(db, window, {
    page: sql`select ${ENTRY} from allowlist x where x.id > ${after} order by x.id ${cut(window)}`,
    counted: sql`from allowlist x`,
    keyOf: (row) => row.id,
  })
}

/** The entry of exactly this namespace or repository; of several in an import the first. */
export async function findAllowlistEntry(db: Db, namespace: string): Promise<AllowlistRow | undefined> {
  const rows = await queryJson<AllowlistRow>(
    db,
    sql`select ${ENTRY} from allowlist x where x.namespace = ${namespace} order by x.id limit 1`,
  )
  return rows[0]
}

/** An account that has the GitHub App installed. */
export interface InstallationRow {
  id: number
  accountLogin: string | null
  accountId: number | null
  accountType: string | null
  accountUrl: string | null
  senderLogin: string | null
  senderId: number | null
  createdAt: number
}

const INSTALLATION = sql`x.id, x.account_login as "accountLogin", x.account_id as "accountId",
  x.account_type as "accountType", x.account_url as "accountUrl", x.sender_login as "senderLogin",
  x.sender_id as "senderId", ${epoch('x.created_at')} as "createdAt"`

/** Installations in the order in which they came. */
export function listInstallations(db: Db, window: Window): Promise<Found<InstallationRow>> {
  const after = window.after ?? 0
  return readPage(db, window, {
    page: sql`select ${INSTALLATION} from installations x where x.id > ${after} order by x.id ${cut(window)}`,
    counted: sql`from installations x`,
    keyOf: (row) => row.id,
  })
}

export async function findInstallation(db: Db, id: number): Promise<InstallationRow | undefined> {
  const rows = await queryJson<InstallationRow>(db, sql`select ${INSTALLATION} from installations x where x.id = ${id}`)
  return rows[0]
}
