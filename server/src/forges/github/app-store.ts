import { createPrivateKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupError } from '../../domain/errors.ts'
import type { CurrentApp, GithubApp } from './app.ts'

/** An App as `/setup` keeps it. */
export interface KeptApp extends GithubApp {
  slug: string
  /** Whose App it is: the account or organization on GitHub. */
  owner: string
}

/** What the settings say about an App; all of it may be missing. */
export interface AppSettings {
  appId: number | undefined
  privateKey: string | undefined
  webhookSecret: string | undefined
  clientId: string | undefined
  clientSecret: string | undefined
  apiUrl: string
}

/** The App of this installation: that of the settings, else the one that `/setup` made and kept in the data directory. */
export interface AppStore {
  /** Looks at the file anew when it has changed: another process may have written it. */
  current: CurrentApp
  /** What signs its deliveries. Settings may hold one without an App, for the webhooks of single repositories. */
  webhookSecret(): string | undefined
  from(): 'settings' | 'file' | undefined
  /** Whose App it is; only the file tells. */
  owner(): string | undefined
  /** Why the file can't be used, when it is there. */
  problem(): string | undefined
  /** Where `/setup` keeps the App. */
  readonly path: string
  /** Keeps an App. Throws `SetupError` when it can't be written. */
  save(app: KeptApp): Promise<void>
}

export function openAppStore(dataDir: string, settings: AppSettings): AppStore {
  const path = join(dataDir, 'github-app.json')
  const fromSettings = appOfSettings(settings)
  const file = watchFile(path)
  const current = () => fromSettings ?? file().app
  return {
    path,
    current,
    webhookSecret: () => current()?.webhookSecret ?? settings.webhookSecret,
    from: () => (fromSettings ? 'settings' : file().app ? 'file' : undefined),
    owner: () => (fromSettings ? undefined : file().app?.owner),
    problem: () => (fromSettings ? undefined : file().problem),
    save: (app) => writeApp(path, app),
  }
}

function appOfSettings({ appId, privateKey, webhookSecret, clientId, clientSecret, apiUrl }: AppSettings) {
  if (!appId || !privateKey || !webhookSecret) return undefined
  const oauth = clientId && clientSecret ? { clientId, clientSecret } : null
  return { appId, slug: null, privateKey, webhookSecret, oauth, apiUrl } satisfies GithubApp
}

interface Found {
  app?: KeptApp
  problem?: string
}

/** Reads a file when its time, size or place has changed. */
function watchFile(path: string): () => Found {
  let stamp = ''
  let found: Found = {}
  return () => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    const now = stats ? `${stats.mtimeNs} ${stats.size} ${stats.ino}` : ''
    if (now === stamp) return found
    stamp = now
    found = stats ? readApp(path) : {}
    return found
  }
}

function readApp(path: string): Found {
  try {
    return { app: parseApp(JSON.parse(readFileSync(path, 'utf8'))) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { problem: `${path} can't be used: ${why}` }
  }
}

/** @throws {TypeError} naming the key that is wrong */
function parseApp(value: unknown): KeptApp {
  const kept = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const text = (key: string, from: Record<string, unknown> = kept) => {
    const found = from[key]
    if (typeof found !== 'string' || found === '') throw new TypeError(`${key} must be a text`)
    return found
  }
  const { appId, oauth } = kept
  if (typeof appId !== 'number' || !Number.isSafeInteger(appId)) throw new TypeError('appId must be a number')
  const privateKey = text('privateKey')
  if (keyProblem(privateKey)) throw new TypeError(`privateKey ${keyProblem(privateKey)}`)
  const pair = typeof oauth === 'object' && oauth !== null ? (oauth as Record<string, unknown>) : null
  return {
    appId,
    slug: text('slug'),
    owner: text('owner'),
    privateKey,
    webhookSecret: text('webhookSecret'),
    oauth: pair && { clientId: text('clientId', pair), clientSecret: text('clientSecret', pair) },
    apiUrl: text('apiUrl'),
  }
}

/** What is wrong with a key; `undefined` for an RSA key that can be read. */
export function keyProblem(pem: string): string | undefined {
  try {
    const kind = createPrivateKey(pem).asymmetricKeyType
    return kind === 'rsa' ? undefined : `is a key of the kind ${kind}, and GitHub's are RSA`
  } catch {
    return 'can not be read as a key in PEM form'
  }
}

/** Writes for the service's own account alone, whole or not at all. */
async function writeApp(path: string, app: KeptApp): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  try {
    await rm(temporary, { force: true })
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(app, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new SetupError(`${path} can't be written: ${(cause as Error).message}`, { cause })
  }
}
