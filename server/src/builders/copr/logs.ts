import { pipeline, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'
import type { Storage } from '../../storage/storage.ts'

const TIMEOUT_MS = 5 * 60_000
/** So much of the end of a log is kept where it is too long: errors stand there. */
const TAIL_BYTES = 2 ** 20
const NAMES = ['builder-live.log.gz', 'builder-live.log']

export interface LogDeps {
  storage: Storage
  /** Longer logs lose their middle. */
  mostBytes: number
}

/**
 * Copies the log of an ended task into storage. Packed or not, a log is stored as text.
 *
 * @param folder  address of the task's results, with a slash at the end
 * @returns the address it was found at; `undefined` when there is none
 * @throws whatever `fetch` throws, or an `Error` for an answer that is neither a log nor "not found"
 */
export async function fetchLog(folder: string, key: string, deps: LogDeps): Promise<string | undefined> {
  for (const name of NAMES) {
    const response = await fetch(folder + name, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel()
      continue
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      throw new Error(`${folder + name} answers ${response.status}`)
    }
    const body = Readable.fromWeb(response.body as ReadableStream)
    await deps.storage.put(key, Readable.from(readLog(body, deps.mostBytes)))
    return folder + name
  }
  return undefined
}

/** The text of a log that may be packed, whatever its name and headers say, without the middle of a very long one. */
async function* readLog(body: Readable, mostBytes: number): AsyncGenerator<Buffer> {
  const parts = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const first = await parts.next()
  if (first.done) return
  const whole = Readable.from(continueWith(first.value, parts))
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b
  yield* shorten(isPacked ? unpack(whole) : whole, mostBytes)
}

/** An error on either side ends both. */
function unpack(packed: Readable): Readable {
  const gunzip = createGunzip()
  pipeline(packed, gunzip, () => {})
  return gunzip
}

async function* continueWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let part = await rest.next(); !part.done; part = await rest.next()) yield part.value
}

/** So much of the beginning of a log is kept, however long it is. */
export function headBytesOf(mostBytes: number): number {
  return mostBytes - tailBytesOf(mostBytes)
}

function tailBytesOf(mostBytes: number): number {
  return Math.min(TAIL_BYTES, Math.floor(mostBytes / 2))
}

/** Hands on at most so many bytes, and a line that says what is left out. */
async function* shorten(text: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Buffer> {
  const tailBytes = tailBytesOf(mostBytes)
  let room = headBytesOf(mostBytes)
  let tail = Buffer.alloc(0)
  let left = 0
  for await (const part of text) {
    const head = part.subarray(0, room)
    room -= head.length
    if (head.length > 0) yield head
    if (head.length === part.length) continue
    const grown = Buffer.concat([tail, part.subarray(head.length)])
    left += Math.max(0, grown.length - tailBytes)
    tail = Buffer.from(grown.subarray(-tailBytes))
  }
  if (left > 0) yield Buffer.from(`\n[${left} bytes of this log are left out here]\n`)
  if (tail.length > 0) yield tail
}
