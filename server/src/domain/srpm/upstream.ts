/** A branch (or commit, called by its hash) of the upstream history, where it was when the run was decided. */
export interface UpstreamRef {
  name: string
  sha: string
}

/**
 * Which branches of the repository an `upstream_ref` may mean, as a pattern of git; undefined when it can be no branch,
 * but a pattern for tags only.
 */
export function upstreamBranches(upstreamRef: string): string | undefined {
  const isPattern = /[*?[]/.test(upstreamRef)
  if (isPattern && !upstreamRef.startsWith('branches/')) return undefined
  const name = isPattern ? upstreamRef.slice('branches/'.length) : upstreamRef
  return name.replace(/^(refs\/)?(heads\/|remotes\/)?(origin\/)?/, '')
}
