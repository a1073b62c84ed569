import { createHash } from 'node:crypto'

/** What a token may be good for, with what each word allows. */
export const SCOPES = {
  'runs:write': 'trigger, retry, cancel and approve runs',
  'deliveries:read': 'see payload and headers of deliveries, and deliveries of private repositories',
  'deliveries:write': 'have deliveries decided again',
  read: 'read, where the service has private repositories; every other scope allows that too',
  admin: 'everything, the allowlist and the audit log too',
} as const

export type Scope = keyof typeof SCOPES

export const SCOPE_WORDS = Object.keys(SCOPES) as Scope[]

/** So that people, and programs that look for leaked secrets, know one when they see it. */
const PREFIX = 'pkt_'

/** How many random bytes make a token. */
export const TOKEN_BYTES = 32

const FORM = /^pkt_[A-Za-z0-9_-]{43}$/

/** The text of a token: its prefix and 32 random bytes in base64url. */
export function formatToken(random: Buffer): string {
  if (random.length !== TOKEN_BYTES) throw new RangeError(`a token is made of ${TOKEN_BYTES} bytes`)
  return PREFIX + random.toString('base64url')
}

export function hasTokenForm(text: string): boolean {
  return FORM.test(text)
}

/**
 * What is kept of a token, in hexadecimal. The token is as random as the hash is long: a plain hash can't be turned back,
 * and looking it up by an index tells a guesser nothing about the token.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export function isScope(word: string): word is Scope {
  return Object.hasOwn(SCOPES, word)
}

/** Whether scopes allow what needs one of them. */
export function allows(scopes: readonly string[], needed: Scope): boolean {
  return scopes.includes('admin') || scopes.includes(needed)
}

export type TokenState = 'valid' | 'expired' | 'revoked'

export function tokenState(token: { expiresAt: Date | null; revokedAt: Date | null }, now: Date): TokenState {
  if (token.revokedAt) return 'revoked'
  return token.expiresAt && token.expiresAt <= now ? 'expired' : 'valid'
}

/** Whether a text may name a token: it stands in the audit log and in the terminal, and is told from an id. */
export function isTokenName(text: string): boolean {
  return /^[A-Za-z0-9._@+-]{1,100}$/.test(text) && !/^[0-9]+$/.test(text)
}

/** A token as the audit log names it, e.g. `token 3 (ci)`. */
export function describeToken({ id, name }: { id: number; name: string }): string {
  return `token ${id} (${name})`
}
