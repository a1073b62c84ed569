/** What an entry of the allowlist says. `waiting` says nothing yet: an entry above it decides. */
export type AllowlistStatus = 'approved_automatically' | 'approved_manually' | 'waiting' | 'denied'

/** A repository by its name on a forge. */
export interface RepositoryPath {
  forge: string
  namespace: string
  name: string
}

/** Whether work may be started for a project, and which entry says so. */
export type ProjectStatus =
  | { kind: 'allowed' | 'denied'; path: string }
  /** No entry decides; `path` is the nearest one that waits to be decided. */
  | { kind: 'waiting'; path: string | null }

/**
 * The paths that an entry for a repository may have, the most specific first: `gitlab.com/group/sub/tool.git`,
 * `gitlab.com/group/sub`, `gitlab.com/group`, `gitlab.com`.
 */
export function pathsOfRepository({ forge, namespace, name }: RepositoryPath): string[] {
  const parts = namespace.split('/')
  const parents = parts.map((_, index) => [forge, ...parts.slice(0, parts.length - index)].join('/'))
  return [`${forge}/${namespace}/${name}.git`, ...parents, forge]
}

export function pathOfAccount(forge: string, login: string): string {
  return `${forge}/${login}`
}

/** All paths whose entries count for work on a repository that an account asks for. */
export function pathsToAsk(repository: RepositoryPath, author: string): string[] {
  const paths = pathsOfRepository(repository)
  return author === '' ? paths : [...new Set([...paths, pathOfAccount(repository.forge, author)])]
}

/** Paths are compared like this: forges don't tell names apart by case, and nobody gets round a denial by it. */
export function samePath(path: string): string {
  return path.toLowerCase()
}

/**
 * Whether work may be started: a denial of the author, the repository or anything above it refuses; else the most
 * specific entry that is decided counts.
 *
 * @param entries  statuses by `samePath`
 */
export function decideProjectStatus(
  repository: RepositoryPath,
  author: string,
  entries: ReadonlyMap<string, AllowlistStatus>,
): ProjectStatus {
  const statusOf = (path: string) => entries.get(samePath(path))
  const denied = pathsToAsk(repository, author).find((path) => statusOf(path) === 'denied')
  if (denied !== undefined) return { kind: 'denied', path: denied }
  const paths = pathsOfRepository(repository)
  const decided = paths.find((path) => (statusOf(path) ?? 'waiting') !== 'waiting')
  if (decided !== undefined) return { kind: 'allowed', path: decided }
  return { kind: 'waiting', path: paths.find((path) => statusOf(path) === 'waiting') ?? null }
}
