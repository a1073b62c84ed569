import { randomBytes } from 'node:crypto'
import { addAudit } from '../db/audit.ts'
import { findToken, insertToken, listTokens, revokeToken, type Token } from '../db/tokens.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import {
  describeToken,
  formatToken,
  hashToken,
  isScope,
  isTokenName,
  SCOPE_WORDS,
  TOKEN_BYTES,
  tokenState,
} from '../domain/token.ts'
import type { DataDeps } from './data-commands.ts'

/** Who works on the machine itself, as the audit log names them. */
export const OPERATOR = 'command line'

export type TokenCommand =
  | { name: 'token-create'; token: string; scopes: string[]; expiresInMs: number | null }
  | { name: 'token-list' }
  | { name: 'token-revoke'; token: string }

/**
 * Makes a token. Its text is in the last line, this once.
 *
 * @throws {ConflictError} when a living token has the name, or a name or scope is none
 */
export async function createToken(
  command: Extract<TokenCommand, { name: 'token-create' }>,
  { database, now }: DataDeps,
): Promise<string[]> {
  const { token: name, expiresInMs } = command
  if (!isTokenName(name)) {
    throw new ConflictError(`"${name}" can't be a name: 1 to 100 of A-Z a-z 0-9 . _ @ + -, and not only digits`)
  }
  const unknown = command.scopes.find((word) => !isScope(word))
  if (unknown !== undefined || command.scopes.length === 0) {
    throw new ConflictError(`${unknown ? `"${unknown}" is no scope` : 'a scope is needed'}: ${SCOPE_WORDS.join(', ')}`)
  }
  const scopes = SCOPE_WORDS.filter((scope) => command.scopes.includes(scope))
  const text = formatToken(randomBytes(TOKEN_BYTES))
  const createdAt = now()
  const expiresAt = expiresInMs === null ? null : new Date(createdAt.getTime() + expiresInMs)
  const made = await database.transaction(async (tx) => {
    const token = await insertToken(tx, { name, hash: hashToken(text), scopes, createdAt, expiresAt })
    if (!token) return undefined
    const detail = { scopes, expires: expiresAt?.toISOString() ?? null }
    await addAudit(tx, {
      actor: OPERATOR,
      action: 'token.create',
      subject: describeToken(token),
      detail,
      at: createdAt,
    })
    return token
  })
  if (!made) throw new ConflictError(`there is a token "${name}" already: revoke it first, or take another name`)
  const end = expiresAt ? `expires ${expiresAt.toISOString()}` : 'does not expire'
  return [`${describeToken(made)} may do ${scopes.join(', ')}; it ${end}. It is shown only now:`, text]
}

export async function showTokens({ database, now }: DataDeps): Promise<string[]> {
  const tokens = await listTokens(database.db)
  if (tokens.length === 0) return ['no tokens yet: token create NAME --scope SCOPE']
  return tokens.map((token) => {
    const used = token.lastUsedAt ? `used ${token.lastUsedAt.toISOString()}` : 'never used'
    return [token.id, token.name, token.scopes.join(','), describeEnd(token, now()), used].join('  ')
  })
}

function describeEnd(token: Token, now: Date): string {
  const state = tokenState(token, now)
  if (state === 'revoked') return `revoked ${token.revokedAt?.toISOString()}`
  if (!token.expiresAt) return 'does not expire'
  return `${state === 'expired' ? 'expired' : 'expires'} ${token.expiresAt.toISOString()}`
}

/**
 * Ends a token at once; a repeat says so and succeeds.
 *
 * @param which  its id, or the name of a living one
 * @throws {NotFoundError} when there is none
 */
export async function endToken(which: string, { database, now }: DataDeps): Promise<string[]> {
  const at = now()
  return database.transaction(async (tx) => {
    const token = await findToken(tx, /^[0-9]{1,15}$/.test(which) ? Number(which) : which)
    if (!token) throw new NotFoundError(`there is no token ${which}`)
    if (!(await revokeToken(tx, token.id, at))) return [`${describeToken(token)} was revoked before`]
    await addAudit(tx, { actor: OPERATOR, action: 'token.revoke', subject: describeToken(token), at })
    return [`${describeToken(token)} is revoked`]
  })
}
