import { and, eq, lt, sql } from 'drizzle-orm'
import { type Db, query } from './database.ts'
import { idempotencyKeys } from './schema.ts'

/** An answer that was given to a write, to be given again. */
export interface StoredAnswer {
  status: number
  body: Record<string, unknown>
}

export type Claim =
  /** The first with this key: what it does and `storeAnswer` belong into this transaction. */
  | { kind: 'first' }
  | { kind: 'repeat'; answer: StoredAnswer }
  /** The key was used for another request. */
  | { kind: 'other' }
  /** A request with this key is being worked on in another transaction. */
  | { kind: 'under-way' }

interface Keyed {
  actor: string
  key: string
  /** Hash of method, address and body. */
  request: string
}

/** How long a key is known. */
export const KEY_MS = 24 * 60 * 60_000

/**
 * Claims a key until the transaction ends. Claim, work and answer are written together: a crash leaves either all of it or a
 * key that is free.
 */
export async function claimKey(tx: Db, { actor, key, request }: Keyed, now: Date): Promise<Claim> {
  // JSON keeps apart what a plain concatenation would not
  const lock = JSON.stringify(['idempotency', actor, key])
  const [locked] = await query<{ got: boolean }>(
    tx,
    sql`select pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) as got`,
  )
  if (!locked?.got) return { kind: 'under-way' }
  const ofKey = and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key))
  // a key that the nightly job has not removed yet is free all the same
  await tx.delete(idempotencyKeys).where(and(ofKey, lt(idempotencyKeys.at, new Date(now.getTime() - KEY_MS))))
  const [row] = await tx.select().from(idempotencyKeys).where(ofKey)
  if (!row) return { kind: 'first' }
  if (row.request !== request) return { kind: 'other' }
  if (row.status === null) return { kind: 'under-way' }
  const { text } = row.answer as { text: string }
  return { kind: 'repeat', answer: { status: row.status, body: JSON.parse(text) } }
}

/** Keeps the answer of the request that claimed the key in this transaction. */
export async function storeAnswer(tx: Db, keyed: Keyed, { status, body }: StoredAnswer, now: Date): Promise<void> {
  // as text, since jsonb would sort the keys, and a repeat is answered byte by byte the same
  await tx.insert(idempotencyKeys).values({ ...keyed, status, answer: { text: JSON.stringify(body) }, at: now })
}

/** Forgets keys that are older than `before`. */
export async function removeOldKeys(db: Db, before: Date): Promise<void> {
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.at, before))
}
