import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DatabaseKind } from '../server/test/database.ts'

export interface ApiServerOptions {
  kind: DatabaseKind
  /** How many runs its database has. */
  runs: number
  /** Size of the log of SRPM 1; without it there is none. */
  logBytes?: number
}

export interface ApiServer extends AsyncDisposable {
  url: string
  /** A bare server that answers every request with that log. */
  plainUrl: string
}

const PROGRAM = fileURLToPath(new URL('api-server.ts', import.meta.url))

/** Starts the HTTP server on a generated database in another process. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const child = fork(PROGRAM, [JSON.stringify(options)], { stdio: 'inherit' })
  const exited = once(child, 'exit')
  const failed = exited.then(() => {
    throw new Error('the server of the benchmark ended before it listened')
  })
  const [addresses] = (await Promise.race([once(child, 'message'), failed])) as [{ url: string; plainUrl: string }]
  failed.catch(() => {})
  return {
    ...addresses,
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await exited
    },
  }
}
