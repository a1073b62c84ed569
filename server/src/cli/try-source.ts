import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { NotFoundError } from '../domain/errors.ts'
import type { ForgeProject } from '../domain/forge-event.ts'
import { isSha } from '../domain/git-ref.ts'
import { parseGitRule } from '../domain/git-url.ts'
import type { EventHead } from '../events/event-head.ts'
import { placeOfUrl } from '../forges/git/inbox.ts'
import { runGit } from '../git/git.ts'
import type { Mirrors } from '../git/mirrors.ts'
import { isAncestor } from '../git/read.ts'
import { commitWorkingTree, describeWorkingTree } from '../git/working-tree.ts'
import type { TryOptions } from './try.ts'

/** What `try` builds, with what to tell of it. */
export type TryHead = EventHead & { notes: string[] }

/** Where the repository is: a folder of this machine, or an address. */
export interface TryPlace {
  url: string
  /** The top folder of the repository, for one on this machine. */
  folder?: string
  /** What the project is called. */
  name?: string
}

/**
 * Finds the repository that is meant. A folder inside of one stands for the whole.
 *
 * @throws {NotFoundError} no folder, or one that is in no repository
 */
export async function findTryPlace(source: string): Promise<TryPlace> {
  if (source === '') throw new NotFoundError('the path or address of a repository is needed, and it is empty')
  const path = await findFolder(source)
  if (path === undefined) return { url: source }
  const folder = await findRepository(path)
  if (folder === undefined) {
    throw new NotFoundError(
      `${source} is not in a git repository; "git init", "git add --all" and "git commit" make it one`,
    )
  }
  const name = await nameOfOrigin(folder)
  return { url: folder, folder, ...(name ? { name } : {}) }
}

/** Opens the given repository, and nothing else of this machine, to git. */
export function openForTry({ folder }: TryPlace, config: Config): Config {
  return folder ? { ...config, gitAllow: [...config.gitAllow, parseGitRule(folder)] } : config
}

async function findFolder(source: string): Promise<string | undefined> {
  const isFileUrl = source.startsWith('file:///')
  if (!isFileUrl && /^[a-z+]+:\/\//i.test(source)) return undefined
  const path = isFileUrl ? fileURLToPath(source) : resolve(source)
  if (await isThere(path, 'folder')) return path
  if (/^[\w.-]+@[\w.-]+:/.test(source)) return undefined
  throw new NotFoundError(
    `${source} is neither a folder nor an address git can fetch from (https://…, ssh://…, user@host:path)`,
  )
}

/** Looks upwards as git does; a bare repository is its own top. */
async function findRepository(path: string): Promise<string | undefined> {
  for (let top = path; ; top = dirname(top)) {
    if (await isThere(join(top, '.git'))) return top
    if ((await isThere(join(top, 'HEAD'), 'file')) && (await isThere(join(top, 'objects'), 'folder'))) return top
    if (top === dirname(top)) return undefined
  }
}

/** A clone is called as its origin is, whatever its folder is called. */
async function nameOfOrigin(folder: string): Promise<string | undefined> {
  const file = (await isThere(join(folder, '.git/config'))) ? join(folder, '.git/config') : join(folder, 'config')
  const command = ['config', '--file', file, '--no-includes', '--get', 'remote.origin.url']
  const url = await runGit(command).catch(() => undefined)
  return url?.toString().trim().replace(/\/+$/, '').split(/[/:]/).at(-1)
}

async function isThere(path: string, kind?: 'file' | 'folder'): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return false
  return kind === undefined || (kind === 'file' ? found.isFile() : found.isDirectory())
}

type Wanted = Pick<TryOptions, 'base' | 'head' | 'pr' | 'merge' | 'committed'>

/** What the search for a head is done with; `onProgress` is told what git says of a long fetch. */
interface Search {
  mirrors: Mirrors
  options: { signal: AbortSignal; onProgress: (line: string) => void }
}

/**
 * Finds head and base of what is tried.
 *
 * @throws {NotFoundError} no such repository, ref or pull request
 */
export async function findTryHead(place: TryPlace, wanted: Wanted, search: Search): Promise<TryHead> {
  const { url } = place
  const base = await findBase(place, wanted.base, search)
  const head = await findHead(place, base.ref, wanted, search)
  const { mirror } = await search.mirrors.fetchCommit({ mirrorOf: url, sha: head.sha, ref: head.ref }, search.options)
  const merging = wanted.merge && !(await isAncestor(mirror, base.sha, head.sha))
  return {
    project: projectOf(place),
    on: 'pull_request',
    triggerKind: 'pull_request',
    action: 'opened',
    number: wanted.pr ?? null,
    name: head.ref,
    title: null,
    author: '',
    url: null,
    labels: [],
    sha: head.sha,
    before: null,
    baseRef: base.ref,
    baseSha: base.sha,
    order: Date.now(),
    headUrl: url,
    headRef: head.ref,
    isFork: false,
    notes: [`Building ${head.what}${merging ? `, merged into ${base.ref} (${base.sha.slice(0, 8)})` : ''}`],
  }
}

function projectOf({ url, name }: TryPlace): ForgeProject {
  const place = placeOfUrl(url)
  // archives, and with them paths of rpmbuild, are named for it: no blanks
  const safe = (name || basename(place.path)).replace(/\.git$/, '').replace(/[^\w.+~-]+/g, '-')
  const namespace = place.host === 'localhost' ? '-' : dirname(place.path).replace(/^[/.]+/, '') || '-'
  return { forge: place.host, namespace, name: safe || 'project', webUrl: url, cloneUrl: url, isPrivate: false }
}

/** Without a wish it is the default branch; the commit that is checked out, where no branch is. */
async function findBase(
  { url, folder }: TryPlace,
  wanted: string | undefined,
  { mirrors, options }: Search,
): Promise<{ ref: string; sha: string }> {
  const orElse = (error: unknown) => {
    if (folder && error instanceof NotFoundError) return 'HEAD'
    throw error
  }
  const ref = wanted ?? (await mirrors.findDefaultBranch(url, options).catch(orElse))
  const { sha } = await mirrors.fetchCommit({ mirrorOf: url, ref }, options).catch((error: unknown) => {
    if (ref !== 'HEAD' || !(error instanceof NotFoundError)) throw error
    throw new NotFoundError(`${url} has no commit yet: commit something first`, { cause: error })
  })
  return { ref, sha }
}

interface FoundHead {
  sha: string
  ref: string
  /** For the user, in words. */
  what: string
}

async function findHead(
  { url, folder }: TryPlace,
  baseRef: string,
  wanted: Wanted,
  search: Search,
): Promise<FoundHead> {
  const { mirrors, options } = search
  if (wanted.pr !== undefined) return findPullRequest(url, wanted.pr, search)
  if (wanted.head !== undefined) {
    const want = isSha(wanted.head) ? { sha: wanted.head } : { ref: wanted.head }
    const { sha } = await mirrors.fetchCommit({ mirrorOf: url, ...want }, options).catch((error: unknown) => {
      if (!(error instanceof NotFoundError) || !/^[0-9a-f]{4,39}$/.test(wanted.head ?? '')) throw error
      throw new NotFoundError(`${error.message}; a commit is named by its whole id (git rev-parse ${wanted.head})`)
    })
    return { sha, ref: isSha(wanted.head) ? baseRef : wanted.head, what: `${wanted.head} (${sha.slice(0, 8)})` }
  }
  if (folder && !wanted.committed && (await isThere(join(folder, '.git')))) {
    const tree = await commitWorkingTree(mirrors, folder, { at: new Date(), ...options })
    return { sha: tree.sha, ref: baseRef, what: describeWorkingTree(tree) }
  }
  const { sha } = await mirrors.fetchCommit({ mirrorOf: url, ref: 'HEAD' }, options)
  const what = folder ? 'the commit that is checked out' : `the newest commit of ${baseRef}`
  return { sha, ref: baseRef, what: `${what} (${sha.slice(0, 8)})` }
}

/** GitHub and Forgejo keep pull requests under one name, GitLab under another. */
async function findPullRequest(url: string, number: number, { mirrors, options }: Search): Promise<FoundHead> {
  for (const ref of [`refs/pull/${number}/head`, `refs/merge-requests/${number}/head`]) {
    const found = await mirrors.fetchCommit({ mirrorOf: url, ref }, options).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined
      throw error
    })
    if (found) return { sha: found.sha, ref, what: `pull request ${number} (${found.sha.slice(0, 8)})` }
  }
  throw new NotFoundError(`${url} has no pull or merge request ${number}`)
}
