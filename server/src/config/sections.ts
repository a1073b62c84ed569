import { resolve } from 'node:path'
import { parseGitAllow } from '../domain/git-url.ts'
import { parseNetAllow } from '../domain/net-address.ts'
import { SOURCE_RULES } from '../domain/srpm/where.ts'
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
  size,
  storageUrl,
  text,
  unlessOff,
  url,
} from './parse.ts'
import type { SettingName } from './read-setting.ts'
import type { Config, CoprConfig } from './types.ts'

/** Reads one setting by a parser that throws when it is wrong. */
export type Read = <T>(name: SettingName, parse: (text: string) => T) => T

export function readService(read: Read) {
  const port = read('PACKIT_PORT', integer(0, 65_535))
  return {
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
  } satisfies Partial<Config>
}

export function readForges(read: Read) {
  return {
    gitWebhookSecret: read('PACKIT_GIT_WEBHOOK_SECRET', optional(text)),
    github: {
      appId: read('PACKIT_GITHUB_APP_ID', optional(integer(1, 999_999_999))),
      privateKey: read('PACKIT_GITHUB_PRIVATE_KEY', optional(privateKey)),
      webhookSecret: read('PACKIT_GITHUB_WEBHOOK_SECRET', optional(text)),
      clientId: read('PACKIT_GITHUB_CLIENT_ID', optional(text)),
      clientSecret: read('PACKIT_GITHUB_CLIENT_SECRET', optional(text)),
      apiUrl: read('PACKIT_GITHUB_API_URL', url('http:', 'https:')).replace(/\/+$/, ''),
    },
  } satisfies Partial<Config>
}

/** Where its Copr is, as far as it is said. */
export function readCopr(read: Read) {
  return {
    url: read('PACKIT_COPR_URL', optional(url('http:', 'https:')))?.replace(/\/+$/, ''),
    login: read('PACKIT_COPR_LOGIN', optional(pattern(/^[^:\s]+$/))),
    token: read('PACKIT_COPR_TOKEN', optional(pattern(/^[^:\s]+$/))),
    owner: read('PACKIT_COPR_OWNER', optional(pattern(/^@?[A-Za-z0-9_.][A-Za-z0-9_.-]*$/))),
  }
}

export function readBuilds(read: Read, copr: ReturnType<typeof readCopr>) {
  const hasCopr = copr.url && copr.login && copr.token && copr.owner
  return {
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
  } satisfies Partial<Config>
}

export function readOperation(read: Read) {
  return {
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
  } satisfies Partial<Config>
}

/** @param coprUrl  of the Copr that is named, which also knows what chroots there are */
export function readOthers(read: Read, coprUrl: string | undefined) {
  return {
    targetSource: targetSource(
      read('PACKIT_BODHI_URL', unlessOff(url('http:', 'https:'))),
      read('PACKIT_CHROOTS_URL', (t) => unlessOff(url('http:', 'https:'))(t || coprUrl || FEDORA_COPR)),
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
  } satisfies Partial<Config>
}

/** Half of the lists says nothing: both are asked for, or none. */
function targetSource(bodhiUrl: string | undefined, coprUrl: string | undefined): Config['targetSource'] {
  if (!bodhiUrl || !coprUrl) return undefined
  return { bodhiUrl: bodhiUrl.replace(/\/+$/, ''), coprUrl: coprUrl.replace(/\/+$/, '') }
}

const FEDORA_COPR = 'https://copr.fedorainfracloud.org'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Without a queue there are problems that `missingTogether` names. */
function messages({ url: address, queue = '', ...more }: Messages): Config['messages'] {
  return address === undefined ? undefined : { url: address, queue, ...more }
}

type Messages = Omit<NonNullable<Config['messages']>, 'url' | 'queue'> & Record<'url' | 'queue', string | undefined>
