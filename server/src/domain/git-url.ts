import { posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, SetupError } from './errors.ts'
import { bareHost, isHostPattern, matchesHost } from './net-address.ts'

/** One thing that the operator opened with `PACKIT_GIT_ALLOW`. */
export type GitRule =
  /** Repositories on this machine: this folder and what lies below it. Absolute, without a slash at the end. */
  | { kind: 'folder'; path: string }
  /** A host of one's own, whatever its addresses. With `http`, it may be fetched from without encryption as well. */
  | { kind: 'host'; pattern: string; http: boolean }

export type GitAllow = readonly GitRule[]

/** A repository address that may be fetched from, taken apart. */
export type GitUrl =
  | { kind: 'http'; href: string; protocol: 'http' | 'https'; host: string; port: number }
  | { kind: 'ssh'; href: string; user: string | undefined; host: string; port: number }
  | { kind: 'file'; href: string; path: string }

/**
 * Reads an entry of `PACKIT_GIT_ALLOW`: a folder (`/srv/git`), a host (`git.lan`, `*.lan`), or `http://git.lan`.
 *
 * @throws {SetupError} naming the entry that is none of these
 */
export function parseGitRule(text: string): GitRule {
  if (text.startsWith('/')) return { kind: 'folder', path: trimSlash(posix.normalize(text)) }
  const http = text.startsWith('http://')
  const pattern = text
    .toLowerCase()
    .replace(/^http:\/\//, '')
    .replace(/\/$/, '')
  if (isHostPattern(pattern) || isAddress(pattern)) return { kind: 'host', pattern: bareHost(pattern), http }
  throw new SetupError(`'${text}' is no folder (/srv/git), host (git.lan) or http:// and a host (http://git.lan)`)
}

/** Reads `PACKIT_GIT_ALLOW`: entries separated by commas. Throws `SetupError` as `parseGitRule` does. */
export function parseGitAllow(text: string): GitAllow {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map(parseGitRule)
}

/** Whether git may connect to a host whatever its addresses. */
export function isOpenGitHost(host: string, allow: GitAllow): boolean {
  return allow.some((rule) => rule.kind === 'host' && matchesHost(host, rule.pattern))
}

/** Whether a path lies in a folder that is open to git. For a path with links, ask with the real one as well. */
export function isOpenFolder(path: string, allow: GitAllow): boolean {
  const clean = trimSlash(posix.normalize(path))
  return allow.some((rule) => rule.kind === 'folder' && (clean === rule.path || clean.startsWith(below(rule.path))))
}

/**
 * Takes a repository's address apart and decides whether it may be fetched from: https and ssh always (their addresses
 * are checked when they are connected to), folders and plain http where the operator has opened them, nothing else.
 *
 * @param text  `https://…`, `ssh://…`, `user@host:path`, `file:///…` or an absolute path
 * @throws      {ConfigError} saying why not; a password in the address is not repeated
 */
export function checkGitUrl(text: string, allow: GitAllow): GitUrl {
  const shown = maskUrl(text)
  if (/[\u0000-\u001f\u007f]/.test(text) || text.length > 2000)
    refuse(shown, 'it holds control characters, or is too long')
  if (text.startsWith('/')) return checkPath(text, allow, shown)
  if (text.includes(' ')) refuse(shown, 'it holds blanks')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return checkSchemeUrl(text, allow, shown)
  const scp = /^(?:([^@:/]+)@)?([^@:/]+|\[[0-9a-f:]+\]):([^:].*)$/i.exec(text)
  if (!scp) refuse(shown, 'only https://…, ssh://… and user@host:path are')
  const [, user, host = '', path = ''] = scp
  if (user === undefined && !host.includes('.'))
    refuse(shown, `'${host}:' is no scheme that is; for a host write ssh://`)
  return toSsh(
    { user, host, port: 22, path: path.startsWith('/') ? path : `/${path}`, scp: !path.startsWith('/') },
    shown,
  )
}

/** An address as it may be shown: without password, and without a user of https, which may be a token. */
export function maskUrl(text: string): string {
  return text
    .replace(/(https?:\/\/)[^/\s'"]*@/gi, '$1***@')
    .replace(/(\w:\/\/[^/\s:@'"]*):[^/\s'"]*@/g, '$1:***@')
    .replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function checkSchemeUrl(text: string, allow: GitAllow, shown: string): GitUrl {
  if (!URL.canParse(text)) refuse(shown, 'it is no valid URL')
  const url = new URL(text)
  if (url.hash || url.search) refuse(shown, "it has a '?' or '#'")
  if (url.protocol === 'file:') return checkFileUrl(url, allow, shown)
  if (url.password) refuse(shown, 'it holds a password')
  if (url.protocol === 'ssh:') {
    const { username: user, hostname: host, port, pathname: path } = url
    return toSsh({ user: user || undefined, host, port: Number(port || 22), path, scp: false }, shown)
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse(shown, 'only https and ssh are')
  if (url.username) refuse(shown, 'it holds a user name or token')
  if (url.protocol === 'http:' && !isOpenHttp(url.hostname, allow)) {
    refuse(shown, `plain http is not encrypted; the operator can open it with PACKIT_GIT_ALLOW=http://${url.hostname}`)
  }
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  const port = Number(url.port || (protocol === 'http' ? 80 : 443))
  return { kind: 'http', href: trimSlash(url.href), protocol, host: url.hostname, port }
}

function checkFileUrl(url: URL, allow: GitAllow, shown: string): GitUrl {
  if (url.host !== '') refuse(shown, 'a file: URL names no host')
  let path: string
  try {
    path = decodeURIComponent(url.pathname)
  } catch {
    refuse(shown, 'it is no valid URL')
  }
  return checkPath(path, allow, shown)
}

function checkPath(text: string, allow: GitAllow, shown: string): GitUrl {
  const path = trimSlash(posix.normalize(text))
  if (/[\u0000-\u001f]/.test(path)) refuse(shown, 'its path holds control characters')
  if (isOpenFolder(path, allow)) return { kind: 'file', href: pathToFileURL(path).href, path }
  refuse(shown, 'folders of this machine are closed; the operator can open them with PACKIT_GIT_ALLOW')
}

interface SshParts {
  user: string | undefined
  host: string
  port: number
  path: string
  /** Whether the path is relative to the account's home, as in `user@host:path`. */
  scp: boolean
}

function toSsh({ user, host, port, path, scp }: SshParts, shown: string): GitUrl {
  const name = bareHost(host)
  if (!isHostPattern(name) && !isAddress(name)) refuse(shown, 'its host is no host name')
  if (user !== undefined && !/^[a-z0-9_][a-z0-9._-]*$/i.test(user)) refuse(shown, 'its user is no user name')
  // a path goes through a shell on the other side, and `/-x` becomes an option where the slash is dropped
  if (!/^\/(~?[\w][\w.+~/-]*)$/.test(path)) refuse(shown, 'its path holds characters that are not used in paths')
  const at = user === undefined ? name : `${user}@${name}`
  const bracketed = name.includes(':') ? at.replace(name, `[${name}]`) : at
  const href = scp
    ? `${bracketed}:${trimSlash(path.slice(1))}`
    : `ssh://${bracketed}${port === 22 ? '' : `:${port}`}${trimSlash(path)}`
  return { kind: 'ssh', href, user, host: name, port }
}

function isOpenHttp(host: string, allow: GitAllow): boolean {
  return allow.some((rule) => rule.kind === 'host' && rule.http && matchesHost(host, rule.pattern))
}

function isAddress(host: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(host) || /^\[?[0-9a-f:.]*:[0-9a-f:.]*\]?$/i.test(host)
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

function below(folder: string): string {
  return folder === '/' ? '/' : `${folder}/`
}

function refuse(shown: string, why: string): never {
  throw new ConfigError(`${shown} is not fetched from: ${why}`)
}
