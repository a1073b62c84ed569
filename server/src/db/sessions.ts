import { and, eq, gt, lt, lte } from 'drizzle-orm'
import { endOfSession } from '../domain/session.ts'
import type { Db } from './database.ts'
import { sessions, tokens } from './schema.ts'
import type { Token } from './tokens.ts'

export type Session = typeof sessions.$inferSelect

export type NewSession = Omit<Session, 'id'>

export async function insertSession(tx: Db, session: NewSession): Promise<Session> {
  const [made] = await tx.insert(sessions).values(session).returning()
  if (!made) throw new Error('a session was not written')
  return made
}

/** A session that has not ended, with the token that it was begun with. */
export async function findSession(
  db: Db,
  hash: string,
  now: Date,
): Promise<{ session: Session; token: Token | null } | undefined> {
  const rows = await db
    .select({ session: sessions, token: tokens })
    .from(sessions)
    .leftJoin(tokens, eq(tokens.id, sessions.tokenId))
    .where(and(eq(sessions.hash, hash), gt(sessions.expiresAt, now)))
  return rows[0]
}

/** How exactly the use of a session is known: not every request writes a row. */
const USE_MS = 60_000

/** Notes that a session is used, at most once a minute: its end moves on. */
export async function noteSessionUse(db: Db, session: Session, now: Date): Promise<void> {
  const expiresAt = endOfSession(session.createdAt, now)
  const before = new Date(expiresAt.getTime() - USE_MS)
  if (session.expiresAt > before) return
  await db
    .update(sessions)
    .set({ expiresAt })
    .where(and(eq(sessions.id, session.id), lt(sessions.expiresAt, expiresAt)))
}

/** Ends a session; `false` when it had ended before. */
export async function removeSession(tx: Db, id: number): Promise<boolean> {
  const rows = await tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id })
  return rows.length === 1
}

export async function removeOldSessions(db: Db, now: Date): Promise<void> {
  await db.delete(sessions).where(lte(sessions.expiresAt, now))
}
