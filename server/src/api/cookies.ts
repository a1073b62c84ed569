import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Links } from './links.ts'

export const SESSION_COOKIE = 'packit_session'
/** Ties a sign-in at a forge to the browser that began it. */
export const OAUTH_COOKIE = 'packit_sign_in'

/** A cookie of a request; `undefined` when there is none. */
export function cookieOf({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

interface Cookie {
  value: string
  maxAgeS: number
  /** `Lax` comes along when another site sends the browser here; `Strict` never does. */
  sameSite: 'Strict' | 'Lax'
}

/** Adds a cookie that no program in a page can read, for our own paths alone. */
export function setCookie(reply: FastifyReply, links: Links, name: string, { value, maxAgeS, sameSite }: Cookie): void {
  const { pathname, protocol } = new URL(links.base)
  const path = pathname.replace(/\/$/, '') || '/'
  const secure = protocol === 'https:' ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${name}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=${sameSite}${secure}`,
  )
}

export function removeCookie(reply: FastifyReply, links: Links, name: string): void {
  setCookie(reply, links, name, { value: '', maxAgeS: 0, sameSite: 'Strict' })
}
