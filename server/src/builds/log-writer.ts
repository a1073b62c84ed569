import type { Storage } from '../storage/storage.ts'

/** At most so often is the growth of one log told to those who watch it. */
const TELL_EVERY_MS = 200

export interface LogWriter {
  write(chunk: Buffer): void
  /** Waits until all is stored; the size in bytes. */
  end(): Promise<number>
}

/**
 * Writes one log, once, in the order in which it comes.
 *
 * @param onGrowth  told the size now and then, while there is something new, and at the end
 */
export function createLogWriter(storage: Storage, key: string, onGrowth: (bytes: number) => Promise<void>): LogWriter {
  let waiting: Buffer[] = []
  let size = 0
  let told = 0
  let busy: Promise<void> | undefined
  let failure: unknown

  const flush = async () => {
    while (waiting.length > 0) {
      const chunk = Buffer.concat(waiting)
      waiting = []
      await storage.append(key, chunk)
      size += chunk.length
      await onGrowth(size)
      told = size
      await new Promise((resolve) => setTimeout(resolve, TELL_EVERY_MS))
    }
  }

  return {
    write(chunk) {
      waiting.push(chunk)
      busy ??= flush()
        .catch((error) => {
          failure = error
        })
        .finally(() => {
          busy = undefined
        })
    },
    async end() {
      while (busy) await busy
      if (waiting.length > 0) {
        const rest = Buffer.concat(waiting)
        await storage.append(key, rest)
        size += rest.length
      }
      if (failure) throw failure
      if (size !== told) await onGrowth(size)
      return size
    },
  }
}
