import type { Storage } from '../storage/storage.ts'

const CHUNK_BYTES = 2 ** 20

/** The bytes of a stored object from `start` to before `end`, a megabyte at a time. */
export async function* readChunks(
  storage: Pick<Storage, 'range'>,
  key: string,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const chunk = await storage.range(key, at, Math.min(CHUNK_BYTES, end - at))
    if (!chunk || chunk.data.length === 0) throw new Error(`${key} became shorter while it was read`)
    yield chunk.data
    at += chunk.data.length
  }
}

/** How much of a text an older client gets inside the details of a job. */
const LAST_TEXT_BYTES = 2 ** 20

/** The last megabyte of a stored text; null where there is none. */
export async function readLastText(storage: Pick<Storage, 'range'>, key: string | null): Promise<string | null> {
  const last = key === null ? undefined : await storage.range(key, -LAST_TEXT_BYTES, LAST_TEXT_BYTES)
  return last?.data.toString() ?? null
}
