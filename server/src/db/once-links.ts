import { and, eq, gt, lte } from 'drizzle-orm'
import type { OncePurpose } from '../domain/session.ts'
import type { Db } from './database.ts'
import { onceLinks } from './schema.ts'

export interface OnceLink {
  /** Of the code in the link. */
  hash: string
  purpose: OncePurpose
  /** What the purpose needs; never a secret that is worth something elsewhere. */
  data: Record<string, unknown>
  expiresAt: Date
}

export async function insertOnceLink(db: Db, link: OnceLink): Promise<void> {
  await db.insert(onceLinks).values(link)
}

/** What a link that is still good holds; it stays good. */
export async function findOnceLink(
  db: Db,
  { hash, purpose }: Pick<OnceLink, 'hash' | 'purpose'>,
  now: Date,
): Promise<Record<string, unknown> | undefined> {
  const rows = await db
    .select()
    .from(onceLinks)
    .where(good(hash, purpose, now))
  return rows[0] && ((rows[0].data ?? {}) as Record<string, unknown>)
}

/** What a link that is still good holds; from now on it isn't any more. Of two at the same time one gets it. */
export async function takeOnceLink(
  db: Db,
  { hash, purpose }: Pick<OnceLink, 'hash' | 'purpose'>,
  now: Date,
): Promise<Record<string, unknown> | undefined> {
  const rows = await db
    .delete(onceLinks)
    .where(good(hash, purpose, now))
    .returning()
  return rows[0] && ((rows[0].data ?? {}) as Record<string, unknown>)
}

function good(hash: string, purpose: OncePurpose, now: Date) {
  return and(eq(onceLinks.hash, hash), eq(onceLinks.purpose, purpose), gt(onceLinks.expiresAt, now))
}

/** Ends all links of a purpose. */
export async function removeOnceLinks(db: Db, purpose: OncePurpose): Promise<void> {
  await db.delete(onceLinks).where(eq(onceLinks.purpose, purpose))
}

export async function removeOldOnceLinks(db: Db, now: Date): Promise<void> {
  await db.delete(onceLinks).where(lte(onceLinks.expiresAt, now))
}
