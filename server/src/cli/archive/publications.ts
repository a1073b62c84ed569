import { newestRepositoryKey } from '../../domain/repository.ts'
import type { Storage } from '../../storage/storage.ts'

/** A folder that is shown under another name as well. */
export interface Publication {
  from: string
  to: string
}

const METADATA = /^repos\/([^/]+)\/runs\/(\d+)\/([^/]+)\/repodata\/repomd\.xml$/
/** Metadata of a repository is a few kB. */
const MOST_BYTES = 2 ** 20

/**
 * Which run each newest repository shows. The store doesn't say it: it is the newest run whose metadata is the same.
 *
 * @param keys  all keys of the store
 */
export async function findPublications(storage: Storage, keys: readonly string[]): Promise<Publication[]> {
  const runs = new Map<string, { id: number; folder: string }[]>()
  for (const key of keys) {
    const [, name = '', id = '', chroot = ''] = METADATA.exec(key) ?? []
    if (!id) continue
    const to = newestRepositoryKey(name, chroot)
    runs.set(to, [...(runs.get(to) ?? []), { id: Number(id), folder: key.replace(/\/repodata\/repomd\.xml$/, '') }])
  }
  const found: Publication[] = []
  for (const [to, candidates] of runs) {
    const from = await findShown(storage, to, candidates)
    if (from) found.push({ from, to })
  }
  return found
}

async function findShown(storage: Storage, to: string, candidates: { id: number; folder: string }[]) {
  const read = async (folder: string) => (await storage.range(`${folder}/repodata/repomd.xml`, 0, MOST_BYTES))?.data
  const shown = await read(to)
  if (!shown) return undefined
  for (const { folder } of candidates.toSorted((a, b) => b.id - a.id)) {
    if ((await read(folder))?.equals(shown)) return folder
  }
  return undefined
}
