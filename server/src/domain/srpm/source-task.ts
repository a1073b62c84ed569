import type { SrpmInput } from '../srpm-input.ts'
import { type MakeSrpmInput, toMakeSrpmInput } from './step.ts'

/** A commit that making an SRPM needs, and where it is to be had. */
export interface WantedCommit {
  url: string
  sha: string
  /** The branch, tag or whole ref that should have it, where a server does not give commits by their id. */
  ref: string | null
}

/** What the program that makes sources elsewhere is told; plain JSON, the same for the same input. */
export interface SourceTask {
  input: MakeSrpmInput
  /** The base repository, whose tags count. */
  tagsFrom: string
  commits: WantedCommit[]
}

/** All that the frozen input names, with nothing to be decided later: the very same commits are built. */
export function toSourceTask(settled: SrpmInput, packager: string): SourceTask {
  const { baseUrl, headUrl, headSha, headRef, baseSha, baseRef, upstream = [] } = settled
  return {
    input: toMakeSrpmInput(settled, packager),
    tagsFrom: baseUrl,
    commits: [
      { url: headUrl, sha: headSha, ref: headRef },
      ...upstream.map(({ name, sha }) => ({ url: baseUrl, sha, ref: name === sha ? null : name })),
      ...(baseSha ? [{ url: baseUrl, sha: baseSha, ref: baseRef }] : []),
    ],
  }
}
