import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What was asked for within this time may still be read by a program. */
const IN_USE_MS = 6 * 60 * 60_000

/** Copies on this machine of what lies elsewhere; those that were not asked for for the longest time go first. */
export interface LocalCache {
  /** @param id  names one content for ever @returns a path that holds it */
  get(id: string, fetch: () => Promise<Readable>): Promise<string>
}

export function openLocalCache(dir: string, mostBytes: number, inUseMs = IN_USE_MS): LocalCache {
  const fetching = new Map<string, Promise<string>>()

  async function fill(path: string, fetch: () => Promise<Readable>): Promise<string> {
    const now = new Date()
    const isThere = await utimes(path, now, now).then(
      () => true,
      () => false,
    )
    if (isThere) return path
    await mkdir(dir, { recursive: true })
    const temporary = join(dir, `.${randomUUID()}`)
    try {
      await pipeline(await fetch(), createWriteStream(temporary))
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await tidy(dir, mostBytes, inUseMs)
    return path
  }

  return {
    get(id, fetch) {
      const path = join(dir, createHash('sha256').update(id).digest('hex'))
      // asked for twice at a time it is fetched once
      const known = fetching.get(path)
      if (known) return known
      const filled = fill(path, fetch).finally(() => fetching.delete(path))
      fetching.set(path, filled)
      return filled
    },
  }
}

async function tidy(dir: string, mostBytes: number, inUseMs: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(dir)).map(async (name) => {
      const found = await stat(join(dir, name)).catch(() => undefined)
      return { path: join(dir, name), bytes: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 }
    }),
  )
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const unused = Date.now() - inUseMs
  for (const file of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= mostBytes || file.usedAt > unused) return
    await rm(file.path, { force: true })
    bytes -= file.bytes
  }
}
