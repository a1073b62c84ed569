import type { Storage } from '../storage/storage.ts'
import { readChunks } from './read-chunks.ts'

/** A line is looked for within a block: a reader fetches one or two for what is on screen. */
export const BLOCK_BYTES = 64 * 1024
const NEWLINE = 0x0a
/** Indexes kept at a time; that of a log of 100 MB holds 1,600 numbers. */
const MOST_KEPT = 100

export interface LogIndex {
  /** Bytes of the log that were looked at; it may have grown since. */
  size: number
  /** For each block that begins within them, the number of the first line that begins in it or later. */
  firstLines: readonly number[]
}

interface Entry extends LogIndex {
  firstLines: number[]
  newlines: number
}

type Store = Pick<Storage, 'range'>

/**
 * Where the lines of logs begin, block by block. Each byte of a log is looked at once, a megabyte at a time, and one
 * log after the other, so that big logs take no more than their turn.
 */
export class LogIndexes {
  readonly #storage: Store
  readonly #kept = new Map<string, Entry>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(storage: Store) {
    this.#storage = storage
  }

  /** The index of a stored log as it is now; `undefined` when there is none. */
  find(key: string): Promise<LogIndex | undefined> {
    const found = this.#last.then(() => this.#readOn(key))
    this.#last = found.catch(() => undefined)
    return found
  }

  async #readOn(key: string): Promise<LogIndex | undefined> {
    const size = (await this.#storage.range(key, 0, 0))?.size
    const kept = this.#kept.get(key)
    this.#kept.delete(key)
    if (size === undefined) return undefined
    // a log that became shorter was begun anew
    const entry = kept && kept.size <= size ? kept : { size: 0, firstLines: [1], newlines: 0 }
    for await (const chunk of readChunks(this.#storage, key, { start: entry.size, end: size })) addTo(entry, chunk)
    this.#kept.set(key, entry)
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest)
    return { size: entry.size, firstLines: [...entry.firstLines] }
  }
}

function addTo(entry: Entry, chunk: Buffer): void {
  const end = entry.size + chunk.length
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
    closeBlocks(entry, entry.size + at)
    entry.newlines++
  }
  closeBlocks(entry, end)
  entry.size = end
}

/** Notes the blocks whose first line is known once every newline before `offset` has been counted. */
function closeBlocks(entry: Entry, offset: number): void {
  // a newline in the byte before a block belongs to the line before: the next begins with the block
  while (entry.firstLines.length * BLOCK_BYTES - 1 <= offset) entry.firstLines.push(entry.newlines + 2)
}
