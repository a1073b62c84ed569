import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UnavailableError } from '../domain/errors.ts'
import { checkGitUrl, type GitAllow } from '../domain/git-url.ts'
import { runGit } from './git.ts'
import { type Lock, takeLock } from './lock.ts'

/** When a mirror was last used: the time of this file in it. */
const USED = 'packit-used'
const TAGS = 'packit-tags'

/** The path of a repository's mirror; other spellings of the same address have the same one. */
export function mirrorPath(dir: string, url: string, allow: GitAllow): string {
  const same = checkGitUrl(url, allow).href.replace(/\.git$/, '')
  const readable = same
    .split(/[/:]/)
    .slice(-2)
    .join('-')
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(-60)
    .replace(/^[.-]+/, '')
  return join(dir, `${readable}-${createHash('sha256').update(same).digest('hex').slice(0, 16)}.git`)
}

/** Makes the mirror when it is missing, and removes what a killed git left in it. Call under its lock. */
export async function prepareMirror(path: string): Promise<void> {
  if (await exists(join(path, 'HEAD'))) return sweepMirror(path)
  await removeMirror(path)
  const fresh = `${path}.new-${randomUUID()}`
  await runGit(['init', '--quiet', '--bare', '--template=', '--', fresh])
  await writeFile(join(fresh, USED), '')
  // a mirror appears whole or not at all
  await rename(fresh, path)
}

/** Lock files of git outlive a killed git and stop the next one; half packs only take room. */
async function sweepMirror(path: string): Promise<void> {
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const left = entry.name.endsWith('.lock') || entry.name.startsWith('tmp_')
    if (entry.isFile() && left) await rm(join(entry.parentPath, entry.name), { force: true })
  }
}

/** Takes a mirror away at once, then removes it. */
export async function removeMirror(path: string): Promise<void> {
  const gone = `${path}.gone-${randomUUID()}`
  try {
    await rename(path, gone)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  await rm(gone, { recursive: true, force: true })
}

export async function markUsed(path: string): Promise<void> {
  await touch(join(path, USED))
}

export async function markTagged(path: string): Promise<void> {
  await touch(join(path, TAGS))
}

/** How long ago the tags were fetched, in milliseconds; `Infinity` when never. */
export async function tagsAge(path: string): Promise<number> {
  const found = await stat(join(path, TAGS)).catch(() => undefined)
  return found ? Date.now() - found.mtimeMs : Number.POSITIVE_INFINITY
}

/** Bytes that a mirror takes. */
export async function mirrorBytes(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  }
  return bytes
}

/** Bytes of the largest pack that a fetch has left unfinished; 0 when there is none. */
export async function halfPackBytes(path: string): Promise<number> {
  const folder = join(path, 'objects/pack')
  const names = (await readdir(folder)).filter((name) => name.startsWith('tmp_pack'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return Math.max(0, ...sizes)
}

/** Whether a mirror's history is cut, because it is that of a shallow clone. */
export function isShallow(path: string): Promise<boolean> {
  return exists(join(path, 'shallow'))
}

/** The lock of whoever changes a mirror. */
export async function lockMirror(path: string, waitMs: number, signal?: AbortSignal): Promise<Lock> {
  const lock = await takeLock(await lockFile(path, 'write'), 'exclusive', { waitMs, signal })
  if (lock) return lock
  throw new UnavailableError(`${basename(path)} has been locked by another fetch for ${waitMs / 1000} s`, 10_000)
}

/** Keeps a mirror from being evicted. */
export async function holdMirror(path: string, waitMs: number, signal?: AbortSignal): Promise<Lock> {
  const lock = await takeLock(await lockFile(path, 'use'), 'shared', { waitMs, signal })
  if (lock) return lock
  throw new UnavailableError(`${basename(path)} is being removed`, 10_000)
}

/**
 * Removes the least recently used mirrors until the rest takes no more than `maxBytes`. One that is in use stays.
 *
 * @returns the names of the removed ones and the bytes they took
 */
export async function evictMirrors(dir: string, maxBytes: number): Promise<{ name: string; bytes: number }[]> {
  const mirrors = await listMirrors(dir)
  let total = mirrors.reduce((sum, { bytes }) => sum + bytes, 0)
  const removed: { name: string; bytes: number }[] = []
  for (const { path, bytes } of mirrors.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) break
    if (!(await removeUnused(path))) continue
    total -= bytes
    removed.push({ name: basename(path), bytes })
  }
  return removed
}

async function removeUnused(path: string): Promise<boolean> {
  await using unused = await takeLock(await lockFile(path, 'use'), 'exclusive', { waitMs: 0 })
  if (!unused) return false
  await using unchanged = await takeLock(await lockFile(path, 'write'), 'exclusive', { waitMs: 0 })
  if (!unchanged) return false
  await removeMirror(path)
  return true
}

async function listMirrors(dir: string): Promise<{ path: string; bytes: number; usedAt: number }[]> {
  const names = await readdir(dir).catch(() => [])
  // what a killed process was about to make or remove
  for (const name of names.filter((n) => /\.git\.(new|gone)-/.test(n))) await removeLeftover(join(dir, name))
  const paths = names.filter((name) => name.endsWith('.git')).map((name) => join(dir, name))
  return Promise.all(
    paths.map(async (path) => {
      const used = await stat(join(path, USED)).catch(() => undefined)
      return { path, bytes: await mirrorBytes(path), usedAt: used?.mtimeMs ?? 0 }
    }),
  )
}

async function removeLeftover(path: string): Promise<void> {
  const mirror = path.replace(/\.(new|gone)-[^/]*$/, '')
  await using lock = await takeLock(await lockFile(mirror, 'write'), 'exclusive', { waitMs: 0 })
  if (lock) await rm(path, { recursive: true, force: true })
}

/** Lock files lie beside the mirrors, and stay when those go: a removed one could be held by somebody. */
async function lockFile(path: string, what: 'write' | 'use'): Promise<string> {
  const dir = join(path, '..', 'locks')
  await mkdir(dir, { recursive: true })
  return join(dir, `${basename(path)}.${what}`)
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => writeFile(path, ''))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
