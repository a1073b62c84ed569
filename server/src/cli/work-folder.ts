import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, identifySelf, isAlive } from './owner.ts'

/** Where a process keeps what it works with at the moment. */
export interface WorkFolder {
  path: string
  /** Removes what processes left there that were killed. */
  sweep(): Promise<void>
  /** This process works no more. */
  remove(): Promise<void>
}

const OWNER = '.owner.json'
/** Folders without an owner are those of earlier versions; no step takes so long. */
const UNOWNED_MS = 24 * 60 * 60_000

/** The folder of a process that has the data directory for itself: what lies there is nobody's. */
export async function openOwnFolder(path: string): Promise<WorkFolder> {
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true })
  return { path, sweep: async () => {}, remove: async () => {} }
}

/**
 * A folder among those of other processes that share the data directory.
 *
 * @param listKnown  ids of the processes that may live, for those of which nothing can be known from here
 */
export async function openSharedFolder(
  dir: string,
  id: string,
  listKnown: () => Promise<readonly string[]>,
): Promise<WorkFolder> {
  const path = join(dir, id)
  await mkdir(path, { recursive: true })
  await writeFile(join(path, OWNER), `${JSON.stringify(await identifySelf())}\n`)
  return {
    path,
    async sweep() {
      const names = await readdir(dir)
      const known = new Set([id, ...(await listKnown())])
      for (const name of names)
        if (await isLeft(join(dir, name), known.has(name))) await rm(join(dir, name), { recursive: true, force: true })
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

async function isLeft(path: string, isKnown: boolean): Promise<boolean> {
  const owner = await readOwner(path)
  if (owner) return !((await isAlive(owner)) ?? isKnown)
  if (isKnown) return false
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > UNOWNED_MS
}

async function readOwner(path: string): Promise<Identity | undefined> {
  const text = await readFile(join(path, OWNER), 'utf8').catch(() => '')
  try {
    return JSON.parse(text) as Identity
  } catch {
    return undefined
  }
}
