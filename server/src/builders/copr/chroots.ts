import type { CoprClient } from './client.ts'

const KEPT_MS = 6 * 60 * 60_000

/**
 * The chroots of Copr, asked for every few hours. While it is away, those that were known before count.
 *
 * @param fallback  those known from elsewhere
 */
export function createChrootList(
  client: CoprClient,
  now: () => Date,
  fallback: () => Promise<readonly string[]> = async () => [],
): () => Promise<string[]> {
  let known: { chroots: string[]; at: number } | undefined
  return async () => {
    const at = now().getTime()
    if (known && at >= known.at && at - known.at < KEPT_MS) return [...known.chroots]
    try {
      const chroots = await client.listMockChroots()
      known = { chroots, at }
      return [...chroots]
    } catch (error) {
      const instead = known?.chroots ?? (await fallback())
      if (instead.length > 0) return [...instead]
      throw error
    }
  }
}
