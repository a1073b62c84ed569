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
  /** As `Storage.extend`. */
  extend(key: string, start: number, data: Buffer): Promise<number>
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
    return untilGap(found.map(({ name, size }) => ({ name, size, start: Number(name.slice(folder.length)) })))
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

  const putSegment = (key: string, start: number, data: Buffer) =>
    objects.put(`${folderOf(key)}${String(start).padStart(15, '0')}`, data)

  return {
    async append(key, data) {
      let { start, tail } = await findEnd(key)
      if (tail.length >= SEGMENT_BYTES) {
        start += tail.length
        tail = Buffer.alloc(0)
      }
      const next = Buffer.concat([tail, data])
      await putSegment(key, start, next)
      open.delete(key)
      open.set(key, { start, tail: next })
      const [oldest] = open.keys()
      if (open.size > REMEMBERED && oldest !== undefined) open.delete(oldest)
    },
    async extend(key, start, data) {
      // another process may have written since this one did
      open.delete(key)
      const segments = await listSegments(key)
      const size = endOf(segments)
      if (start > size || start + data.length <= size) return size
      const last = segments.find((segment) => segment.start + segment.size === size)
      const goesOn = last !== undefined && last.size < SEGMENT_BYTES ? last : undefined
      const before = goesOn && (await objects.range(goesOn.name, 0, goesOn.size))?.data
      const begin = goesOn?.start ?? size
      // it was written anew meanwhile, and is shorter now: the next copy goes on there
      if (goesOn && before?.length !== goesOn.size) return begin
      await putSegment(key, begin, Buffer.concat([before ?? Buffer.alloc(0), data.subarray(size - start)]))
      return start + data.length
    },
    async range(key, start, length) {
      const segments = await listSegments(key)
      if (segments.length === 0) return undefined
      const size = endOf(segments)
      const from = start < 0 ? Math.max(0, size + start) : Math.min(start, size)
      const until = Math.min(size, from + Math.max(0, length))
      const parts: Buffer[] = []
      let at = from
      for (const segment of segments) {
        const end = Math.min(until, segment.start + segment.size)
        if (at >= end) continue
        const part = await objects.range(segment.name, at - segment.start, end - at)
        if (part) parts.push(part.data)
        // it was written anew since it was listed
        if (part?.data.length !== end - at) break
        at = end
      }
      return { data: Buffer.concat(parts), start: from, size }
    },
    forget(key) {
      for (const known of open.keys()) if (known === key || known.startsWith(`${key}/`)) open.delete(known)
    },
  }
}

/**
 * The segments up to the first gap. Where several processes extend a log, one that was slow may write a segment shorter than it
 * was: what lay behind it waits until the gap is filled. Where segments overlap, they hold the same.
 */
function untilGap(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = []
  for (const segment of segments) {
    if (segment.start > endOf(joined)) break
    joined.push(segment)
  }
  return joined
}

function endOf(segments: readonly Segment[]): number {
  return Math.max(0, ...segments.map(({ start, size }) => start + size))
}
