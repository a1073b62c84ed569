// A process of its own, so that what asks and what answers don't share one: the HTTP server on a generated database.
import { createReadStream } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Database, query } from '../server/src/db/database.ts'
import { openEmbedded, openPostgres } from '../server/src/db/open.ts'
import { createServer } from '../server/src/http/server.ts'
import { openFolderStorage } from '../server/src/storage/folder.ts'
import { createTestDatabase } from '../server/test/database.ts'
import { findOperations } from './api/requests.ts'
import type { ApiServerOptions } from './api-process.ts'
import { generate, sizeOf } from './generate.ts'
import { openFolder } from './measure.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as ApiServerOptions
const { logBytes = 0 } = options
const { dir, [Symbol.asyncDispose]: removeFolder } = await openFolder()

const database = await open(options)
if ((await countRows('projects')) === 0) await generate(database, sizeOf(options.factor))
const storage = openFolderStorage(join(dir, 'store'))
await writeLog(logBytes)
const app = await createServer({
  database,
  storage,
  queue: { add: () => Promise.reject(new Error('nothing is written')) },
  options: {
    publicUrl: undefined,
    trustedProxies: [],
    rateLimit: 0,
    dashboardDir: dir,
    version: { version: '0', commit: null },
  },
  status: () => Promise.reject(new Error('nobody asks for it')),
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const plain = await servePlainly()
process.send?.({
  url,
  plainUrl: `http://127.0.0.1:${(plain.address() as AddressInfo).port}/`,
  operations: options.lookUp ? await findOperations(app, database) : [],
  rows: { pipelines: await countRows('pipelines'), build_targets: await countRows('build_targets') },
})
process.once('disconnect', stop)

/** The embedded database lies in a folder, as a service has it. */
async function open({ kind, databaseUrl }: ApiServerOptions): Promise<Database> {
  if (kind === 'embedded') return openEmbedded(join(dir, 'database'))
  return databaseUrl === undefined ? createTestDatabase(kind) : openPostgres(databaseUrl, { migrate: true })
}

async function countRows(table: string): Promise<number> {
  const rows = await query<{ count: string | number }>(database.db, sql.raw(`select count(*) from ${table}`))
  return Number(rows[0]?.count ?? 0)
}

/** The log of SRPM 1. */
async function writeLog(bytes: number): Promise<void> {
  if (bytes === 0) return
  const line = `gcc -O2 -Wall -c -o part.o part.c ${'x'.repeat(65)}\n`
  const chunk = line.repeat(Math.ceil(2 ** 20 / line.length)).slice(0, 2 ** 20)
  for (let written = 0; written < bytes; written += chunk.length) await storage.append('srpm/1/build.log', chunk)
  await database.db.execute(sql`update srpm_builds set log_size = ${bytes} where id = 1`)
}

/** The same file by the least that a server can be. */
async function servePlainly(): Promise<Server> {
  const path = logBytes > 0 ? await storage.localPath('srpm/1/build.log') : ''
  const server = createPlainServer((_request, response) => void createReadStream(path).pipe(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function stop(): Promise<void> {
  plain.close()
  await app.close()
  await database.close()
  await removeFolder()
  // PostgreSQL's throw-away cluster ends with the process
  process.exit()
}
