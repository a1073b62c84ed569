import { asc, inArray, sql } from 'drizzle-orm'
import type { ForgeProject, InstallationEvent } from '../domain/forge-event.ts'
import {
  type AllowlistStatus,
  decideProjectStatus,
  type ProjectStatus,
  pathOfAccount,
  pathsToAsk,
  samePath,
} from '../domain/trust/allowlist.ts'
import { type Db, query } from './database.ts'
import { allowlist } from './schema.ts'

export type AllowlistEntry = typeof allowlist.$inferSelect

/** Whether work may be started for a repository; `author` is who asks for it, empty where that is nobody in particular. */
export async function findProjectStatus(
  db: Db,
  repository: Pick<ForgeProject, 'forge' | 'namespace' | 'name'>,
  author = '',
): Promise<ProjectStatus> {
  const paths = pathsToAsk(repository, author).map(samePath)
  const rows = await db
    .select({ path: allowlist.namespace, status: allowlist.status })
    .from(allowlist)
    .where(inArray(sql`lower(${allowlist.namespace})`, paths))
    .orderBy(asc(allowlist.id))
  const entries = new Map<string, AllowlistStatus>()
  for (const { path, status } of rows) {
    // an import may have brought a path twice: the first counts, a denial always
    if (status === 'denied' || !entries.has(samePath(path))) entries.set(samePath(path), status)
  }
  return decideProjectStatus(repository, author, entries)
}

/** The entries of exactly this path, more than one only after an import. */
async function findEntries(db: Db, path: string): Promise<AllowlistEntry[]> {
  return db
    .select()
    .from(allowlist)
    .where(inArray(sql`lower(${allowlist.namespace})`, [samePath(path)]))
    .orderBy(asc(allowlist.id))
}

/** What an entry says, `undefined` where there is none; nobody else changes the allowlist until the transaction ends. */
export async function lockEntry(tx: Db, path: string): Promise<AllowlistStatus | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('allowlist'))`)
  const found = await findEntries(tx, path)
  return found.find((entry) => entry.status === 'denied')?.status ?? found[0]?.status
}

/** Writes what an entry says, whether it was there or not. Call under `lockEntry`. */
export async function setEntry(
  tx: Db,
  { path, status, actor, at }: { path: string; status: AllowlistStatus; actor: string; at: Date },
): Promise<void> {
  const ids = (await findEntries(tx, path)).map((entry) => entry.id)
  const set = { status, actor, decidedAt: at }
  if (ids.length === 0) await tx.insert(allowlist).values({ namespace: path, ...set })
  else await tx.update(allowlist).set(set).where(inArray(allowlist.id, ids))
}

export async function removeEntry(tx: Db, path: string): Promise<void> {
  await tx.delete(allowlist).where(inArray(sql`lower(${allowlist.namespace})`, [samePath(path)]))
}

/** The allowlist by path. */
export async function listEntries(db: Db, status?: AllowlistStatus): Promise<AllowlistEntry[]> {
  return db
    .select()
    .from(allowlist)
    .where(status && inArray(allowlist.status, [status]))
    .orderBy(asc(allowlist.namespace), asc(allowlist.id))
}

/**
 * Puts the account of a new installation on the allowlist: allowed when it owns the App itself, else waiting to be decided.
 * What was decided before stays.
 *
 * @returns  what the entry says now
 */
export async function noteOnAllowlist(
  tx: Db,
  { forge, account, sender }: Pick<InstallationEvent, 'forge' | 'account' | 'sender'>,
  { isOwn, at }: { isOwn: boolean; at: Date },
): Promise<AllowlistStatus> {
  const path = pathOfAccount(forge, account.login)
  const known = await lockEntry(tx, path)
  if (known !== undefined && !(known === 'waiting' && isOwn)) return known
  const status = isOwn ? 'approved_automatically' : 'waiting'
  await setEntry(tx, { path, status, actor: pathOfAccount(forge, sender.login), at })
  return status
}

/** The newest heads of open pull requests that were refused since nobody had allowed their project. */
export async function listRefusedHeads(
  db: Db,
  path: string,
  limit: number,
): Promise<{ eventId: number; attempts: number }[]> {
  const wanted = samePath(path)
  return query<{ eventId: number; attempts: number }>(
    db,
    sql`select e.id::int8 as "eventId", coalesce(max(f.attempt), 0)::int as attempts
      from projects p
        join triggers t on t.project_id = p.id and t.kind = 'pull_request' and t.open and t.same_as is null
        join project_events e on e.trigger_id = t.id and e.superseded_by is null
        left join pipelines f on f.event_id = e.id
      where e.plan -> 'problem' ->> 'kind' = 'not-allowed'
        and (lower(p.forge || '/' || p.path || '.git') = ${wanted}
          or starts_with(lower(p.forge || '/' || p.path), ${`${wanted}/`})
          or lower(p.forge || '/' || t.author) = ${wanted})
      group by e.id order by e.id desc limit ${limit}`,
  ).then((rows) => rows.map((row) => ({ ...row, eventId: Number(row.eventId) })))
}
