import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DatabaseKind } from '../server/test/database.ts'
import { onCore } from './api/cores.ts'
import type { Operation } from './api/requests.ts'

export interface ApiServerOptions {
  kind: DatabaseKind
  /** How much its database has, see `sizeOf`. */
  factor: number
  /** An address of a database for `postgres`: filled when it is empty. */
  databaseUrl?: string
  /** Size of the log of SRPM 1; without it there is none. */
  logBytes?: number
  /** Look up what can be asked for, and what it asks of the database. */
  lookUp?: boolean
  /** The core that it runs on. */
  core?: number | undefined
}

export interface ApiServer extends AsyncDisposable {
  url: string
  /** A bare server that answers every request with that log. */
  plainUrl: string
  operations: Operation[]
  /** Rows of the largest tables, for the table's heading. */
  rows: Record<string, number>
}

const PROGRAM = fileURLToPath(new URL('api-server.ts', import.meta.url))

/** Starts the HTTP server on a generated database in another process. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const [program = process.execPath, ...prefix] = [...onCore(options.core), process.execPath]
  const child = fork(PROGRAM, [JSON.stringify(options)], { stdio: 'inherit', execPath: program, execArgv: prefix })
  const exited = once(child, 'exit')
  const failed = exited.then(() => {
    throw new Error('the server of the benchmark ended before it listened')
  })
  const [started] = (await Promise.race([once(child, 'message'), failed])) as [Omit<ApiServer, keyof AsyncDisposable>]
  failed.catch(() => {})
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await exited
    },
  }
}
