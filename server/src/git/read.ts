import { posix } from 'node:path'
import { ConfigError } from '../domain/errors.ts'
import { isSafeRef, isSha } from '../domain/git-ref.ts'
import { GitError, runGit } from './git.ts'

/** An entry of a commit's tree. */
export interface TreeEntry {
  path: string
  kind: 'file' | 'link' | 'folder' | 'submodule'
  /** Of a file or link. */
  bytes: number
}

export interface CommitInfo {
  sha: string
  /** The first line of the message; may hold anything. */
  title: string
  author: { name: string; email: string }
  authoredAt: Date
  committedAt: Date
}

const MAX_FILE_BYTES = 1024 ** 2

/**
 * A file of a commit. Nothing is checked out and no link is followed.
 *
 * @param path  relative to the top of the repository
 * @returns     `undefined` when the commit has no such file
 * @throws      {ConfigError} when it is no regular file, is too large, or the path leads out of the repository
 */
export async function readFile(
  mirror: string,
  sha: string,
  path: string,
  maxBytes = MAX_FILE_BYTES,
): Promise<Buffer | undefined> {
  const clean = cleanPath(path)
  const output = await runGit(['ls-tree', '-z', '-l', '--full-tree', commit(sha), '--', clean], { gitDir: mirror })
  const entry = parseTree(output).find((found) => found.path === clean)
  if (!entry) return undefined
  if (entry.kind === 'link') throw new ConfigError(`${path} is a symbolic link; a regular file is needed`)
  if (entry.kind !== 'file') throw new ConfigError(`${path} is a ${entry.kind}; a regular file is needed`)
  if (entry.bytes > maxBytes) throw new ConfigError(`${path} has ${entry.bytes} bytes; at most ${maxBytes} are read`)
  return runGit(['cat-file', 'blob', entry.oid], { gitDir: mirror, maxOutputBytes: maxBytes + 1 })
}

/**
 * What a commit's tree holds: its top level, or all of it.
 *
 * @param limit  of entries; more make `truncated` true
 */
export async function listFiles(
  mirror: string,
  sha: string,
  { all = false, limit = 10_000 }: { all?: boolean; limit?: number } = {},
): Promise<{ entries: TreeEntry[]; truncated: boolean }> {
  const args = ['ls-tree', '-z', '-l', '--full-tree', ...(all ? ['-r'] : []), commit(sha)]
  // an entry's path may be 4096 bytes long, most are far below 200
  const output = await runGit(args, { gitDir: mirror, maxOutputBytes: limit * 200 }).catch((error) => {
    if (error instanceof GitError && error.fault === 'output') return error.stdout
    throw error
  })
  const whole = output.subarray(0, output.lastIndexOf(0) + 1)
  const entries = parseTree(whole).map(({ oid: _, ...entry }) => entry)
  return { entries: entries.slice(0, limit), truncated: entries.length > limit || output.length >= limit * 200 }
}

/** The commit that a branch, tag or id means in the mirror. */
export async function resolveCommit(mirror: string, ref: string): Promise<string | undefined> {
  if (!isSafeRef(ref)) return undefined
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  return (await runUnlessNo(args, mirror))?.toString().trim()
}

/** The best common ancestor of two commits; `undefined` when their histories have nothing in common. */
export async function mergeBase(mirror: string, a: string, b: string): Promise<string | undefined> {
  return (await runUnlessNo(['merge-base', commit(a), commit(b)], mirror))?.toString().trim()
}

/** Whether `older` is `newer` or lies in its history. */
export async function isAncestor(mirror: string, older: string, newer: string): Promise<boolean> {
  return (await runUnlessNo(['merge-base', '--is-ancestor', commit(older), commit(newer)], mirror)) !== undefined
}

/** Who made a commit, when, and what it says. */
export async function commitInfo(mirror: string, sha: string): Promise<CommitInfo> {
  const format = '--format=%H%x00%s%x00%an%x00%ae%x00%at%x00%ct'
  const output = await runGit(['log', '-1', '--no-mailmap', format, commit(sha)], { gitDir: mirror })
  const [id = '', title = '', name = '', email = '', authored, committed] = output.toString().trimEnd().split('\0')
  return { sha: id, title, author: { name, email }, authoredAt: toDate(authored), committedAt: toDate(committed) }
}

/** Git answers some questions by ending with 1 for no. */
async function runUnlessNo(args: string[], gitDir: string): Promise<Buffer | undefined> {
  return runGit(args, { gitDir }).catch((error) => {
    if (error instanceof GitError && error.exitCode === 1) return undefined
    throw error
  })
}

function commit(sha: string): string {
  if (!isSha(sha)) throw new ConfigError(`${JSON.stringify(sha.slice(0, 100))} is no commit id`)
  return sha
}

function cleanPath(path: string): string {
  const clean = posix.normalize(path).replace(/\/$/, '')
  if (clean === '.' || clean === '..' || clean.startsWith('../') || clean.startsWith('/') || clean.includes('\0')) {
    throw new ConfigError(`${JSON.stringify(path)} is no path inside the repository`)
  }
  return clean
}

const KINDS: Record<string, TreeEntry['kind']> = { '040000': 'folder', '120000': 'link', '160000': 'submodule' }

function parseTree(output: Buffer): (TreeEntry & { oid: string })[] {
  return output
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [, mode = '', oid = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(-|\d+)\t(.*)$/s.exec(line) ?? []
      return { path, oid, kind: KINDS[mode] ?? 'file', bytes: Number(size) || 0 }
    })
}

/** Authors write any number; what `Date` can't hold becomes its beginning. */
function toDate(seconds: string | undefined): Date {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}
