import { chmod, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { NotFoundError, SetupError, UnavailableError } from '../domain/errors.ts'
import { type DataCommand, type DataDeps, runDataCommand } from './data-commands.ts'
import { findOwner } from './owner.ts'

const socketPath = (dataDir: string) => join(dataDir, 'control.sock')

/** Lets commands of this machine's user reach the service that holds the data directory. */
export async function listenForCommands(dataDir: string, service: DataDeps): Promise<{ close(): Promise<void> }> {
  const path = socketPath(dataDir)
  const stopping = new AbortController()
  const deps = { ...service, signal: stopping.signal }
  // what a dead owner left; the lock is ours
  await rm(path, { force: true })
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', async () => {
      const answer = await answerCommand(Buffer.concat(parts).toString(), deps)
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  await chmod(path, 0o600)
  return {
    close: () => {
      stopping.abort(new UnavailableError('the service is being stopped', 0))
      return closeServer(server, path)
    },
  }
}

async function closeServer(server: Server, path: string): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await rm(path, { force: true })
}

type Answer = { ok: true; lines: string[] } | { ok: false; message: string }

async function answerCommand(body: string, service: DataDeps): Promise<Answer> {
  try {
    return { ok: true, lines: await runDataCommand(JSON.parse(body) as DataCommand, service) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Has the service that holds the data directory run a command.
 *
 * @returns its lines; `undefined` when nobody holds the directory
 */
export async function askOwner(config: Config, command: DataCommand): Promise<string[] | undefined> {
  const owner = await findOwner(config.dataDir)
  if (!owner) return undefined
  const answer = await post(socketPath(config.dataDir), command).catch((error: unknown) => {
    throw new SetupError(`process ${owner.pid} holds ${config.dataDir}, but does not answer there`, { cause: error })
  })
  if (answer.ok) return answer.lines
  throw new NotFoundError(answer.message)
}

function post(socket: string, command: DataCommand): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath: socket, method: 'POST', path: '/' }, (res) => {
      const parts: Buffer[] = []
      res.on('data', (part: Buffer) => parts.push(part))
      res.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString()) as Answer))
    })
    req.once('error', reject)
    req.end(JSON.stringify(command))
  })
}
