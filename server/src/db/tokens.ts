import { and, asc, eq, isNull, lt, or } from 'drizzle-orm'
import type { Scope } from '../domain/token.ts'
import type { Db } from './database.ts'
import { tokens } from './schema.ts'

export type Token = typeof tokens.$inferSelect

export interface NewToken {
  name: string
  hash: string
  scopes: readonly Scope[]
  createdAt: Date
  expiresAt: Date | null
}

/** Writes a token; `undefined`, and nothing written, when another that is not revoked has its name. */
export async function insertToken(tx: Db, token: NewToken): Promise<Token | undefined> {
  const rows = await tx
    .insert(tokens)
    .values({ ...token, scopes: [...token.scopes] })
    .onConflictDoNothing()
    .returning()
  return rows[0]
}

export async function findTokenByHash(db: Db, hash: string): Promise<Token | undefined> {
  const rows = await db.select().from(tokens).where(eq(tokens.hash, hash))
  return rows[0]
}

/** All tokens, those that are over too, in the order in which they were made. */
export async function listTokens(db: Db): Promise<Token[]> {
  return db.select().from(tokens).orderBy(asc(tokens.id))
}

/** The token of an id, or the living one of a name. */
export async function findToken(db: Db, which: number | string): Promise<Token | undefined> {
  const condition =
    typeof which === 'number' ? eq(tokens.id, which) : and(eq(tokens.name, which), isNull(tokens.revokedAt))
  const rows = await db.select().from(tokens).where(condition)
  return rows[0]
}

/** Ends a token; `false`, and nothing written, when it was revoked before. */
export async function revokeToken(tx: Db, id: number, now: Date): Promise<boolean> {
  const rows = await tx
    .update(tokens)
    .set({ revokedAt: now })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    .returning({ id: tokens.id })
  return rows.length === 1
}

/** How exactly the last use of a token is known: not every request writes a row. */
const USE_MS = 60_000

/** Notes that a token was used, at most once a minute. */
export async function noteTokenUse(db: Db, token: Token, now: Date): Promise<void> {
  const before = new Date(now.getTime() - USE_MS)
  if (token.lastUsedAt && token.lastUsedAt >= before) return
  await db
    .update(tokens)
    .set({ lastUsedAt: now })
    .where(and(eq(tokens.id, token.id), or(isNull(tokens.lastUsedAt), lt(tokens.lastUsedAt, before))))
}
