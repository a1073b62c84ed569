import { randomUUID } from 'node:crypto'
import { lstat, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ConfigError, NotFoundError } from '../domain/errors.ts'
import { GitError, runGit } from './git.ts'
import type { FetchOptions, Mirrors } from './mirrors.ts'

/** A working tree's state as a commit in its mirror. */
export interface WorkingTreeCommit {
  /** The made commit, or `head` when nothing differs from it. */
  sha: string
  mirror: string
  /** The commit that is checked out. */
  head: string
  /** Paths that differ from `head`: changed, new and removed ones. */
  changed: string[]
}

/** Results of earlier runs lie in the tree, and don't belong to it. */
const OWN_RESULTS = '/packit-results/'

/**
 * Makes a commit of what lies in a working tree now: tracked files and new ones that are not ignored. Nothing in the
 * repository is written, its index and objects included, and none of its configuration is used: git works on the mirror,
 * whose configuration is ours, and is only told where the files lie. So filters, hooks and file system monitors of the
 * repository are never started, submodules stay at the commit they are recorded with, and files are taken as they lie.
 *
 * @param path  the top folder of the working tree, or one below it; must be open to `mirrors`
 * @param at    the time of the commit
 * @throws {NotFoundError} no repository, or one without a commit
 * @throws {ConfigError} a tree that git can't make a commit of
 */
export async function commitWorkingTree(
  mirrors: Mirrors,
  path: string,
  { at, ...options }: FetchOptions & { at: Date },
): Promise<WorkingTreeCommit> {
  const tree = await findWorkingTree(path)
  const { sha: head, mirror } = await mirrors.fetchCommit({ mirrorOf: tree.top, ref: 'HEAD' }, options)
  const index = join(mirror, `packit-index-${randomUUID()}`)
  const run: Run = (args, input = '', ofIndex = index) =>
    runGit(args, {
      gitDir: mirror,
      env: { GIT_WORK_TREE: tree.top, GIT_INDEX_FILE: ofIndex, ...identity(at) },
      timeMs: 10 * 60_000,
      maxOutputBytes: 256 * 1024 ** 2,
      input,
      ...(options.signal && { signal: options.signal }),
    })
  try {
    const written = await writeTree(tree, head, run)
    const changed = split(await run(['diff-tree', '-r', '-z', '--name-only', '--no-renames', head, written]))
    const paths = changed.map((name) => Buffer.from(name, 'latin1').toString())
    if (paths.length === 0) return { sha: head, mirror, head, changed: paths }
    const sha = text(await run(['commit-tree', '-p', head, '-m', 'Working tree', written]))
    await run(['update-ref', `refs/packit/commits/${sha}`, sha])
    return { sha, mirror, head, changed: paths }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const why = error.stderr.trim().split('\n')[0] ?? ''
    throw new ConfigError(`no commit can be made of the working tree ${tree.top}: ${why}`, { cause: error })
  } finally {
    await rm(index, { force: true })
    await rm(`${index}.lock`, { force: true })
  }
}

/** What a working tree's commit stands for, in a sentence for the terminal. */
export function describeWorkingTree({ head, changed }: WorkingTreeCommit): string {
  const commit = head.slice(0, 8)
  if (changed.length === 0) return `the working tree, which is as in ${commit}`
  return `the working tree: ${changed.length} ${changed.length === 1 ? 'file differs' : 'files differ'} from ${commit}`
}

interface WorkingTree {
  top: string
  /** The repository's folder with `index`, of a linked working tree its own. */
  gitDir: string
  /** The one with `info/exclude`. */
  commonDir: string
}

/** Looks upwards for `.git` as git does; the configured `core.worktree` is not believed. */
async function findWorkingTree(path: string): Promise<WorkingTree> {
  for (let top = resolve(path); ; top = dirname(top)) {
    const found = await stat(join(top, '.git')).catch(() => undefined)
    if (found) {
      const gitDir = found.isDirectory() ? join(top, '.git') : await readLink(join(top, '.git'), 'gitdir: ')
      const commonDir = await readLink(join(gitDir, 'commondir'), '').catch(() => gitDir)
      return { top, gitDir, commonDir }
    }
    if (top === dirname(top)) throw new NotFoundError(`${path} is not in a working tree of git`)
  }
}

/** A file of one line that holds a path, relative to where it lies. */
async function readLink(file: string, prefix: string): Promise<string> {
  const line = (await readFile(file, 'utf8')).trimEnd()
  if (!line.startsWith(prefix)) throw new NotFoundError(`${file} does not name a repository`)
  return resolve(dirname(file), line.slice(prefix.length))
}

type Run = (args: string[], input?: string | Buffer, ofIndex?: string) => Promise<Buffer>

/** An entry of an index. */
interface Entry {
  /** `S`: not checked out on purpose (sparse checkout), so that a missing file is not a removed one. */
  tag: string
  mode: string
  oid: string
  stage: string
  path: string
}

/**
 * The tree of what lies in the working tree. Not `git add --all`: that looks into submodules by a git of its own, which
 * would use their configuration.
 */
async function writeTree(tree: WorkingTree, head: string, run: Run): Promise<string> {
  const entries = await listTracked(tree, head, run)
  const settled = entries.filter(({ stage }) => stage === '0')
  const lines = settled.map(({ mode, oid, path }) => `${mode} ${oid} 0\t${path}\0`)
  await run(['read-tree', '--empty'])
  await run(['update-index', '-z', '--index-info'], Buffer.from(lines.join(''), 'latin1'))

  const gitlinks = new Set(entries.filter(({ mode }) => mode === '160000').map(({ path }) => path))
  const visible = entries.filter(({ tag, mode }) => tag !== 'S' && mode !== '160000').map(({ path }) => path)
  const links = await findLinks(tree.top, visible)
  const gone = visible.filter((path) => isBelow(path, links))
  await run(['update-index', '--force-remove', '-z', '--stdin'], joinPaths(gone))

  const fresh = (await listNew(tree, run)).filter((path) => !isBelow(path, gitlinks))
  const here = new Set([...visible.filter((path) => !isBelow(path, links)), ...fresh])
  await run(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], joinPaths([...here]))
  return text(await run(['write-tree']))
}

/** What the packager's own index tracks; where it can't be read (split, newer than our git), what the commit holds. */
async function listTracked(tree: WorkingTree, head: string, run: Run): Promise<Entry[]> {
  const args = ['ls-files', '-z', '-t', '-s']
  try {
    return parseEntries(await run(args, '', join(tree.gitDir, 'index')))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    await run(['read-tree', head])
    return parseEntries(await run(args))
  }
}

function parseEntries(output: Buffer): Entry[] {
  return split(output).map((line) => {
    const [tag = '', mode = '', oid = '', stage = ''] = line.slice(0, line.indexOf('\t')).split(' ')
    return { tag, mode, oid, stage, path: line.slice(line.indexOf('\t') + 1) }
  })
}

/** Files that are neither tracked nor ignored. */
async function listNew({ commonDir }: WorkingTree, run: Run): Promise<string[]> {
  const own = join(commonDir, 'info/exclude')
  const excludes = ['--exclude-per-directory=.gitignore', `--exclude=${OWN_RESULTS}`]
  if (await stat(own).catch(() => undefined)) excludes.push(`--exclude-from=${own}`)
  // a folder with a repository of its own is told with a slash at its end
  return split(await run(['ls-files', '-z', '--others', ...excludes])).filter((path) => !path.endsWith('/'))
}

/** Folders of tracked files that are links now: what was tracked below them is gone. */
async function findLinks(top: string, paths: readonly string[]): Promise<Set<string>> {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let at = dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at)
  }
  const links = new Set<string>()
  for (const folder of folders) {
    const found = await lstat(Buffer.from(`${Buffer.from(top).toString('latin1')}/${folder}`, 'latin1')).catch(
      () => undefined,
    )
    if (found?.isSymbolicLink()) links.add(folder)
  }
  return links
}

function joinPaths(paths: readonly string[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
}

function isBelow(path: string, folders: Set<string>): boolean {
  for (let at = dirname(path); at !== '.'; at = dirname(at)) if (folders.has(at)) return true
  return false
}

/** Paths are bytes: they pass through as they are. */
function split(output: Buffer): string[] {
  return output.toString('latin1').split('\0').filter(Boolean)
}

function text(output: Buffer): string {
  return output.toString().trim()
}

function identity(at: Date): Record<string, string> {
  const date = `${Math.floor(at.getTime() / 1000)} +0000`
  const name = 'Packit'
  const email = 'packit@localhost'
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}
