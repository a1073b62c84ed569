import type { GitAllow } from '../domain/git-url.ts'
import type { NetAllow } from '../domain/net-address.ts'
import type { SourceRule } from '../domain/srpm/where.ts'
import type { StorageUrl } from './parse.ts'

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
  /** SRPMs of one project, and builds of it in Copr, at a time, in all processes; undefined = no limit. */
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

/** Settings as they are given. */
export type Env = Record<string, string | undefined>
