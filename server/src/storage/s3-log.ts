import type { S3Objects } from './s3-objects.ts'
import type { Range } from './storage.ts'

/** A segment is written anew as it grows, up to this size: larger ones cost more traffic, smaller ones more objects. */
const SEGMENT_BYTES = 256 * 1024
/** So many logs are written at a time by one process, at most. */
const REMEMBERED = 1000

interface Segment {
  name: string
  start: number
  size: number
}

/** Logs that grow, in a store whose objects don't: one is kept in segments, each named for where it begins. */
export interface S3Logs {
  append(key: string, data: Buffer): Promise<void>
  range(key: string, start: number, length: number): Promise<Range | undefined>
  /** Forgets what is known of the logs at or below a key: they were replaced or removed. */
  forget(key: string): void
}

/** @param folderOf  name of the segments of a log, with a slash at the end */
export function openS3Logs(objects: S3Objects, folderOf: (key: string) => string): S3Logs {
  const open = new Map<string, { start: number; tail: Buffer }>()

  async function listSegments(key: string): Promise<Segment[]> {
    const folder = folderOf(key)
    const found = await objects.list(folder)
    return found.map(({ name, size }) => ({ name, size, start: Number(name.slice(folder.length)) }))
  }

  /** Where the last segment begins and what it holds, as this process wrote it, or as another one left it. */
  async function findEnd(key: string): Promise<{ start: number; tail: Buffer }> {
    const known = open.get(key)
    if (known) return known
    const last = (await listSegments(key)).at(-1)
    if (!last) return { start: 0, tail: Buffer.alloc(0) }
    const found = await objects.range(last.name, 0, last.size)
    return { start: last.start, tail: found?.data ?? Buffer.alloc(0) }
  }

  return {
    async append(key, data) {
      let { start, tail } = await findEnd(key)
      if (tail.length >= SEGMENT_BYTES) {
        start += tail.length
        tail = Buffer.alloc(0)
      }
      const next = Buffer.concat([tail, data])
      await objects.put(`${folderOf(key)}${String(start).padStart(15, '0')}`, next)
      open.delete(key)
      open.set(key, { start, tail: next })
      const [oldest] = open.keys()
      if (open.size > REMEMBERED && oldest !== undefined) open.delete(oldest)
    },
    async range(key, start, length) {
      const segments = await listSegments(key)
      const last = segments.at(-1)
      if (!last) return undefined
      const size = last.start + last.size
      const from = start < 0 ? Math.max(0, size + start) : Math.min(start, size)
      const until = Math.min(size, from + Math.max(0, length))
      const parts: Buffer[] = []
      for (const segment of segments) {
        const begin = Math.max(from, segment.start)
        const end = Math.min(until, segment.start + segment.size)
        if (begin >= end) continue
        const part = await objects.range(segment.name, begin - segment.start, end - begin)
        parts.push(part?.data ?? Buffer.alloc(0))
      }
      return { data: Buffer.concat(parts), start: from, size }
    },
    forget(key) {
      for (const known of open.keys()) if (known === key || known.startsWith(`${key}/`)) open.delete(known)
    },
  }
}
