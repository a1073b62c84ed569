import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { State } from './state.ts'
import type { App, Permissions, User } from './things.ts'

/** What an App asks for when it is made. */
export interface Manifest {
  name: string
  url: string
  description?: string
  public?: boolean
  hook_attributes?: { url: string; active?: boolean }
  redirect_url?: string
  callback_urls?: string[]
  setup_url?: string
  default_permissions?: Permissions
  default_events?: string[]
}

/** Good for an hour on GitHub, and once. */
const codes = new WeakMap<State, Map<string, App>>()

const generate = promisify(generateKeyPair)
let sharedKey: Promise<string> | undefined

/** Makes a new RSA key, as GitHub gives each App one. */
async function makeKey(): Promise<string> {
  const { privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return privateKey
}

/** Making a key takes a while: Apps of one process may share it, where nothing depends on it. */
export function commonKey(): Promise<string> {
  sharedKey ??= makeKey()
  return sharedKey
}

/** Makes an App that nobody has installed yet. */
export async function makeApp(state: State, owner: User, manifest: Manifest, key = makeKey()): Promise<App> {
  const slug = manifest.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const bot: User = { id: state.nextId(), login: `${slug}[bot]`, type: 'Bot' }
  const isActive = manifest.hook_attributes?.active ?? true
  const app: App = {
    id: state.nextId(),
    slug,
    name: manifest.name,
    description: manifest.description ?? '',
    owner,
    bot,
    clientId: `Iv23${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    webhookSecret: randomBytes(20).toString('hex'),
    privateKey: await key,
    permissions: { metadata: 'read', ...manifest.default_permissions },
    events: manifest.default_events ?? [],
    isPublic: manifest.public ?? true,
    pageUrl: manifest.url,
    hookUrl: (isActive && manifest.hook_attributes?.url) || null,
    setupUrl: manifest.setup_url ?? null,
    callbackUrls: manifest.callback_urls ?? [],
    createdAt: state.now(),
  }
  state.users.push(bot)
  state.apps.push(app)
  return app
}

/** The code that the App's maker brings to the redirect address. */
export function giveManifestCode(state: State, app: App): string {
  const code = randomBytes(20).toString('hex')
  const known = codes.get(state) ?? new Map<string, App>()
  codes.set(state, known.set(code, app))
  return code
}

export function takeManifestCode(state: State, code: string): App | undefined {
  const app = codes.get(state)?.get(code)
  codes.get(state)?.delete(code)
  return app
}
