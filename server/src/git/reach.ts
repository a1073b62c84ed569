import dns from 'node:dns/promises'
import { realpath } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import { checkGitUrl, type GitAllow, type GitUrl, isOpenFolder, isOpenGitHost, maskUrl } from '../domain/git-url.ts'
import { allowedAddresses, bareHost, type NetAllow } from '../domain/net-address.ts'

/** What decides whether and how a repository is reached. */
export interface ReachRules {
  /** Folders and hosts opened to git. */
  allow: GitAllow
  netAllow: NetAllow
  /** Where the keys of ssh servers are remembered. */
  dir: string
  /** Instead of the system's resolver, for tests: all addresses of a host; throws as `dns.lookup` does. */
  resolve?: (host: string) => Promise<string[]>
  /** A file of certificates trusted instead of the usual ones. */
  caFile?: string
}

/** How git is called to connect to a checked repository, and to nothing else. */
export interface Reach {
  href: string
  /** Options that stand before git's command. */
  options: string[]
  env: Record<string, string>
  protocols: string
}

/**
 * Checks a repository's address down to the IP addresses it means now, and ties git to those: a name that resolves
 * otherwise a moment later, a redirect or a link in a path doesn't lead elsewhere.
 *
 * @throws {ConfigError} the address is one that isn't fetched from
 * @throws {NotFoundError} there is no such host or folder
 * @throws {UnavailableError} names can't be resolved now
 */
export async function reach(text: string, rules: ReachRules): Promise<Reach> {
  const url = checkGitUrl(text, rules.allow)
  if (url.kind === 'file') return reachFolder(url, rules)
  const addresses = await findAddresses(url.host, rules)
  return url.kind === 'ssh' ? reachSsh(url, addresses, rules) : reachHttp(url, addresses, rules)
}

async function findAddresses(hostText: string, { allow, netAllow, resolve }: ReachRules): Promise<string[]> {
  const host = bareHost(hostText)
  const found = isIP(host) ? [host] : await (resolve ?? resolveHost)(host).catch((error) => failResolve(host, error))
  return isOpenGitHost(host, allow) ? found : allowedAddresses(host, found, netAllow)
}

async function resolveHost(host: string): Promise<string[]> {
  return (await dns.lookup(host, { all: true })).map(({ address }) => address)
}

function failResolve(host: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOTFOUND') throw new NotFoundError(`there is no host ${host}`, { cause: error })
  throw new UnavailableError(`the name ${host} can't be resolved now (${code})`, 60_000, { cause: error })
}

function reachHttp(url: GitUrl & { kind: 'http' }, addresses: string[], { caFile }: ReachRules): Reach {
  const list = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address)).join(',')
  const options = ['-c', 'http.followRedirects=false']
  if (!isIP(bareHost(url.host))) options.push('-c', `http.curloptResolve=${url.host}:${url.port}:${list}`)
  if (caFile) options.push('-c', `http.sslCAInfo=${caFile}`)
  return { href: url.href, options, env: {}, protocols: url.protocol }
}

/**
 * ssh is told the checked address as `HostName`, and goes by the host's name when it compares its key. No configuration
 * of the account or system is read. A server's key is believed when it is first seen (`accept-new`), then compared.
 */
function reachSsh(url: GitUrl & { kind: 'ssh' }, [address = '']: string[], { dir }: ReachRules): Reach {
  const settings = [
    `HostName=${address}`,
    `HostKeyAlias=${url.port === 22 ? url.host : `[${url.host}]:${url.port}`}`,
    'BatchMode=yes',
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile="${join(dir, 'known_hosts')}"`,
    'CheckHostIP=no',
    'ProxyCommand=none',
    'PermitLocalCommand=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ConnectTimeout=20',
    'ServerAliveInterval=20',
    'ServerAliveCountMax=3',
  ]
  const command = ['ssh', '-F', '/dev/null', ...settings.flatMap((setting) => ['-o', setting])]
  const env = { GIT_SSH_COMMAND: command.map(quote).join(' '), GIT_SSH_VARIANT: 'ssh' }
  return { href: url.href, options: [], env, protocols: 'ssh' }
}

async function reachFolder(url: GitUrl & { kind: 'file' }, { allow }: ReachRules): Promise<Reach> {
  const path = await realpath(url.path).catch((error) => {
    throw new NotFoundError(`there is no repository at ${maskUrl(url.path)}`, { cause: error })
  })
  const realFolders = await Promise.all(
    allow.map(async (rule) => {
      return rule.kind === 'folder' ? { ...rule, path: await realpath(rule.path).catch(() => rule.path) } : rule
    }),
  )
  if (isOpenFolder(path, realFolders))
    return { href: pathToFileURL(path).href, options: [], env: {}, protocols: 'file' }
  throw new ConfigError(`${maskUrl(url.path)} is not fetched from: it is a link that leads out of the opened folders`)
}

/** One word for the shell that git starts ssh with. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
