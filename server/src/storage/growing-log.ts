import type { Storage } from './storage.ts'

/** Enough of a log's end to say why a step failed. */
const KEPT_BYTES = 131_072

/** Adds to a log in storage as it comes, in order, in as few writes as the storage's speed allows. */
export interface GrowingLog {
  add(chunk: Buffer): void
  /** Resolves when all of it is stored; rejects when it can't be. */
  flush(): Promise<void>
  /** The end of the log, as text. */
  tail(): string
}

/** @param onStored  called with the size of the log after each write */
export function createGrowingLog(storage: Storage, key: string, onStored: (bytes: number) => void): GrowingLog {
  let waiting: Buffer[] = []
  let writing: Promise<void> | undefined
  let stored = 0
  let failed: unknown
  let tail = Buffer.alloc(0)

  async function write(): Promise<void> {
    while (waiting.length > 0 && failed === undefined) {
      const data = Buffer.concat(waiting)
      waiting = []
      await storage.append(key, data).catch((error: unknown) => {
        failed = error
      })
      stored += data.length
      if (failed === undefined) onStored(stored)
    }
    writing = undefined
  }

  return {
    add(chunk) {
      tail = Buffer.concat([tail, chunk]).subarray(-KEPT_BYTES)
      if (failed !== undefined) return
      waiting.push(chunk)
      writing ??= write()
    },
    async flush() {
      await writing
      if (failed !== undefined) throw failed
    },
    tail: () => tail.toString(),
  }
}
