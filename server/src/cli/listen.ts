import { type AddressInfo, createServer as createNetServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { SetupError } from '../domain/errors.ts'

/** Listens where the settings say. Throws `SetupError` when the port is taken or not allowed. */
export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<void> {
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    const notHere = `PACKIT_HOST is ${host}, which is no address of this machine`
    const why: Record<string, string> = {
      EADDRINUSE: `port ${port} is in use by another program: set PACKIT_PORT to a free one`,
      EACCES: `port ${port} may not be listened on by this user: set PACKIT_PORT to one above 1023`,
      EADDRNOTAVAIL: notHere,
      ENOTFOUND: notHere,
      EAI_AGAIN: notHere,
    }
    const message = why[error.code ?? '']
    if (message) throw new SetupError(message, { cause: error })
    throw error
  })
}

/** A port that nobody uses now, from `first` on; any one when `first` is 0. */
export async function findFreePort(host: string, first = 0): Promise<number> {
  for (let port = first; port < first + 100; port += 1) {
    const free = await tryPort(host, port)
    if (free !== undefined) return free
  }
  throw new SetupError(`no port from ${first} to ${first + 99} is free`)
}

function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createNetServer()
    probe.once('error', () => resolve(undefined))
    probe.listen(port, host, () => {
      const { port: found } = probe.address() as AddressInfo
      probe.close(() => resolve(found))
    })
  })
}
