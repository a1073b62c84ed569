import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { dropLease, renewLease, takeLease } from '../db/leases.ts'
import { UnavailableError } from '../domain/errors.ts'

export interface LeaseTiming {
  /** For so long it is held by a worker that says nothing more. */
  heldMs: number
  renewMs: number
}

/** A worker whose heart stands still for ten seconds loses its jobs, though it may go on with them for a moment. */
const TIMING: LeaseTiming = { heldMs: 20_000, renewMs: 5_000 }
const LOOK_AGAIN_MS = 5_000

/**
 * Does what another system would do twice if two workers asked for it at once: a job may be given to a second one while the first
 * still waits for its answer. What is read to decide has to be read inside.
 *
 * @param key  of the thing, e.g. `start-build 7`
 * @throws {UnavailableError} while another worker is at it
 */
export async function withLease<T>(
  { db }: Pick<Database, 'db'>,
  key: string,
  work: () => Promise<T>,
  { heldMs, renewMs }: LeaseTiming = TIMING,
): Promise<T> {
  const holder = randomUUID()
  if (!(await takeLease(db, key, holder, heldMs)))
    throw new UnavailableError('another worker is at it', LOOK_AGAIN_MS, { hasDeadline: false, isBusy: true })
  // a database that is away for a moment is asked again by the next one
  const timer = setInterval(() => void renewLease(db, key, holder, heldMs).catch(() => {}), renewMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await dropLease(db, key, holder).catch(() => {})
  }
}
