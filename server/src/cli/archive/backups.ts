import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST } from './manifest.ts'

const NAME = /^packit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/

/** The folder of a backup made at a time; in order of names is in order of time. */
export function backupName(at: Date): string {
  return `packit-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

export interface Backups {
  /** Folders of complete ones, oldest first. */
  complete: string[]
  /** Folders that have no manifest: of a backup that runs, or was killed. */
  incomplete: string[]
}

/** The backups in a folder; none when it isn't there. */
export async function findBackups(dir: string): Promise<Backups> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => NAME.test(name)).sort()
  const found: Backups = { complete: [], incomplete: [] }
  for (const name of names) {
    const folder = join(dir, name)
    const isComplete = await stat(join(folder, MANIFEST)).catch(() => undefined)
    found[isComplete ? 'complete' : 'incomplete'].push(folder)
  }
  return found
}

/** Removes all but the newest complete ones; gives those removed. */
export async function removeOldBackups(dir: string, keep: number): Promise<string[]> {
  const { complete } = await findBackups(dir)
  const old = complete.slice(0, Math.max(0, complete.length - keep))
  for (const folder of old) await rm(folder, { recursive: true, force: true })
  return old
}
