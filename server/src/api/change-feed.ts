import type { Database } from '../db/database.ts'
import { type ChangeRow, findStreamEnds, listChanges, type Position } from '../db/read-changes.ts'
import { gatherLogGrowth } from './log-growth.ts'
import type { Change } from './models/service.ts'
import { comparePositions, isForgotten } from './position.ts'

/** A message of the stream. One without a position was never stored: it tells how a log has grown. */
export interface Message {
  position: Position | null
  change: Change
}

export interface Subscription {
  /** Where this connection stands now: what it names to go on from there. */
  start: Position
  /** What it asked for is not kept (any more): it has to ask for everything anew. */
  isReset: boolean
  /** What it has missed since the place it named. */
  missed: Message[]
  end: () => void
}

interface Options {
  /** How often is looked without being woken. */
  pollMs?: number
  /** How soon is looked again while an open transaction holds rows back. */
  heldBackMs?: number
}

const CHUNK = 500
/** Who has missed more asks for everything anew, which is cheaper. */
const MAX_MISSED = 1000

/** One reader of the changes for all connections of this process. It reads while there is anybody to tell. */
export class ChangeFeed {
  readonly #database: Database
  readonly #pollMs: number
  readonly #heldBackMs: number
  readonly #listeners = new Set<(message: Message) => void>()
  readonly #growth = gatherLogGrowth((change) => this.#tell({ position: null, change }))
  /** Everything up to here was told. */
  #position: Position | undefined
  /** Counts up when the reader begins elsewhere, so that a read which is still under way is dropped. */
  #begun = 0
  #reading: Promise<void> | undefined
  #isStale = false
  #timer: NodeJS.Timeout | undefined
  #listening: Promise<(() => Promise<void>)[]> | undefined
  #isClosed = false

  constructor(database: Database, { pollMs = 2000, heldBackMs = 25 }: Options = {}) {
    this.#database = database
    this.#pollMs = pollMs
    this.#heldBackMs = heldBackMs
  }

  /**
   * From now on `listener` is told of each change, in order and once.
   *
   * @param from  the last message received before; `undefined` begins now, null is a place that can't be read
   */
  async subscribe(from: Position | null | undefined, listener: (message: Message) => void): Promise<Subscription> {
    await this.#listen()
    const { db } = this.#database
    const ends = await findStreamEnds(db)
    if (this.#listeners.size === 0 || !this.#position) {
      this.#position = ends.head
      this.#begun += 1
    }
    const start = this.#position
    const isReset = from === null || (from !== undefined && isForgotten(from, ends))
    // another process may have told the client more than we have read so far
    const isNew = ({ position }: Message) => !from || isReset || !position || comparePositions(position, from) > 0
    const tell = (message: Message) => {
      if (isNew(message)) listener(message)
    }
    this.#listeners.add(tell)
    const end = () => void this.#listeners.delete(tell)
    void this.#read()
    if (!from || isReset) return { start, isReset, missed: [], end }
    const missed = await this.#listMissed(from, start)
    return { start, isReset: !missed, missed: missed ?? [], end }
  }

  /** Ends the reader; nobody is told anything any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#growth.end()
    this.#listeners.clear()
    const stops = await this.#listening?.catch(() => [])
    await Promise.all((stops ?? []).map((stop) => stop()))
    await this.#reading
  }

  #listen() {
    this.#listening ??= Promise.all([
      this.#database.listen('packit_changes', () => void this.#read()),
      this.#database.listen('packit_logs', (payload) => {
        if (this.#listeners.size > 0) this.#growth.onNotice(payload)
      }),
    ]).catch((error: unknown) => {
      this.#listening = undefined
      throw error
    })
    return this.#listening
  }

  async #listMissed(from: Position, to: Position): Promise<Message[] | null> {
    const rows = await listChanges(this.#database.db, from, MAX_MISSED + 1)
    if (rows.length > MAX_MISSED) return null
    return rows.filter((row) => comparePositions(row, to) <= 0).map(toMessage)
  }

  #tell(message: Message) {
    for (const listener of this.#listeners) listener(message)
  }

  /** Reads on. When that is under way already, it looks once more before it ends. */
  #read(): Promise<void> {
    this.#isStale = true
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readAll(): Promise<void> {
    clearTimeout(this.#timer)
    let waitMs = this.#pollMs
    while (this.#isStale && this.#isWanted()) {
      this.#isStale = false
      try {
        if (await this.#readChunk()) this.#isStale = true
        else waitMs = (await findStreamEnds(this.#database.db)).heldBack ? this.#heldBackMs : this.#pollMs
      } catch {
        // the database is away: the next look finds what was missed
      }
    }
    if (this.#isWanted()) this.#timer = setTimeout(() => void this.#read(), waitMs).unref()
  }

  #isWanted(): boolean {
    return this.#listeners.size > 0 && !this.#isClosed
  }

  /** @returns whether there may be more */
  async #readChunk(): Promise<boolean> {
    const begun = this.#begun
    if (!this.#position) return false
    const rows = await listChanges(this.#database.db, this.#position, CHUNK)
    if (begun !== this.#begun) return true
    for (const row of rows) {
      this.#position = { xact: row.xact, id: row.id }
      this.#tell(toMessage(row))
    }
    return rows.length === CHUNK
  }
}

function toMessage({ xact, id, ...row }: ChangeRow): Message {
  return {
    position: { xact, id },
    change: {
      kind: row.kind,
      run: row.runId,
      id: row.rowId,
      project: row.project,
      ...(row.state === null ? {} : { state: row.state }),
    },
  }
}
