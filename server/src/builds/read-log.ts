import type { Storage } from '../storage/storage.ts'

/** More of a log than this is not searched for the cause; errors stand at its end. */
const MOST_BYTES = 16 * 2 ** 20

/** The end of a stored log as text, cut at a line start; `''` when there is none. Line numbers stay those of the whole. */
export async function readLogEnd(storage: Storage, key: string): Promise<string> {
  const range = await storage.range(key, 0, MOST_BYTES)
  return range?.data.toString('utf8') ?? ''
}
