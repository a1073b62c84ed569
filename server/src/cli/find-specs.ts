import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const MOST_FOLDERS = 2_000

/**
 * The spec files of a folder: those at its top, then those below it, except in a top-level folder `tests`; in order of
 * their names. Hidden folders aren't looked at.
 *
 * @returns paths relative to the folder
 */
export async function findSpecFiles(folder: string): Promise<string[]> {
  const found: string[] = []
  const waiting = ['']
  for (let looked = 0; looked < MOST_FOLDERS && waiting.length > 0; looked++) {
    const path = waiting.shift() ?? ''
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => [])
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(path, entry.name)
      if (entry.isFile() && entry.name.endsWith('.spec')) found.push(name)
      if (entry.isDirectory() && !entry.name.startsWith('.') && name !== 'tests') waiting.push(name)
    }
  }
  return found
}
