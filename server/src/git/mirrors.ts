import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError, NotFoundError } from '../domain/errors.ts'
import { isSafeRef, isSha } from '../domain/git-ref.ts'
import { type GitAllow, maskUrl } from '../domain/git-url.ts'
import type { NetAllow } from '../domain/net-address.ts'
import { credentialsFor } from './credentials.ts'
import { type FetchContext, fetchIntoMirror, runRemote, type WantedCommit } from './fetch.ts'
import { explainFetch, isDamagedMirror } from './fetch-errors.ts'
import { GitError } from './git.ts'
import type { Lock } from './lock.ts'
import {
  evictMirrors,
  holdMirror,
  lockMirror,
  markUsed,
  mirrorPath,
  prepareMirror,
  removeMirror,
} from './mirror-store.ts'
import type { ReachRules } from './reach.ts'
import { tidyMirror } from './tidy.ts'

export type { WantedCommit } from './fetch.ts'
export type { Lock } from './lock.ts'
export { commitInfo, isAncestor, listFiles, mergeBase, readFile, resolveCommit } from './read.ts'

export interface MirrorOptions {
  /** Where the mirrors lie; made when missing. */
  dir: string
  allow: GitAllow
  netAllow: NetAllow
  limits?: Partial<MirrorLimits>
  /** Notes for the operator: a mirror made anew, a mirror removed. */
  log?: (line: string) => void
  /** For tests: name look-ups, and certificates to trust. */
  resolve?: NonNullable<ReachRules['resolve']>
  caFile?: string
}

export interface MirrorLimits {
  /** Of each git command that talks to a repository, and of waiting for another fetch into the same mirror. */
  timeMs: number
  /** Of one mirror. */
  bytes: number
}

export interface FetchOptions {
  /** What git says while it works, e.g. `Receiving objects:  42% (421/1002)`. */
  onProgress?: (line: string) => void
  signal?: AbortSignal
  /**
   * For private repositories: value of the header `Authorization`. Sent to the host of the repository that is asked for
   * (of `mirrorOf`) and to no other, whatever redirects to it.
   */
  authorization?: string
}

/** Copies of upstream repositories that no project code ever touches: one bare mirror each, with whole histories. */
export interface Mirrors {
  /**
   * Sees to it that a commit with its history, and the base repository's tags, is in the mirror of `mirrorOf`.
   *
   * @throws {ConfigError} an address that isn't fetched from, a repository over the limits, a bad ref
   * @throws {NotFoundError} no such repository, ref or commit
   * @throws {UnavailableError} the repository can't be reached now
   */
  fetchCommit(want: WantedCommit, options?: FetchOptions): Promise<{ sha: string; mirror: string }>
  /** The branch that a repository's HEAD names, e.g. `main`. Throws as `fetchCommit` does. */
  findDefaultBranch(url: string, options?: FetchOptions): Promise<string>
  /** The branches whose name fits a pattern (`main`, `release-*`), at most `most`. Throws as `fetchCommit` does. */
  findBranches(
    url: string,
    pattern: string,
    options: FetchOptions & { most: number },
  ): Promise<{ name: string; sha: string }[]>
  /** Keeps the mirror of a repository from eviction until the lock is disposed of; take it before `fetchCommit`. */
  hold(url: string, options?: { signal?: AbortSignal }): Promise<Lock>
  /** Removes least recently used mirrors until the rest takes at most `maxBytes`; those that are held stay. */
  evict(maxBytes: number): Promise<{ name: string; bytes: number }[]>
}

const MOST_STARS = 3
const DEFAULT_LIMITS: MirrorLimits = { timeMs: 10 * 60_000, bytes: 8 * 1024 ** 3 }

/** Opens the folder of mirrors. Several processes may have it open at a time. */
export async function openMirrors(options: MirrorOptions): Promise<Mirrors> {
  const { allow, log = () => {} } = options
  const dir = resolve(options.dir)
  await mkdir(dir, { recursive: true })
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const rules: ReachRules = { ...options, dir }

  const contextOf = (url: string, { onProgress, signal, authorization }: FetchOptions = {}): FetchContext => {
    const credentials = authorization === undefined ? undefined : credentialsFor(url, authorization)
    return { mirror: mirrorPath(dir, url, allow), rules, limits, onProgress, signal, credentials }
  }

  const listRefs = async (url: string, options: FetchOptions | undefined, args: string[], refs: string) => {
    const { mirror: _, ...context } = contextOf(url, options)
    const command = (href: string) => ['ls-remote', ...args, '--', href, refs]
    const output = await runRemote(url, context, { args: command }).catch((error) => {
      throw explainFetch(error, { repository: maskUrl(url), limits })
    })
    return output.toString()
  }

  return {
    async fetchCommit(want, fetchOptions) {
      checkWanted(want)
      const context = contextOf(want.mirrorOf, fetchOptions)
      await using _held = await holdMirror(context.mirror, limits.timeMs, context.signal)
      await using _locked = await lockMirror(context.mirror, limits.timeMs, context.signal)
      const sha = await fetchHealing(want, context, log)
      await markUsed(context.mirror)
      await tidyMirror(context.mirror).catch((error) => log(`mirror not tidied: ${error.message}`))
      return { sha, mirror: context.mirror }
    },

    async findDefaultBranch(url, fetchOptions) {
      const listed = await listRefs(url, fetchOptions, ['--symref'], 'HEAD')
      const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(listed)?.[1]
      if (branch && isSafeRef(branch)) return branch
      throw new NotFoundError(`${maskUrl(url)} has no default branch; is it empty?`)
    },

    async findBranches(url, pattern, { most, ...fetchOptions }) {
      // each further star makes matching slower by the length of a name: strangers write the pattern
      if (pattern.length > 200 || pattern.split('*').length > MOST_STARS + 1) return []
      const listed = await listRefs(url, fetchOptions, [], `refs/heads/${pattern}`)
      const found = [...listed.matchAll(/^([0-9a-f]{40,64})\trefs\/heads\/(\S+)$/gm)]
      return found
        .map(([, sha = '', name = '']) => ({ name, sha }))
        .filter(({ name }) => isSafeRef(name))
        .slice(0, most)
    },

    async hold(url, { signal } = {}) {
      return holdMirror(mirrorPath(dir, url, allow), limits.timeMs, signal)
    },

    async evict(maxBytes) {
      const removed = await evictMirrors(dir, maxBytes)
      for (const { name, bytes } of removed) log(`mirror ${name} removed (${bytes} bytes)`)
      return removed
    },
  }
}

/** A mirror that turns out to be damaged is made anew, once. */
async function fetchHealing(want: WantedCommit, context: FetchContext, log: (line: string) => void): Promise<string> {
  try {
    await prepareMirror(context.mirror)
    return await fetchIntoMirror(want, context)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof GitError ? error.cause : error
    if (!(cause instanceof GitError && isDamagedMirror(cause))) throw error
    log(`mirror ${context.mirror} is damaged and made anew: ${cause.message}`)
    await removeMirror(context.mirror)
    await prepareMirror(context.mirror)
    return fetchIntoMirror(want, context)
  }
}

function checkWanted({ sha, ref }: WantedCommit): void {
  if (sha !== undefined && !isSha(sha)) throw new ConfigError(`${JSON.stringify(sha.slice(0, 100))} is no commit id`)
  if (ref !== undefined && !isSafeRef(ref))
    throw new ConfigError(`${JSON.stringify(ref.slice(0, 100))} is no name of a branch or tag`)
}
