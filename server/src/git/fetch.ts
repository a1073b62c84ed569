import { randomUUID } from 'node:crypto'
import { NotFoundError } from '../domain/errors.ts'
import { maskUrl } from '../domain/git-url.ts'
import { type Credentials, credentialsEnv } from './credentials.ts'
import { explainFetch, isMissingRef, isRedirect, isRefusedCommit, tooLarge } from './fetch-errors.ts'
import { GitError, runGit } from './git.ts'
import { halfPackBytes, isShallow, markTagged, mirrorBytes, tagsAge } from './mirror-store.ts'
import { type ReachRules, reach } from './reach.ts'
import { isAncestor, resolveCommit } from './read.ts'

/** The commit that is wanted: by its id, or what a ref means now; with both, the ref helps to find the id. */
export interface WantedCommit {
  /** The repository whose mirror the commit goes into, and whose tags it gets. */
  mirrorOf: string
  /** Where the commit is fetched from, e.g. a fork; `mirrorOf` if left out. */
  from?: string
  sha?: string
  /** A branch, a tag, or a whole ref such as `refs/pull/7/head`. */
  ref?: string
}

/** What a fetch into a mirror works with. */
export interface FetchContext extends RemoteContext {
  mirror: string
}

/** What a command that talks to a repository works with. */
export interface RemoteContext {
  rules: ReachRules
  limits: { timeMs: number; bytes: number }
  onProgress?: ((line: string) => void) | undefined
  signal?: AbortSignal | undefined
  credentials?: Credentials | undefined
}

const MAX_REDIRECTS = 5
/** A base and a head that are fetched one after the other ask for the tags once. */
const TAGS_FRESH_MS = 10_000
const TAGS = '+refs/tags/*:refs/tags/*'

/**
 * Fetches a commit with its whole history, and the base repository's tags, into a mirror. Call under the mirror's lock.
 *
 * @returns the commit's id
 */
export async function fetchIntoMirror(want: WantedCommit, context: FetchContext): Promise<string> {
  const { mirror } = context
  const from = want.from ?? want.mirrorOf
  const known = want.sha !== undefined && (await isKept(mirror, want.sha))
  const stale = (await tagsAge(mirror)) > TAGS_FRESH_MS || want.ref?.startsWith('refs/tags/')
  const missing = want.sha !== undefined && !known ? [want.sha] : []
  const together = from === want.mirrorOf && (await fetchTogether(want, { missing, stale: Boolean(stale), context }))
  if (!together && stale) await fetchTags(want.mirrorOf, context)
  const { sha: wanted, ref } = want
  const sha =
    wanted === undefined
      ? await fetchRef(from, ref ?? 'HEAD', context)
      : await fetchSha(from, { sha: wanted, known: known || together, ...(ref !== undefined && { ref }) }, context)
  // kept from ever being collected, and told to servers as known
  await runGit(['update-ref', keptRef(sha), sha], { gitDir: mirror })
  return sha
}

/** Tags and commit in one connection, where both come from one repository; `false` when the server refuses the commit. */
async function fetchTogether(
  want: WantedCommit,
  { missing, stale, context }: { missing: string[]; stale: boolean; context: FetchContext },
): Promise<boolean> {
  if (missing.length === 0 || !stale) return false
  try {
    await fetchRefspecs(want.mirrorOf, [TAGS, ...missing], context)
  } catch (error) {
    if (error instanceof GitError && isRefusedCommit(error)) return false
    throw explain(want.mirrorOf, error, context)
  }
  await markTagged(context.mirror)
  return true
}

async function fetchTags(url: string, context: FetchContext): Promise<void> {
  await fetchRefspecs(url, [TAGS], context).catch((error) => {
    throw explain(url, error, context)
  })
  await markTagged(context.mirror)
}

/**
 * Whether a commit was fetched here before. That it is in the mirror doesn't suffice: a server may have sent it without
 * its history, which git finds out after it has stored what came.
 */
async function isKept(mirror: string, sha: string): Promise<boolean> {
  return (await resolveCommit(mirror, keptRef(sha))) !== undefined
}

function keptRef(sha: string): string {
  return `refs/packit/commits/${sha}`
}

/** A commit by its id; where the server doesn't give it so, by the ref that should have it in its history. */
async function fetchSha(
  from: string,
  { sha, ref, known }: { sha: string; ref?: string; known: boolean },
  context: FetchContext,
): Promise<string> {
  const { mirror } = context
  let found = known
  try {
    if (!known) await fetchRefspecs(from, [sha], context)
    found = true
  } catch (error) {
    if (!(error instanceof GitError && isRefusedCommit(error))) throw explain(from, error, context)
    if (ref !== undefined) found = await isInRef(from, { sha, ref }, context)
  }
  const commit = found && (await resolveCommit(mirror, sha))
  if (commit) return commit
  throw new NotFoundError(
    `commit ${sha} is no longer in ${maskUrl(from)}${ref === undefined ? '' : ` (looked in ${ref})`}`,
  )
}

async function isInRef(
  from: string,
  { sha, ref }: { sha: string; ref: string },
  context: FetchContext,
): Promise<boolean> {
  try {
    const tip = await fetchRef(from, ref, context)
    return (await resolveCommit(context.mirror, sha)) !== undefined && (await isAncestor(context.mirror, sha, tip))
  } catch (error) {
    // with the ref the commit is gone as well
    if (error instanceof NotFoundError) return false
    throw error
  }
}

/** What a ref means now: a name without `refs/` is a branch, else a tag. */
async function fetchRef(from: string, ref: string, context: FetchContext): Promise<string> {
  const whole = ref === 'HEAD' || ref.startsWith('refs/')
  for (const candidate of whole ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const sha = await fetchWholeRef(from, candidate, context)
    if (sha) return sha
  }
  throw new NotFoundError(`there is no ${whole ? ref : `branch or tag ${ref}`} in ${maskUrl(from)}`)
}

async function fetchWholeRef(from: string, ref: string, context: FetchContext): Promise<string | undefined> {
  const temporary = `refs/packit/fetched/${randomUUID()}`
  const { mirror } = context
  try {
    await fetchRefspecs(from, [`+${ref}:${temporary}`], context)
    const sha = await resolveCommit(mirror, temporary)
    if (sha) return sha
    throw new NotFoundError(`${ref} in ${maskUrl(from)} is no commit, or a shallow clone doesn't hold its history`)
  } catch (error) {
    if (error instanceof GitError && isMissingRef(error)) return undefined
    throw explain(from, error, context)
  } finally {
    await runGit(['update-ref', '-d', temporary], { gitDir: mirror })
  }
}

async function fetchRefspecs(from: string, refspecs: readonly string[], context: FetchContext): Promise<void> {
  const { mirror, limits, onProgress } = context
  const room = limits.bytes - (await mirrorBytes(mirror))
  if (room <= 0) throw tooLarge({ repository: maskUrl(from), limits })
  const command = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--force', '--progress']
  if (refspecs.includes(TAGS)) command.push('--prune')
  const shallow = await isShallow(mirror)
  try {
    await runRemote(from, context, {
      args: (href) => [...command, ...historyOptions(href, shallow), '--', href, ...refspecs],
      gitDir: mirror,
      maxFileBytes: room,
      ...(onProgress && { onProgress }),
    })
  } catch (error) {
    // the kernel ends index-pack at the limit, and git says no more than that it ended
    const full = error instanceof GitError && (await halfPackBytes(mirror)) >= room
    throw full ? tooLarge({ repository: maskUrl(from), limits }, { cause: error }) : error
  }
}

/**
 * A working tree on this machine may be a shallow clone, and is taken as it is. A server's cut history is not taken over:
 * it would cut that of everybody who shares the mirror.
 */
function historyOptions(href: string, shallow: boolean): string[] {
  if (!href.startsWith('file:')) return []
  return [shallow ? '--unshallow' : '--update-shallow']
}

interface RemoteCommand {
  gitDir?: string
  args: (href: string) => string[]
  maxFileBytes?: number
  onProgress?: (line: string) => void
}

/**
 * Runs a git command that talks to a repository, each redirect checked like the first address.
 *
 * @throws {GitError} as git fails, and what `reach` throws
 */
export async function runRemote(
  from: string,
  { rules, limits, signal, credentials }: RemoteContext,
  { args, ...options }: RemoteCommand,
): Promise<Buffer> {
  let url = from
  for (let hop = 0; ; hop++) {
    const way = await reach(url, rules)
    const env = { ...way.env, ...credentialsEnv(credentials, way.href) }
    const settings = { env, protocols: way.protocols, timeMs: limits.timeMs, ...(signal && { signal }) }
    try {
      return await runGit([...way.options, ...args(way.href)], { ...settings, ...options })
    } catch (error) {
      if (!(error instanceof GitError && isRedirect(error)) || hop === MAX_REDIRECTS) throw error
      url = await findRedirect(way.href, [...way.options, 'ls-remote', way.href, 'HEAD'], settings)
    }
  }
}

/** Git doesn't say where a redirect leads, but its trace of the headers does. */
async function findRedirect(href: string, args: string[], settings: Parameters<typeof runGit>[1]): Promise<string> {
  const env = { ...settings?.env, GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' }
  const trace = await runGit(args, { ...settings, env }).then(
    () => '',
    (error) => (error instanceof GitError ? error.stderr : Promise.reject(error)),
  )
  const location = /Recv header: location: (\S+)/i.exec(trace)?.[1]
  const service = '/info/refs?service=git-upload-pack'
  const next = location && URL.canParse(location, `${href}/info/`) ? new URL(location, `${href}${service}`).href : ''
  // as git does itself: no stranger's server leads to the folders and ssh keys that the operator has opened
  if (/^https?:/.test(next) && next.endsWith(service)) return next.slice(0, -service.length)
  throw new NotFoundError(`${maskUrl(href)} redirects to what is no git repository`)
}

function explain(url: string, error: unknown, { limits }: FetchContext): unknown {
  return explainFetch(error, { repository: maskUrl(url), limits })
}
