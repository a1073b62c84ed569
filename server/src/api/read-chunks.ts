import type { ApiDeps } from './deps.ts'

const CHUNK_BYTES = 2 ** 20

/** The bytes of a stored object from `start` to before `end`, a megabyte at a time. */
export async function* readChunks(
  storage: Pick<ApiDeps['storage'], 'range'>,
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
