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
  /** The whole message; of one longer than 1 MB the beginning. */
  message: string
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
  const output = await untilLimit(args, mirror, limit * 200)
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
  // what may be long comes last: it may be cut
  const format = '--format=%H%x00%at%x00%ct%x00%an%x00%ae%x00%s%x00%B'
  const args = ['log', '-1', '--no-mailmap', format, commit(sha)]
  const output = await untilLimit(args, mirror, 3 * MAX_FILE_BYTES)
  const [id = '', authored, committed, name = '', email = '', title = '', ...rest] = output.toString().split('\0')
  const message = rest.join('\0').trimEnd().slice(0, MAX_FILE_BYTES)
  const author = { name, email }
  return { sha: id, title, message, author, authoredAt: toDate(authored), committedAt: toDate(committed) }
}

/** Most files of a change that are looked at. */
const MAX_CHANGED_FILES = 20_000

/**
 * The paths that differ between two commits, those of both sides of what was renamed.
 *
 * @returns `undefined` when they can't be told: a commit is not in the mirror, or too much changed
 */
export async function changedPaths(
  mirror: string,
  from: string,
  to: string,
  limit = MAX_CHANGED_FILES,
): Promise<string[] | undefined> {
  // names come from trees alone, so that no file is read; no setting, filter or program of the repository has a say
  const options = [
    '-r',
    '-z',
    '--name-only',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=none',
  ]
  const args = ['diff-tree', ...options, '--end-of-options', commit(from), commit(to), '--']
  const output = await runGit(args, { gitDir: mirror, maxOutputBytes: limit * 200, timeMs: 20_000 }).catch((error) => {
    if (error instanceof GitError) return undefined
    throw error
  })
  const paths = output?.toString().split('\0').filter(Boolean)
  return paths && paths.length <= limit ? paths : undefined
}

/**
 * The paths that a head changes since it left its base.
 *
 * @returns `undefined` as `changedPaths` does, and when both have no history in common
 */
export async function changedSinceBase(mirror: string, base: string, head: string): Promise<string[] | undefined> {
  const common = await mergeBase(mirror, base, head).catch((error) => {
    if (error instanceof GitError) return undefined
    throw error
  })
  return common === undefined ? undefined : changedPaths(mirror, common, head)
}

/** What git prints, cut where it becomes too much. */
async function untilLimit(args: string[], gitDir: string, maxOutputBytes: number): Promise<Buffer> {
  return runGit(args, { gitDir, maxOutputBytes }).catch((error) => {
    if (error instanceof GitError && error.fault === 'output') return error.stdout
    throw error
  })
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
