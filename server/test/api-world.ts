import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type ServerDeps, type ServerOptions } from '../src/http/server.ts'
import { openFolderStorage } from '../src/storage/folder.ts'
import { insertHardRows } from './api-rows.ts'
import { createTestDatabase, type DatabaseKind } from './database.ts'

const STATUS = {
  version: '1.2.3',
  public_url_set: false,
  builders: [{ name: 'local', chroots: ['host-debian-12-x86_64'], note: 'on this machine' }],
  backends: [
    {
      name: 'copr',
      title: 'Copr',
      state: 'open' as const,
      since: 1_767_218_580,
      reason: 'it answers 502',
      failures: 3,
      last_success: 1_767_218_520,
      next_try: 1_767_218_640,
    },
  ],
  queue: { waiting: 1, running: 0, oldest_age_s: 1.5 },
  disk: { ok: true, message: null },
  sandbox: { ok: false, message: 'no user namespaces' },
  forges: [
    {
      forge: 'github.com',
      whose: 'acme',
      limit: 5000,
      remaining: 187,
      reset_at: 1_767_222_000,
      blocked_until: null,
      reason: 'fewer than 200 requests are left: only first and last states of checks are written',
    },
  ],
  processes: [
    {
      role: 'serve' as const,
      host: 'here',
      version: '1.2.3',
      slots: 2,
      started_at: 1_790_000_000,
      seen_at: 1_790_000_000,
    },
  ],
  targets: { as_of: '2026-11-24', refreshed: true },
  webhook: { git: true, github: false },
}

interface Settings extends Partial<ServerOptions> {
  kind?: DatabaseKind
  /** No rows at all. */
  empty?: boolean
  deps?: Partial<ServerDeps>
}

/** The whole HTTP server on a database with the rows that are hard to answer for, its store in a folder of its own. */
export async function createApi({ kind, empty = false, deps = {}, ...options }: Settings = {}) {
  const database = await createTestDatabase(kind)
  if (!empty) await insertHardRows(database.db)
  const folder = await mkdtemp(join(tmpdir(), 'packit-api-'))
  const storage = openFolderStorage(join(folder, 'store'))
  const app = await createServer({
    database,
    storage,
    // what is handed over is left lying; stories with a queue are told in a world
    queue: { add: async () => {} },
    options: {
      publicUrl: undefined,
      trustedProxies: [],
      rateLimit: undefined,
      dashboardDir: join(folder, 'dashboard'),
      version: { version: '1.2.3', commit: '0a1b2c3' },
      ...options,
    },
    status: async () => STATUS,
    ...deps,
  })
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
  return {
    app,
    database,
    storage,
    folder,
    get,
    json: async (url: string) => (await get(url)).json(),
    async [Symbol.asyncDispose]() {
      await app.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Api = Awaited<ReturnType<typeof createApi>>
