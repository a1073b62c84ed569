import { createHash, timingSafeEqual } from 'node:crypto'

const HOUR_MS = 3_600_000

/** A session that nobody uses ends after this time, and any session after the longer one. */
export const SESSION_IDLE_MS = 12 * HOUR_MS
export const SESSION_LONGEST_MS = 7 * 24 * HOUR_MS

/** How many random bytes make the secret of a session, or the code of a link. */
export const SECRET_BYTES = 32

/** What a link that is good once is for, and how long it is good for. */
export const ONCE_MS = { setup: 24 * HOUR_MS, 'sign-in': 24 * HOUR_MS, oauth: HOUR_MS / 6 } as const
export type OncePurpose = keyof typeof ONCE_MS

export const CSRF_HEADER = 'x-packit-csrf'

/** The text of a session's cookie, or of a link's code: as random as it is long. */
export function formatSecret(random: Buffer): string {
  if (random.length !== SECRET_BYTES) throw new RangeError(`a secret is made of ${SECRET_BYTES} bytes`)
  return random.toString('base64url')
}

export function hasSecretForm(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** What is kept of a secret, in hexadecimal; it is random enough for a plain hash (`hashToken`). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What a page of ours sends with each write: it follows from the cookie, which no page of others can read. */
export function csrfOf(secret: string): string {
  return createHash('sha256').update(`csrf ${secret}`).digest('base64url')
}

/** Compared in constant time. */
export function isCsrfOf(secret: string, given: string): boolean {
  const expected = Buffer.from(csrfOf(secret))
  const bytes = Buffer.from(given)
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}

/** When a session that is used now ends. */
export function endOfSession(createdAt: Date, now: Date): Date {
  return new Date(Math.min(now.getTime() + SESSION_IDLE_MS, createdAt.getTime() + SESSION_LONGEST_MS))
}

/** Somebody whom a forge knows. */
export interface Person {
  /** Host of the forge. */
  forge: string
  login: string
}

/** A person as the audit log names them, e.g. `github.com/ann`. */
export function describePerson({ forge, login }: Person): string {
  return `${forge}/${login}`
}

/** Who came by a link that the machine of the service printed, as the audit log names them. */
export const LINK_HOLDER = 'sign-in link'

/** A forge at which people sign in (OAuth), as far as we use it. */
export interface ForgeSignIn {
  /** Host of its projects. */
  host: string
  /** Where a person is sent; comes back to `redirectUrl` with `code` and `state`. */
  authorizeUrl(asked: { state: string; challenge: string; redirectUrl: string }): string
  /**
   * Who a person is, by the code that they came back with. What the forge gives us for that is not kept.
   *
   * @throws {UnavailableError} when the forge is away
   * @throws {ForbiddenError} when it does not take the code
   */
  findLogin(given: { code: string; verifier: string; redirectUrl: string }): Promise<string>
}

/** PKCE: what is told first of a secret that is told later. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

/** A path of our own pages to go on to, without the prefix; `/` for anything that could lead elsewhere. */
export function safePath(text: string): string {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) && text.length <= 1000 ? text : '/'
}
