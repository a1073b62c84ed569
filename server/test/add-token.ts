import { randomBytes } from 'node:crypto'
import type { Db } from '../src/db/database.ts'
import { insertToken } from '../src/db/tokens.ts'
import { formatToken, hashToken, type Scope, TOKEN_BYTES } from '../src/domain/token.ts'

/** A token as `token create` makes it. */
export async function addToken(
  db: Db,
  scopes: readonly Scope[],
  {
    name = scopes.join('+').replaceAll(':', '-') || 'none',
    expiresAt = null,
  }: { name?: string; expiresAt?: Date | null } = {},
): Promise<string> {
  const text = formatToken(randomBytes(TOKEN_BYTES))
  const made = await insertToken(db, { name, hash: hashToken(text), scopes, createdAt: new Date(), expiresAt })
  if (!made) throw new Error(`there is a token ${name} already`)
  return text
}
