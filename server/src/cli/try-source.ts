import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { ConfigError, NotFoundError } from '../domain/errors.ts'
import type { ForgeProject } from '../domain/forge-event.ts'
import { isSha } from '../domain/git-ref.ts'
import { parseGitRule } from '../domain/git-url.ts'
import type { EventHead } from '../events/event-head.ts'
import { placeOfUrl } from '../forges/git/inbox.ts'
import { isAncestor } from '../git/read.ts'
import { commitWorkingTree, describeWorkingTree } from '../git/working-tree.ts'
import type { Service } from './service.ts'
import type { TryOptions } from './try.ts'

/** What `try` builds, with what to tell of it. */
export type TryHead = EventHead & { notes: string[] }

/** Opens the given repository, and nothing else of this machine, to git. */
export async function openForTry(source: string, config: Config): Promise<Config> {
  const path = await findFolder(source)
  return path ? { ...config, gitAllow: [...config.gitAllow, parseGitRule(path)] } : config
}

async function findFolder(source: string): Promise<string | undefined> {
  if (/^[a-z+]+:\/\//i.test(source)) return source.startsWith('file://') ? new URL(source).pathname : undefined
  const path = resolve(source)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return path
  if (/^[\w.-]+@[\w.-]+:/.test(source)) return undefined
  throw new NotFoundError(
    `${source} is neither a folder nor an address git can fetch from (https://…, ssh://…, user@host:path)`,
  )
}

type Wanted = Pick<TryOptions, 'base' | 'head' | 'pr' | 'merge' | 'committed'>

/**
 * Finds head and base of what is tried.
 *
 * @throws {ConfigError} options that exclude each other
 * @throws {NotFoundError} no such repository, ref or pull request
 */
export async function findTryHead(
  source: string,
  wanted: Wanted,
  service: Service,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<TryHead> {
  if (wanted.pr !== undefined && wanted.head !== undefined) throw new ConfigError('--head and --pr exclude each other')
  const folder = await findFolder(source)
  const url = folder ?? source
  const project = projectOf(url)
  const { mirrors } = service.builds
  const options = { signal, onProgress: (line: string) => say(line) }
  const base = await findBase(url, wanted.base, service, signal)
  const head = await findHead(url, folder, base.ref, wanted, service, signal)
  const { mirror } = await mirrors.fetchCommit({ mirrorOf: url, sha: head.sha, ref: head.ref }, options)
  const merging = wanted.merge && !(await isAncestor(mirror, base.sha, head.sha))
  return {
    project,
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
    notes: [`Building ${head.what}${merging ? `, merged into ${base.ref} (${base.sha.slice(0, 8)})` : ''}`],
  }
}

function projectOf(url: string): ForgeProject {
  const place = placeOfUrl(url)
  const name = basename(place.path).replace(/\.git$/, '') || 'project'
  const namespace = place.host === 'localhost' ? '-' : dirname(place.path).replace(/^[/.]+/, '') || '-'
  return { forge: place.host, namespace, name, webUrl: url, cloneUrl: url, isPrivate: false }
}

async function findBase(
  url: string,
  ref: string | undefined,
  { builds }: Service,
  signal: AbortSignal,
): Promise<{ ref: string; sha: string }> {
  const name = ref ?? (await builds.mirrors.findDefaultBranch(url, { signal }).catch(() => 'HEAD'))
  const { sha } = await builds.mirrors.fetchCommit({ mirrorOf: url, ref: name }, { signal })
  return { ref: name, sha }
}

interface FoundHead {
  sha: string
  ref: string
  /** For the user, in words. */
  what: string
}

async function findHead(
  url: string,
  folder: string | undefined,
  baseRef: string,
  wanted: Wanted,
  service: Service,
  signal: AbortSignal,
): Promise<FoundHead> {
  const { mirrors } = service.builds
  if (wanted.pr !== undefined) return findPullRequest(url, wanted.pr, service, signal)
  if (wanted.head !== undefined) {
    const want = isSha(wanted.head) ? { sha: wanted.head } : { ref: wanted.head }
    const { sha } = await mirrors.fetchCommit({ mirrorOf: url, ...want }, { signal })
    return { sha, ref: isSha(wanted.head) ? baseRef : wanted.head, what: `${wanted.head} (${sha.slice(0, 8)})` }
  }
  if (folder && !wanted.committed && (await hasWorkingTree(folder))) {
    const tree = await commitWorkingTree(mirrors, folder, { at: new Date(), signal })
    return { sha: tree.sha, ref: baseRef, what: describeWorkingTree(tree) }
  }
  const { sha } = await mirrors.fetchCommit({ mirrorOf: url, ref: 'HEAD' }, { signal })
  return { sha, ref: baseRef, what: `the commit that is checked out (${sha.slice(0, 8)})` }
}

async function hasWorkingTree(folder: string): Promise<boolean> {
  return (await stat(`${folder}/.git`).catch(() => undefined)) !== undefined
}

/** GitHub and Forgejo keep pull requests under one name, GitLab under another. */
async function findPullRequest(
  url: string,
  number: number,
  { builds }: Service,
  signal: AbortSignal,
): Promise<FoundHead> {
  for (const ref of [`refs/pull/${number}/head`, `refs/merge-requests/${number}/head`]) {
    const found = await builds.mirrors.fetchCommit({ mirrorOf: url, ref }, { signal }).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined
      throw error
    })
    if (found) return { sha: found.sha, ref, what: `pull request ${number} (${found.sha.slice(0, 8)})` }
  }
  throw new NotFoundError(`${url} has no pull or merge request ${number}`)
}
