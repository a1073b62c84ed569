import { NotFoundError } from '../domain/errors.ts'
import { isSha } from '../domain/git-ref.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import { type UpstreamRef, upstreamBranches } from '../domain/srpm/upstream.ts'
import type { FetchOptions } from '../git/mirrors.ts'
import type { EventDeps } from './deps.ts'

/** A pattern may fit every branch of a repository. */
const MOST_BRANCHES = 20

/**
 * Finds and fetches what the `upstream_ref`s of a configuration mean besides tags, which the mirror has anyway: branches,
 * and commits that no wanted commit contains. Settled with the plan: a branch that moves later changes no run.
 *
 * @returns by `upstream_ref`; what is not there is left out: the SRPM step says so
 */
export async function fetchUpstreams(
  config: PackageConfig,
  mirrorOf: string,
  { mirrors }: Pick<EventDeps, 'mirrors'>,
  options: FetchOptions,
): Promise<Record<string, UpstreamRef[]>> {
  const found: Record<string, UpstreamRef[]> = {}
  for (const wanted of upstreamRefs(config)) {
    const branches = upstreamBranches(wanted)
    if (branches === undefined) continue
    const refs = isSha(wanted)
      ? [{ name: wanted, sha: wanted }]
      : await mirrors.findBranches(mirrorOf, branches, { ...options, most: MOST_BRANCHES })
    found[wanted] = []
    for (const ref of refs) {
      const want = isSha(wanted) ? { sha: ref.sha } : { sha: ref.sha, ref: `refs/heads/${ref.name}` }
      const there = await mirrors.fetchCommit({ mirrorOf, ...want }, options).catch((error: unknown) => {
        if (error instanceof NotFoundError) return undefined
        throw error
      })
      if (there) found[wanted].push(ref)
    }
  }
  return found
}

function upstreamRefs(config: PackageConfig): Set<string> {
  const all = [config.packages, ...config.jobs.map((job) => job.packages)].flatMap((packages) =>
    Object.values(packages),
  )
  return new Set(all.map((options) => options.upstream_ref).filter((ref) => ref !== null))
}
