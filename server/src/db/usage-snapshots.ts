import { sql } from 'drizzle-orm'
import { type Database, type Db, query } from './database.ts'
import { usageSnapshots } from './schema.ts'

/** No answer is older. */
export const MAX_AGE_MS = 5 * 60_000
/** What is kept of answers for anything but the well-known periods: the newest. */
const KEPT = 100
/** So many of them are counted at a time in one process; so many more may wait. */
const PARALLEL = 4
const WAITING = 200
const FORGET_MS = 24 * 60 * 60_000

export interface Snapshot {
  /** Names what was counted. */
  key: string
  make: (tx: Db) => Promise<unknown>
  /** How long a request waits for it, in ms. */
  patienceMs: number
  /** One of the few that are made again and again, whoever asks. */
  wellKnown: boolean
}

/** Answers that are counted at most once in five minutes, however many requests and processes there are. */
export class UsageSnapshots {
  readonly #database: Database
  readonly #now: () => Date
  readonly #underWay = new Map<string, Promise<string>>()
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(database: Database, now: () => Date) {
    this.#database = database
    this.#now = now
  }

  /**
   * The answer as JSON text; made when there is none, or an old one.
   *
   * @returns `undefined` when that takes longer than its patience: it goes on, and is there for who asks again
   */
  async read(snapshot: Snapshot): Promise<string | undefined> {
    const { key, patienceMs, wellKnown } = snapshot
    const found = await this.find(key)
    if (found && this.#isFresh(found.madeAt)) return found.text
    if (!wellKnown && !this.#underWay.has(key) && this.#waiting.length >= WAITING) return undefined
    const made = this.#makeOnce(snapshot, MAX_AGE_MS)
    // the embedded database does nothing else meanwhile: whoever gave up would only have to come again
    return this.#database.kind === 'embedded' ? made : within(patienceMs, made)
  }

  /** Counts anew, unless somebody did so within `maxAgeMs`. */
  async renew(snapshot: Snapshot, maxAgeMs: number): Promise<void> {
    await this.#makeOnce(snapshot, maxAgeMs)
  }

  /** What there is under a key, of whatever age. */
  async find(key: string, db: Db = this.#database.reads): Promise<{ text: string; madeAt: number } | undefined> {
    const rows = await query<{ text: string; madeAt: number }>(
      db,
      sql`select value #>> '{}' as text, (extract(epoch from made_at) * 1000)::float8 as "madeAt"
        from usage_snapshots where key = ${key}`,
    )
    return rows[0]
  }

  #isFresh(madeAt: number, maxAgeMs = MAX_AGE_MS): boolean {
    const age = this.#now().getTime() - madeAt
    return age >= 0 && age < maxAgeMs
  }

  #makeOnce(snapshot: Snapshot, maxAgeMs: number): Promise<string> {
    const { key } = snapshot
    const running = this.#underWay.get(key)
    if (running) return running
    const make = () => this.#make(snapshot, maxAgeMs)
    const made = (snapshot.wellKnown ? make() : this.#inTurn(make)).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, made)
    return made
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < PARALLEL) this.#running += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // whoever waits takes over the place
      if (next) next()
      else this.#running -= 1
    }
  }

  #make({ key, make }: Snapshot, maxAgeMs: number): Promise<string> {
    return this.#database.transaction(async (tx) => {
      // another process may be at it: then wait, and take what it made
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('usage'), hashtext(${key}))`)
      const found = await this.find(key, tx)
      if (found && this.#isFresh(found.madeAt, maxAgeMs)) return found.text
      // compiling the statement would take longer than running it; without memory it would sort in files
      await tx.execute(sql`select set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`)
      const madeAt = this.#now()
      const text = JSON.stringify(await make(tx))
      const row = { value: sql`to_jsonb(${text}::text)`, madeAt }
      await tx
        .insert(usageSnapshots)
        .values({ key, ...row })
        .onConflictDoUpdate({ target: usageSnapshots.key, set: row })
      await forgetOld(tx, madeAt)
      return text
    })
  }
}

/** Keys of what anybody may ask for begin with this: there are as many as there are instants. */
export const ASKED = 'asked/'

/** What another transaction is about to renew or remove is left to it: neither waits for the other. */
async function forgetOld(tx: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - FORGET_MS).toISOString()
  await tx.execute(sql`delete from usage_snapshots where key in (
      select key from usage_snapshots where made_at < ${before}::timestamptz for update skip locked)
    or key in (
      select key from usage_snapshots where key like ${`${ASKED}%`} order by made_at desc, key offset ${KEPT}
      for update skip locked)`)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  // a failure after the patience is over has nobody to tell: the next request meets it again
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
