import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { checkKey, checkLog } from './key.ts'
import { openLocalCache } from './local-cache.ts'
import { createS3Client, type S3Options } from './s3-client.ts'
import { openS3Logs } from './s3-log.ts'
import { openS3Objects } from './s3-objects.ts'
import type { Storage } from './storage.ts'

export interface S3StorageOptions extends S3Options {
  /** What all names begin with; empty = the whole bucket. */
  prefix: string
  /** Folder of this machine for copies that programs read. */
  cacheDir: string
  /** How much of it may be kept. */
  cacheBytes?: number
}

const CACHE_BYTES = 5 * 2 ** 30
/** A pointer is believed so long: files of one repository are asked for one after the other. */
const POINTER_MS = 1000
const CHUNK_BYTES = 2 ** 20

/**
 * Storage in a bucket of an S3-compatible store. Below the prefix lie objects in `o/`, segments of logs in `l/`, and in
 * `p/` pointers: one for each folder that shows what another one holds.
 */
export function openS3Storage(options: S3StorageOptions): Storage {
  const objects = openS3Objects(createS3Client(options))
  const root = options.prefix ? `${options.prefix}/` : ''
  const nameOf = (key: string) => `${root}o/${checkKey(key).join('/')}`
  const pointerOf = (key: string) => `${root}p/${checkKey(key).join('/')}`
  const segmentsOf = (key: string) => `${root}l/${checkKey(key).join('/')}/`
  const logs = openS3Logs(objects, segmentsOf)
  const cache = openLocalCache(options.cacheDir, options.cacheBytes ?? CACHE_BYTES)
  const pointers = new Map<string, { to: string | undefined; until: number }>()

  async function findPointer(folder: string): Promise<string | undefined> {
    const known = pointers.get(folder)
    if (known && known.until > Date.now()) return known.to
    const found = await objects.range(pointerOf(folder), 0, 4096)
    if (pointers.size > 10_000) pointers.clear()
    pointers.set(folder, { to: found?.data.toString(), until: Date.now() + POINTER_MS })
    return found?.data.toString()
  }

  /** The key that is shown as this one, if it lies in a folder that shows another one. */
  async function follow(key: string): Promise<string | undefined> {
    const parts = key.split('/')
    const folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))
    const found = await Promise.all(folders.map(findPointer))
    const at = found.findLastIndex((to) => to !== undefined)
    return at < 0 ? undefined : [found[at], ...parts.slice(at + 1)].join('/')
  }

  /** Looks for an object under its key, then under the one that is shown there. */
  async function seek<T>(key: string, look: (key: string) => Promise<T | undefined>): Promise<T | undefined> {
    const found = await look(key)
    if (found !== undefined) return found
    const shown = await follow(key)
    return shown === undefined ? undefined : look(shown)
  }

  const rangeOf = async (key: string, start: number, length: number) => {
    // a log that was put as a whole is an object
    const grown = key.endsWith('.log') ? await logs.range(key, start, length) : undefined
    return grown ?? objects.range(nameOf(key), start, length)
  }

  async function put(key: string, data: Buffer | string | Readable): Promise<void> {
    if (data instanceof Readable) await objects.putStream(nameOf(key), data)
    else await objects.put(nameOf(key), Buffer.from(data))
    if (key.endsWith('.log')) await removeSegments(key)
  }

  async function removeSegments(key: string): Promise<void> {
    logs.forget(key)
    await objects.delete((await objects.list(segmentsOf(key))).map(({ name }) => name))
  }

  async function append(key: string, data: Buffer | string): Promise<void> {
    checkLog(key)
    const whole = await takeWhole(key)
    await logs.append(key, Buffer.concat([whole, Buffer.from(data)]))
    if (whole.length > 0) await objects.delete([nameOf(key)])
  }

  const begun = new Set<string>()
  /** What was put as a whole before the first append of this process, which goes on from there. */
  async function takeWhole(key: string): Promise<Buffer> {
    if (begun.has(key)) return Buffer.alloc(0)
    if (begun.size > 1000) begun.clear()
    begun.add(key)
    const hasSegments = (await logs.range(key, 0, 0)) !== undefined
    const found = hasSegments ? undefined : await objects.range(nameOf(key), 0, Number.MAX_SAFE_INTEGER)
    return found?.data ?? Buffer.alloc(0)
  }

  async function read(key: string): Promise<{ stream: Readable; size: number } | undefined> {
    const size = key.endsWith('.log') ? (await logs.range(key, 0, 0))?.size : undefined
    return size === undefined ? objects.read(nameOf(key)) : { stream: Readable.from(chunks(key, size)), size }
  }

  async function* chunks(key: string, size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      const part = await logs.range(key, at, Math.min(CHUNK_BYTES, size - at))
      if (part) yield part.data
    }
  }

  async function list(prefix: string): Promise<string[]> {
    const own = root.length + 2
    const whole = await objects.list(prefix === '' ? `${root}o/` : `${nameOf(prefix)}/`)
    const grown = await objects.list(prefix === '' ? `${root}l/` : segmentsOf(prefix))
    const keys = whole.map(({ name }) => name.slice(own))
    const logKeys = grown.map(({ name }) => name.slice(own, name.lastIndexOf('/'))).filter((key) => key !== prefix)
    return [...new Set([...keys, ...logKeys])].sort()
  }

  async function remove(key: string): Promise<void> {
    logs.forget(key)
    for (const known of begun) if (known === key || known.startsWith(`${key}/`)) begun.delete(known)
    const below = await Promise.all([
      objects.list(`${nameOf(key)}/`),
      objects.list(segmentsOf(key)),
      objects.list(`${pointerOf(key)}/`),
    ])
    await objects.delete([nameOf(key), pointerOf(key), ...below.flat().map(({ name }) => name)])
    pointers.clear()
  }

  async function localPath(key: string): Promise<string> {
    const found = await seek(key, async (at) => {
      const object = await objects.find(nameOf(at))
      return object && { ...object, at }
    })
    if (!found) throw new Error(`there is nothing at ${key} in the store`)
    return cache.get(`${found.at} ${found.etag}`, async () => (await read(found.at))?.stream ?? Readable.from([]))
  }

  return {
    put,
    putFile: (key, path) => put(key, createReadStream(path)),
    append,
    extend: async (key, start, data) => logs.extend(checkLog(key), start, data),
    range: async (key, start, length) => tolerate(key, (at) => seek(at, (one) => rangeOf(one, start, length))),
    read: async (key) => tolerate(key, (at) => seek(at, read)),
    list,
    delete: remove,
    localPath,
    async publish(from, to) {
      checkKey(from)
      await objects.put(pointerOf(to), Buffer.from(from))
      pointers.delete(to)
    },
  }
}

/** Under a name that is longer than the store takes there is nothing, nor in a folder. */
async function tolerate<T>(key: string, look: (key: string) => Promise<T | undefined>): Promise<T | undefined> {
  checkKey(key)
  const isTooLong = key.length > 900 || key.split('/').some((part) => part.length > 255)
  return isTooLong ? undefined : look(key)
}
