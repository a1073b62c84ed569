import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { addAudit } from '../db/audit.ts'
import type { Db } from '../db/database.ts'
import { insertSession } from '../db/sessions.ts'
import {
  describePerson,
  endOfSession,
  formatSecret,
  hashSecret,
  LINK_HOLDER,
  type Person,
  SECRET_BYTES,
  SESSION_LONGEST_MS,
} from '../domain/session.ts'
import { describeToken } from '../domain/token.ts'
import { SESSION_COOKIE, setCookie } from './cookies.ts'
import type { Links } from './links.ts'

/** What somebody proved who they are with. */
export type Proof =
  | { by: 'token'; token: { id: number; name: string } }
  | { by: 'forge'; person: Person }
  | { by: 'link' }

/** Writes a session and its entry in the audit log. Gives its secret, which is kept nowhere. */
export async function beginSession(tx: Db, proof: Proof, now: Date): Promise<string> {
  const secret = formatSecret(randomBytes(SECRET_BYTES))
  const actor = nameOf(proof)
  const { forge = null, login = null } = proof.by === 'forge' ? proof.person : {}
  const session = await insertSession(tx, {
    hash: hashSecret(secret),
    actor,
    tokenId: proof.by === 'token' ? proof.token.id : null,
    forge,
    login,
    createdAt: now,
    expiresAt: endOfSession(now, now),
  })
  await addAudit(tx, {
    actor,
    action: 'session.begin',
    subject: `session ${session.id}`,
    detail: { by: proof.by },
    at: now,
  })
  return secret
}

function nameOf(proof: Proof): string {
  if (proof.by === 'token') return describeToken(proof.token)
  return proof.by === 'forge' ? describePerson(proof.person) : LINK_HOLDER
}

export function setSessionCookie(reply: FastifyReply, links: Links, secret: string): void {
  setCookie(reply, links, SESSION_COOKIE, { value: secret, maxAgeS: SESSION_LONGEST_MS / 1000, sameSite: 'Strict' })
}
