import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type GitAllow, parseGitAllow } from './domain/git-url.ts'
import { type NetAllow, parseNetAllow } from './domain/net-address.ts'

/** All settings, checked. Docs: docs/configuration.md, which a test holds against `SETTINGS`. */
export interface Config {
  host: string
  port: number
  dataDir: string
  databaseUrl: string | undefined
  /** How others reach us, without a slash at the end; undefined when only this machine can. */
  publicUrl: string | undefined
  gitWebhookSecret: string | undefined
  githubWebhookSecret: string | undefined
  /** Which plain repositories may be fetched besides public https ones: path prefixes and hosts. */
  gitAllow: GitAllow
  /** Own networks that may be reached in spite of their private addresses. */
  netAllow: NetAllow
  sandboxNetwork: 'none' | 'srpm'
  buildParallel: number
  buildLimits: { timeMs: number; memoryBytes: number; processes: number; diskBytes: number; logBytes: number }
  keepDays: { closed: number; superseded: number; logs: number; payloads: number }
  keepMirrorBytes: number
  instance: string
  privateNamespaces: string[]
  trustedProxies: string[]
  /** Requests a minute for one address; `undefined` = not on loopback, else 600; 0 = no limit. */
  rateLimit: number | undefined
  maxTargets: number
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

type Env = Record<string, string | undefined>

interface Setting {
  name: string
  /** What is expected, as the error and the documentation say it. */
  expects: string
  default: string
  about: string
  secret?: boolean
}

/** Every setting the service reads, in the order of the documentation. */
export const SETTINGS = [
  {
    name: 'PACKIT_HOST',
    expects: 'an address to listen on',
    default: '127.0.0.1',
    about: 'Where the service listens.',
  },
  {
    name: 'PACKIT_PORT',
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '8080',
    about: 'The port it listens on.',
  },
  {
    name: 'PACKIT_DATA_DIR',
    expects: 'a folder',
    default: './data',
    about: 'Embedded database, repositories, logs, mirrors.',
  },
  {
    name: 'DATABASE_URL',
    expects: 'postgres://user:password@host/database',
    default: '',
    about: 'PostgreSQL 15 or newer; unset = the embedded database.',
    secret: true,
  },
  {
    name: 'PACKIT_PUBLIC_URL',
    expects: 'an http or https address',
    default: '',
    about: 'How others reach the service; its path is the prefix of all pages.',
  },
  {
    name: 'PACKIT_GIT_WEBHOOK_SECRET',
    expects: 'a text',
    default: '',
    about: 'Key of the signatures of `/api/webhooks/git`; unset = the endpoint answers 401.',
    secret: true,
  },
  {
    name: 'PACKIT_GITHUB_WEBHOOK_SECRET',
    expects: 'a text',
    default: '',
    about: 'Key of the signatures of `/api/webhooks/github`; unset = the endpoint answers 401.',
    secret: true,
  },
  {
    name: 'PACKIT_GIT_ALLOW',
    expects: 'folders and hosts, separated by commas',
    default: '',
    about: 'Repositories on this machine (below these folders) or own hosts that may be fetched.',
  },
  {
    name: 'PACKIT_NET_ALLOW',
    expects: 'networks such as 10.1.0.0/16 and host names, separated by commas',
    default: '',
    about: 'Own networks that builds may download from and git may fetch from.',
  },
  {
    name: 'PACKIT_SANDBOX_NETWORK',
    expects: 'none or srpm',
    default: 'none',
    about: '`srpm`: making the SRPM (actions) may use the network, as in the existing service.',
  },
  {
    name: 'PACKIT_BUILD_PARALLEL',
    expects: 'a number from 1 to 64',
    default: '2',
    about: 'How many sandboxes run at a time.',
  },
  {
    name: 'PACKIT_BUILD_TIME',
    expects: 'a duration such as 90s, 30m, 2h',
    default: '2h',
    about: 'Longest time of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_MEMORY',
    expects: 'a size such as 512M, 4G',
    default: '4G',
    about: 'Most memory of one SRPM or build, its work tree included.',
  },
  {
    name: 'PACKIT_BUILD_PROCESSES',
    expects: 'a number from 16 to 100000',
    default: '1024',
    about: 'Most processes of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_DISK',
    expects: 'a size such as 512M, 4G',
    default: '2G',
    about: 'Size of the work tree of one SRPM or build (in memory).',
  },
  {
    name: 'PACKIT_BUILD_LOG',
    expects: 'a size such as 64M',
    default: '100M',
    about: 'Longest log of one SRPM or build.',
  },
  {
    name: 'PACKIT_KEEP_CLOSED',
    expects: 'a number of days',
    default: '60',
    about: 'How long repositories of closed pull requests are kept.',
  },
  {
    name: 'PACKIT_KEEP_SUPERSEDED',
    expects: 'a number of days',
    default: '7',
    about: 'How long repositories of superseded pushes are kept.',
  },
  { name: 'PACKIT_KEEP_LOGS', expects: 'a number of days', default: '365', about: 'How long logs are kept.' },
  {
    name: 'PACKIT_KEEP_PAYLOADS',
    expects: 'a number of days',
    default: '30',
    about: 'How long bodies of deliveries are kept (their decision stays).',
  },
  {
    name: 'PACKIT_KEEP_MIRRORS',
    expects: 'a size such as 20G',
    default: '20G',
    about: 'Space for git mirrors; the least recently used go first.',
  },
  {
    name: 'PACKIT_INSTANCE',
    expects: 'a name such as prod, stg, dev',
    default: 'prod',
    about: 'Which `packit_instances` of a configuration are meant.',
  },
  {
    name: 'PACKIT_PRIVATE_NAMESPACES',
    expects: 'forge/namespace, separated by commas',
    default: '',
    about: 'Namespaces whose private repositories are served; then all reading needs a token.',
  },
  {
    name: 'PACKIT_TRUSTED_PROXIES',
    expects: 'addresses or networks, separated by commas',
    default: '',
    about: 'Proxies whose `X-Forwarded-For` is believed.',
  },
  {
    name: 'PACKIT_RATE_LIMIT',
    expects: 'requests a minute, 0 = no limit',
    default: '',
    about: 'For one address; unset = 600, none on loopback.',
  },
  { name: 'PACKIT_MAX_TARGETS', expects: 'a number from 1 to 1000', default: '50', about: 'Most targets of one run.' },
  {
    name: 'PACKIT_LOG_LEVEL',
    expects: 'debug, info, warn, error or silent',
    default: 'info',
    about: 'What the service log holds.',
  },
] as const satisfies readonly Setting[]

/** Whether the user wants no colours in the terminal (https://no-color.org); commands without settings ask this too. */
export function wantsNoColor(env: Env = process.env): boolean {
  return Boolean(env.NO_COLOR)
}

type Name = (typeof SETTINGS)[number]['name']

/** Wrong settings, all of them at once; each line names the setting, what it holds, and what is expected. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/**
 * Reads the settings from the environment. A secret may also come from the file that `…_FILE` names.
 *
 * @param changed  what a command wants otherwise than the environment
 * @param defaults what it wants where the environment says nothing
 * @throws {SettingsError} naming every wrong setting
 */
export function readConfig({
  changed = {},
  defaults = {},
  env: given = process.env,
}: {
  changed?: Env
  defaults?: Env
  env?: Env
} = {}): Config {
  const set = Object.entries(given).filter(([, value]) => value !== '')
  const env: Env = { ...defaults, ...Object.fromEntries(set), ...changed }
  const problems: string[] = []
  const read = <T>(name: Name, parse: (text: string) => T): T => readSetting(env, name, parse, problems)
  const config: Config = {
    host: read('PACKIT_HOST', text),
    port: read('PACKIT_PORT', integer(0, 65_535)),
    dataDir: read('PACKIT_DATA_DIR', (t) => resolve(t)),
    databaseUrl: read('DATABASE_URL', optional(url('postgres:', 'postgresql:'))),
    publicUrl: read('PACKIT_PUBLIC_URL', optional(url('http:', 'https:')))?.replace(/\/+$/, ''),
    gitWebhookSecret: read('PACKIT_GIT_WEBHOOK_SECRET', optional(text)),
    githubWebhookSecret: read('PACKIT_GITHUB_WEBHOOK_SECRET', optional(text)),
    gitAllow: read('PACKIT_GIT_ALLOW', parseGitAllow),
    netAllow: read('PACKIT_NET_ALLOW', parseNetAllow),
    sandboxNetwork: read('PACKIT_SANDBOX_NETWORK', oneOf('none', 'srpm')),
    buildParallel: read('PACKIT_BUILD_PARALLEL', integer(1, 64)),
    buildLimits: {
      timeMs: read('PACKIT_BUILD_TIME', duration),
      memoryBytes: read('PACKIT_BUILD_MEMORY', size),
      processes: read('PACKIT_BUILD_PROCESSES', integer(16, 100_000)),
      diskBytes: read('PACKIT_BUILD_DISK', size),
      logBytes: read('PACKIT_BUILD_LOG', size),
    },
    keepDays: {
      closed: read('PACKIT_KEEP_CLOSED', integer(0, 36_500)),
      superseded: read('PACKIT_KEEP_SUPERSEDED', integer(0, 36_500)),
      logs: read('PACKIT_KEEP_LOGS', integer(0, 36_500)),
      payloads: read('PACKIT_KEEP_PAYLOADS', integer(0, 36_500)),
    },
    keepMirrorBytes: read('PACKIT_KEEP_MIRRORS', size),
    instance: read('PACKIT_INSTANCE', pattern(/^[a-z0-9-]{1,40}$/)),
    privateNamespaces: read('PACKIT_PRIVATE_NAMESPACES', list(pattern(/^[^/\s]+\/\S+$/))),
    trustedProxies: read('PACKIT_TRUSTED_PROXIES', list(pattern(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/))),
    rateLimit: read('PACKIT_RATE_LIMIT', optional(integer(0, 1_000_000))),
    maxTargets: read('PACKIT_MAX_TARGETS', integer(1, 1000)),
    logLevel: read('PACKIT_LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error', 'silent')),
  }
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  return config
}

function readSetting<T>(env: Env, name: Name, parse: (text: string) => T, problems: string[]): T {
  const setting: Setting | undefined = SETTINGS.find((s) => s.name === name)
  const value = env[name] || readSecretFile(env, name, setting?.secret ?? false, problems) || (setting?.default ?? '')
  try {
    return parse(value.trim())
  } catch (error) {
    const shown = setting?.secret ? 'a value that is kept secret' : JSON.stringify(value)
    const why = error instanceof Error && error.message ? ` (${error.message})` : ''
    problems.push(`${name} is ${shown}; expected: ${setting?.expects}${why}`)
    // never returned: `readConfig` throws when there are problems
    return undefined as T
  }
}

function readSecretFile(env: Env, name: string, secret: boolean, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (!secret || !path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    problems.push(`${name}_FILE names ${JSON.stringify(path)}, which can't be read: ${(error as Error).message}`)
    return undefined
  }
}

const text = (value: string) => {
  if (!value) throw new Error('it is empty')
  return value
}

function optional<T>(parse: (value: string) => T) {
  return (value: string): T | undefined => (value === '' ? undefined : parse(value))
}

function list<T>(parse: (value: string) => T) {
  return (value: string): T[] =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(parse)
}

function integer(min: number, max: number) {
  return (value: string): number => {
    if (!/^\d{1,9}$/.test(value)) throw new Error('not a whole number')
    const number = Number(value)
    if (number < min || number > max) throw new Error('out of range')
    return number
  }
}

function oneOf<const T extends string>(...words: T[]) {
  return (value: string): T => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new Error('')
    return found
  }
}

function pattern(form: RegExp) {
  return (value: string): string => {
    if (!form.test(value)) throw new Error('')
    return value
  }
}

function url(...protocols: string[]) {
  return (value: string): string => {
    const parsed = new URL(value)
    if (!protocols.includes(parsed.protocol)) throw new Error(`it must begin with ${protocols[0]}//`)
    return value
  }
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const

/** `90s`, `30m`, `2h` → milliseconds. */
function duration(value: string): number {
  const [, number, unit] = value.match(/^(\d{1,6})([smh])$/) ?? []
  if (!number || !Number(number)) throw new Error('')
  return Number(number) * UNITS[unit as keyof typeof UNITS]
}

const SIZES = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const

/** `512M`, `4G` → bytes. */
function size(value: string): number {
  const [, number, unit] = value.match(/^(\d{1,6})([KMGT])$/) ?? []
  if (!number || !Number(number)) throw new Error('')
  return Number(number) * SIZES[unit as keyof typeof SIZES]
}
