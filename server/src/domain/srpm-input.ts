import type { PackageOptions } from './package-config/types.ts'
import type { UpstreamRef } from './srpm/upstream.ts'

/** What an SRPM is made of. Settled once, so that the same pipeline always makes the same SRPM. */
export interface SrpmInput {
  /** Fetched from there; the mirror is the base repository's. */
  baseUrl: string
  headUrl: string
  headSha: string
  headRef: string
  baseRef: string
  /** Null when nothing is merged (pushes, releases). */
  baseSha: string | null
  on: 'pull_request' | 'commit' | 'release'
  /** Number of the pull request; null for others. */
  number: number | null
  /** Key of the package in the configuration. */
  package: string
  options: PackageOptions
  /** The pipeline's creation, ISO 8601 in UTC: the release's timestamp. */
  createdAt: string
  /** The tree as it is, without a merge (`try .` and `--no-merge`). */
  merge: boolean
  /** What `upstream_ref` means, where it isn't tags; older rows lack it. */
  upstream?: UpstreamRef[]
}
