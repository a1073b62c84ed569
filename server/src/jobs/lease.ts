import { randomUUID } from 'node:crypto'
import type { Database, Db } from '../db/database.ts'
import { countLeases, dropLease, lockLeases, renewLease, takeLease } from '../db/leases.ts'
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
  timing: LeaseTiming = TIMING,
): Promise<T> {
  const holder = randomUUID()
  if (!(await takeLease(db, key, holder, timing.heldMs))) throw notNow('another worker is at it')
  return hold(db, { key, holder }, work, timing)
}

/** A limited number of places, of which some are taken already. */
export interface Places {
  /** What the places are of, e.g. `copr-turn`. */
  kind: string
  /** Undefined = any number. */
  most: number | undefined
  /** The setting that limits them, to name it. */
  setting: string
  /** How many are taken by what was begun and noted. */
  countTaken(tx: Db): Promise<number>
}

/**
 * Does what takes a place, when one is free; until it has ended, noted what it began included, its place is taken by a lease, so
 * that of those who look at the same moment no more begin than there is room for.
 *
 * @throws {UnavailableError} with the reason, while none is free
 */
export async function withPlace<T>(
  database: Pick<Database, 'db' | 'transaction'>,
  { kind, most, setting, countTaken }: Places,
  id: number,
  work: () => Promise<T>,
): Promise<T> {
  if (most === undefined) return work()
  const [key, holder] = [`${kind} ${id}`, randomUUID()]
  await database.transaction(async (tx) => {
    await lockLeases(tx, kind)
    const taken = (await countTaken(tx)) + (await countLeases(tx, kind))
    if (taken >= most) throw notNow(`${taken} are under way, and ${setting} allows no more at a time`)
    if (!(await takeLease(tx, key, holder, TIMING.heldMs))) throw notNow('another worker is at it')
  })
  return hold(database.db, { key, holder }, work, TIMING)
}

async function hold<T>(
  db: Db,
  { key, holder }: { key: string; holder: string },
  work: () => Promise<T>,
  { heldMs, renewMs }: LeaseTiming,
): Promise<T> {
  // a database that is away for a moment is asked again by the next one
  const timer = setInterval(() => void renewLease(db, key, holder, heldMs).catch(() => {}), renewMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await dropLease(db, key, holder).catch(() => {})
  }
}

function notNow(why: string): UnavailableError {
  return new UnavailableError(why, LOOK_AGAIN_MS, { hasDeadline: false, isBusy: true })
}
