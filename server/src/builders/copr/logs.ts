import { pipeline, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'
import { fetchTold, ToldAddressError } from '../../domain/told-address.ts'
import type { Storage } from '../../storage/storage.ts'

const TIMEOUT_MS = 5 * 60_000
/** So much of the end of a log is kept where it is too long: errors stand there. */
const TAIL_BYTES = 2 ** 20
/** Nobody reads on: a few packed bytes can hold any number of unpacked ones, and each costs time. */
const MOST_READ_BYTES = 512 * 2 ** 20
/** Of what is unpacked at a time. */
const PIECE_BYTES = 2 ** 18
const NAMES = ['builder-live.log.gz', 'builder-live.log']

export interface LogDeps {
  storage: Storage
  /** Address of the Copr that names where its results are. */
  coprUrl: string
  /** Longer logs lose their middle. */
  mostBytes: number
  /** What comes behind so many bytes, unpacked, is not looked at; default 512 MiB. */
  mostReadBytes?: number
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
    const response = await fetchResult(folder + name, deps.coprUrl)
    if (!response) return undefined
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel()
      continue
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      throw new Error(`${folder + name} answers ${response.status}`)
    }
    const body = Readable.fromWeb(response.body as ReadableStream)
    await deps.storage.put(key, Readable.from(readLog(body, deps)))
    return folder + name
  }
  return undefined
}

/** `undefined` where Copr names an address that it has no business with. */
async function fetchResult(url: string, coprUrl: string): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetchTold(url, coprUrl, (at) => fetch(at, { signal, redirect: 'manual' }))
  } catch (error) {
    if (error instanceof ToldAddressError) return undefined
    throw error
  }
}

/** The text of a log that may be packed, whatever its name and headers say, without the middle of a very long one. */
async function* readLog(
  body: Readable,
  { mostBytes, mostReadBytes = MOST_READ_BYTES }: LogDeps,
): AsyncGenerator<Buffer> {
  const parts = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const first = await parts.next()
  if (first.done) return
  const whole = Readable.from(continueWith(first.value, parts))
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b
  const text = isPacked ? unpack(whole) : whole
  try {
    yield* shorten(text, mostBytes, mostReadBytes)
  } finally {
    text.destroy()
    whole.destroy()
    body.destroy()
  }
}

/** An error on either side ends both. */
function unpack(packed: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES })
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

/** Hands on at most so many bytes, and lines that say what is left out. */
async function* shorten(text: AsyncIterable<Buffer>, mostBytes: number, mostReadBytes: number): AsyncGenerator<Buffer> {
  const tail = createTail(tailBytesOf(mostBytes))
  let room = headBytesOf(mostBytes)
  let read = 0
  for await (const part of text) {
    read += part.length
    const head = part.subarray(0, room)
    room -= head.length
    if (head.length > 0) yield head
    if (head.length < part.length) tail.add(part.subarray(head.length))
    if (read > mostReadBytes) break
  }
  if (tail.dropped() > 0) yield Buffer.from(`\n[${tail.dropped()} bytes of this log are left out here]\n`)
  yield* tail.parts()
  if (read > mostReadBytes) yield Buffer.from(`\n[what follows behind ${read} bytes of this log was not read]\n`)
}

/** The last bytes of what is added, in the parts that they came in. */
function createTail(mostBytes: number) {
  const parts: Buffer[] = []
  let bytes = 0
  let dropped = 0
  return {
    add(part: Buffer): void {
      parts.push(part)
      bytes += part.length
      for (let first = parts[0]; first && bytes > mostBytes; first = parts[0]) {
        const over = Math.min(bytes - mostBytes, first.length)
        dropped += over
        bytes -= over
        if (over === first.length) parts.shift()
        else parts[0] = first.subarray(over)
      }
    },
    parts: () => parts,
    dropped: () => dropped,
  }
}
