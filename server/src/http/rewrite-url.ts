/** What stands behind a project. */
const PARTS = new Set(['prs', 'issues', 'releases', 'branches', 'runs', 'grid', 'statistics', 'config'])
const PROJECTS = '/api/projects/'
const BADGES = '/api/badge/'
const ALLOWLIST = '/api/allowlist/'
const PROJECT_USAGE = '/api/usage/project/'
const NOTHING: ReadonlySet<string> = new Set()

/**
 * The address that routes are looked up by: without the prefix, and with the slashes of a namespace folded into one
 * segment, which routes can match: `gitlab.com/group/sub/tool` becomes `gitlab.com/group%2Fsub/tool`.
 *
 * @param prefix  path of the public address, without a slash at the end; a proxy may have taken it off already
 */
export function rewriteUrl(url: string, prefix: string): string {
  const rest = stripPrefix(url, prefix)
  const { path, search } = splitUrl(rest)
  if (path.startsWith(ALLOWLIST)) return ALLOWLIST + path.slice(ALLOWLIST.length).replaceAll('/', '%2F') + search
  if (path.startsWith(BADGES)) return fold(path, BADGES, NOTHING) + search
  if (path.startsWith(PROJECTS)) return fold(path, PROJECTS, PARTS) + search
  return path.startsWith(PROJECT_USAGE) ? fold(path, PROJECT_USAGE, NOTHING) + search : rest
}

/** An address as the service knows it. */
export function stripPrefix(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url
  const rest = url.slice(prefix.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

/** Path and query, the latter with its question mark. */
export function splitUrl(url: string): { path: string; search: string } {
  const at = url.indexOf('?')
  return at < 0 ? { path: url, search: '' } : { path: url.slice(0, at), search: url.slice(at) }
}

/**
 * `{forge}/{namespace…}`, `{forge}/{namespace…}/{repo}`, or that with a part of it behind. A project that is called as a part
 * is reached by writing the slashes of its namespace as `%2F`.
 */
function fold(path: string, base: string, parts: ReadonlySet<string>): string {
  if (/^[^/]+\/[^/]*%2f[^/]*\/(?:(?!%2f)[^/])+$/i.test(path.slice(base.length))) return path
  const [forge = '', ...rest] = path.slice(base.length).replace(/%2f/gi, '/').split('/')
  const isPart = rest.length >= 3 && parts.has(rest.at(-1) ?? '')
  const after = isPart ? 2 : rest.length >= 2 ? 1 : 0
  const namespace = rest.slice(0, rest.length - after)
  const folded = [forge, ...(rest.length > 0 ? [namespace.join('%2F')] : []), ...rest.slice(rest.length - after)]
  return base + folded.join('/')
}

/**
 * Where a request of the API is sent instead: `/api` to `/api/`, doubled slashes to single ones, a slash at the end to
 * none.
 *
 * @returns  a path of this service, or `undefined` when the address is right as it is
 */
export function findRedirect(url: string): string | undefined {
  const { path, search } = splitUrl(url)
  if (!/^\/+api(\/|$)/.test(path)) return undefined
  const single = path.replace(/\/{2,}/g, '/').replaceAll('\\', '%5C')
  const right = single === '/api' || single === '/api/' ? '/api/' : single.replace(/\/$/, '')
  return right === path ? undefined : right + search
}
