import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { findUnreachable } from './config/copr-reach.ts'
import {
  duration,
  durationOrNone,
  integer,
  list,
  oneOf,
  optional,
  pattern,
  pemFile,
  privateKey,
  type StorageUrl,
  size,
  storageUrl,
  text,
  unlessOff,
  url,
} from './config/parse.ts'
import { SETTINGS, type Setting } from './config/settings.ts'
import { type GitAllow, parseGitAllow } from './domain/git-url.ts'
import { type NetAllow, parseNetAllow } from './domain/net-address.ts'
import { SOURCE_RULES, type SourceRule } from './domain/srpm/where.ts'

/** All settings, checked. Docs: docs/configuration.md, which a test holds against `SETTINGS`. */
export interface Config {
  host: string
  port: number
  /** Where a worker answers. */
  workerPort: number
  dataDir: string
  /** Where logs and packages are kept; undefined = below `dataDir`. */
  storage: StorageUrl | undefined
  /** The key of the bucket, where `storage` is one. */
  s3: { accessKey: string | undefined; secretKey: string | undefined; sessionToken: string | undefined }
  databaseUrl: string | undefined
  /** How others reach us, without a slash at the end; undefined when only this machine can. */
  publicUrl: string | undefined
  gitWebhookSecret: string | undefined
  github: {
    /** An App needs `appId` and `privateKey`; with the secret alone deliveries are taken and nothing is asked or written. */
    appId: number | undefined
    privateKey: string | undefined
    webhookSecret: string | undefined
    clientId: string | undefined
    clientSecret: string | undefined
    /** Without a slash at the end. */
    apiUrl: string
  }
  /** What builds RPMs. */
  builder: 'local' | 'mock' | 'copr'
  copr: CoprConfig | undefined
  /** The longest time between two looks at a running build. */
  pollIntervalMs: number
  /** Which plain repositories may be fetched besides public https ones: path prefixes and hosts. */
  gitAllow: GitAllow
  /** Own networks that may be reached in spite of their private addresses. */
  netAllow: NetAllow
  sandboxNetwork: 'none' | 'srpm'
  buildParallel: number
  /** SRPMs of one project at a time, in all processes; undefined = no limit. */
  projectParallel: number | undefined
  /** Most builds in Copr at a time; undefined = any number. */
  coprParallel: number | undefined
  /** Whose SRPMs Copr makes itself. */
  coprSources: SourceRule
  drainMs: number
  buildLimits: { timeMs: number; memoryBytes: number; processes: number; diskBytes: number; logBytes: number }
  keepDays: { closed: number; superseded: number; logs: number; payloads: number }
  keepMirrorBytes: number
  instance: string
  commandPrefix: string
  isShadow: boolean
  privateNamespaces: string[]
  trustedProxies: string[]
  /** Requests a minute for one address; `undefined` = not on loopback, else 600; 0 = no limit. */
  rateLimit: number | undefined
  maxTargets: number
  /** Who is asked which targets there are; undefined = nobody. */
  targetSource: { bodhiUrl: string; coprUrl: string } | undefined
  /** The bus that is listened to; undefined = none. */
  messages:
    | {
        url: string
        /** PEM texts. */
        tls: { ca: string | undefined; cert: string | undefined; key: string | undefined }
        queue: string
        topicPrefix: string
      }
    | undefined
  /** Who tests packages; without a token this machine does. Addresses are without a slash at the end. */
  testingFarm: {
    url: string
    token: string | undefined
    internalUrl: string | undefined
    internalToken: string | undefined
  }
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export interface CoprConfig {
  /** Without a slash at the end. */
  url: string
  login: string
  token: string
  owner: string
}

type Env = Record<string, string | undefined>

/** Whether the user wants no colours in the terminal (https://no-color.org); commands without settings ask this too. */
export function wantsNoColor(env: Env = process.env): boolean {
  return Boolean(env.NO_COLOR)
}

/** Where a service of this environment keeps its data; for commands that need no other setting. */
export function findDataDir(env: Env = process.env): string {
  return resolve(env.PACKIT_DATA_DIR || (SETTINGS.find(({ name }) => name === 'PACKIT_DATA_DIR')?.default ?? ''))
}

/** The environment of a program that we start, with other settings than ours; what is set to `''` is not set. */
export function environmentWith(changed: Env, env: Env = process.env): Record<string, string> {
  const set = Object.entries({ ...env, ...changed }).filter(([, value]) => value)
  return Object.fromEntries(set) as Record<string, string>
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
  const port = read('PACKIT_PORT', integer(0, 65_535))
  const copr = {
    url: read('PACKIT_COPR_URL', optional(url('http:', 'https:')))?.replace(/\/+$/, ''),
    login: read('PACKIT_COPR_LOGIN', optional(pattern(/^[^:\s]+$/))),
    token: read('PACKIT_COPR_TOKEN', optional(pattern(/^[^:\s]+$/))),
    owner: read('PACKIT_COPR_OWNER', optional(pattern(/^@?[A-Za-z0-9_.][A-Za-z0-9_.-]*$/))),
  }
  const hasCopr = copr.url && copr.login && copr.token && copr.owner
  const config: Config = {
    host: read('PACKIT_HOST', text),
    port,
    workerPort: read('PACKIT_WORKER_PORT', optional(integer(0, 65_535))) ?? port,
    dataDir: read('PACKIT_DATA_DIR', (t) => resolve(t)),
    storage: read('PACKIT_STORAGE_URL', optional(storageUrl)),
    s3: {
      accessKey: read('PACKIT_S3_ACCESS_KEY', optional(text)),
      secretKey: read('PACKIT_S3_SECRET_KEY', optional(text)),
      sessionToken: read('PACKIT_S3_SESSION_TOKEN', optional(text)),
    },
    databaseUrl: read('DATABASE_URL', optional(url('postgres:', 'postgresql:'))),
    publicUrl: read('PACKIT_PUBLIC_URL', optional(url('http:', 'https:')))?.replace(/\/+$/, ''),
    gitWebhookSecret: read('PACKIT_GIT_WEBHOOK_SECRET', optional(text)),
    github: {
      appId: read('PACKIT_GITHUB_APP_ID', optional(integer(1, 999_999_999))),
      privateKey: read('PACKIT_GITHUB_PRIVATE_KEY', optional(privateKey)),
      webhookSecret: read('PACKIT_GITHUB_WEBHOOK_SECRET', optional(text)),
      clientId: read('PACKIT_GITHUB_CLIENT_ID', optional(text)),
      clientSecret: read('PACKIT_GITHUB_CLIENT_SECRET', optional(text)),
      apiUrl: read('PACKIT_GITHUB_API_URL', url('http:', 'https:')).replace(/\/+$/, ''),
    },
    builder: read('PACKIT_BUILDER', optional(oneOf('local', 'mock', 'copr'))) ?? (hasCopr ? 'copr' : 'local'),
    copr: hasCopr ? (copr as CoprConfig) : undefined,
    pollIntervalMs: read('PACKIT_POLL_INTERVAL', duration),
    gitAllow: read('PACKIT_GIT_ALLOW', parseGitAllow),
    netAllow: read('PACKIT_NET_ALLOW', parseNetAllow),
    sandboxNetwork: read('PACKIT_SANDBOX_NETWORK', oneOf('none', 'srpm')),
    buildParallel: read('PACKIT_BUILD_PARALLEL', integer(1, 64)),
    projectParallel: read('PACKIT_PROJECT_PARALLEL', integer(0, 1000)) || undefined,
    coprParallel: read('PACKIT_COPR_PARALLEL', integer(0, 100_000)) || undefined,
    coprSources: read('PACKIT_COPR_SOURCES', oneOf(...SOURCE_RULES)),
    drainMs: read('PACKIT_DRAIN_TIME', durationOrNone),
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
    commandPrefix: read('PACKIT_COMMAND_PREFIX', pattern(/^\/[a-z0-9-]{1,40}$/)),
    isShadow: read('PACKIT_SHADOW', oneOf('0', '1')) === '1',
    privateNamespaces: read('PACKIT_PRIVATE_NAMESPACES', list(pattern(/^[^/\s]+\/\S+$/))),
    trustedProxies: read('PACKIT_TRUSTED_PROXIES', list(pattern(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/))),
    rateLimit: read('PACKIT_RATE_LIMIT', optional(integer(0, 1_000_000))),
    maxTargets: read('PACKIT_MAX_TARGETS', integer(1, 1000)),
    targetSource: targetSource(
      read('PACKIT_BODHI_URL', unlessOff(url('http:', 'https:'))),
      read('PACKIT_CHROOTS_URL', (t) => unlessOff(url('http:', 'https:'))(t || copr.url || FEDORA_COPR)),
    ),
    messages: messages({
      url: read('PACKIT_MESSAGES_URL', optional(url('amqps:', 'amqp:'))),
      tls: {
        ca: read('PACKIT_MESSAGES_CA', optional(pemFile)),
        cert: read('PACKIT_MESSAGES_CERT', optional(pemFile)),
        key: read('PACKIT_MESSAGES_KEY', optional(pemFile)),
      },
      queue: read('PACKIT_MESSAGES_QUEUE', optional(pattern(UUID))),
      topicPrefix: read('PACKIT_MESSAGES_TOPIC_PREFIX', pattern(/^[\w-]+(\.[\w-]+)*$/)),
    }),
    testingFarm: {
      url: read('PACKIT_TESTING_FARM_URL', url('http:', 'https:')).replace(/\/+$/, ''),
      token: read('PACKIT_TESTING_FARM_TOKEN', optional(text)),
      internalUrl: read('PACKIT_TESTING_FARM_INTERNAL_URL', optional(url('http:', 'https:')))?.replace(/\/+$/, ''),
      internalToken: read('PACKIT_TESTING_FARM_INTERNAL_TOKEN', optional(text)),
    },
    logLevel: read('PACKIT_LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error', 'silent')),
  }
  problems.push(...missingTogether(config, env), ...unreachable(config))
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  return config
}

/** Half of the lists says nothing: both are asked for, or none. */
function targetSource(bodhiUrl: string | undefined, coprUrl: string | undefined): Config['targetSource'] {
  if (!bodhiUrl || !coprUrl) return undefined
  return { bodhiUrl: bodhiUrl.replace(/\/+$/, ''), coprUrl: coprUrl.replace(/\/+$/, '') }
}

const FEDORA_COPR = 'https://copr.fedorainfracloud.org'
const KEY_OF_BUCKET = 'a key for the bucket of PACKIT_STORAGE_URL'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function unreachable({ coprSources: rule, builder, copr, ...own }: Config): string[] {
  return findUnreachable({ rule, coprUrl: builder === 'copr' ? copr?.url : undefined, ...own })
}

/** Without a queue there are problems that `missingTogether` names. */
function messages({ url: address, queue = '', ...more }: Messages): Config['messages'] {
  return address === undefined ? undefined : { url: address, queue, ...more }
}

type Messages = Omit<NonNullable<Config['messages']>, 'url' | 'queue'> & Record<'url' | 'queue', string | undefined>

/** All of them, or none. */
const COPR_SETTINGS = [
  ['PACKIT_COPR_URL', 'the address of the Copr to build in'],
  ['PACKIT_COPR_LOGIN', 'the login of an API token, from the page /api/ of that Copr'],
  ['PACKIT_COPR_TOKEN', 'the API token, from the same page'],
  ['PACKIT_COPR_OWNER', 'the account of the token, or a @group of it'],
] as const

/** Settings that are worth nothing without each other. */
function missingTogether({ github, builder, storage, s3, testingFarm }: Config, env: Env): string[] {
  const { appId, privateKey, webhookSecret, clientId, clientSecret } = github
  const isSet = (name: string) => Boolean(env[name] || env[`${name}_FILE`])
  const lacks = (name: string, what: string) => (isSet(name) ? [] : [`${name} is not set; expected: ${what}`])
  const wantsCopr = builder === 'copr' || COPR_SETTINGS.some(([name]) => isSet(name))
  return [
    ...(wantsCopr ? COPR_SETTINGS.flatMap(([name, what]) => lacks(name, what)) : []),
    ...(appId && !privateKey
      ? lacks('PACKIT_GITHUB_PRIVATE_KEY', 'the private key of the App of PACKIT_GITHUB_APP_ID')
      : []),
    ...(privateKey && !appId ? lacks('PACKIT_GITHUB_APP_ID', 'the id of the App of PACKIT_GITHUB_PRIVATE_KEY') : []),
    ...(appId && !webhookSecret ? lacks('PACKIT_GITHUB_WEBHOOK_SECRET', 'the webhook secret of the App') : []),
    ...(clientId && !clientSecret ? lacks('PACKIT_GITHUB_CLIENT_SECRET', 'a client secret of the App') : []),
    ...(storage?.kind === 's3' && !s3.accessKey ? lacks('PACKIT_S3_ACCESS_KEY', KEY_OF_BUCKET) : []),
    ...(storage?.kind === 's3' && !s3.secretKey ? lacks('PACKIT_S3_SECRET_KEY', KEY_OF_BUCKET) : []),
    ...(isSet('PACKIT_MESSAGES_URL')
      ? lacks('PACKIT_MESSAGES_QUEUE', 'a UUID, as uuidgen prints: made once and kept for this installation')
      : []),
    ...(isSet('PACKIT_MESSAGES_CERT')
      ? lacks('PACKIT_MESSAGES_KEY', 'the file with the key of PACKIT_MESSAGES_CERT')
      : []),
    ...(isSet('PACKIT_MESSAGES_KEY')
      ? lacks('PACKIT_MESSAGES_CERT', 'the file with the certificate of PACKIT_MESSAGES_KEY')
      : []),
    ...(clientSecret && !clientId ? lacks('PACKIT_GITHUB_CLIENT_ID', 'the client id of the App') : []),
    ...(testingFarm.internalToken && !testingFarm.token
      ? lacks('PACKIT_TESTING_FARM_TOKEN', 'a token of the public ranch, which tests go to that are not internal')
      : []),
  ]
}

function readSetting<T>(env: Env, name: Name, parse: (text: string) => T, problems: string[]): T {
  const setting: Setting | undefined = SETTINGS.find((s) => s.name === name)
  const value =
    env[name] ||
    readSecretFile(env, name, setting?.secret ?? false, problems) ||
    env[setting?.also ?? ''] ||
    (setting?.default ?? '')
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
