import { createHash } from 'node:crypto'
import {
  access,
  constants,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { SetupError } from '../domain/errors.ts'

/** A process, so that others can tell whether it lives. */
export interface Identity {
  pid: number
  /** When the process began, in clock ticks since boot: a process id alone may be used again. */
  startTime: string
  /** Boot and pid namespace: only there does the process id mean anything. */
  place: string
}

/** Who holds a data directory. */
export interface Owner extends Identity {
  /** Where the service answers. */
  address: string
  since: string
}

export interface HeldDirectory {
  /** Notes where the service answers. */
  setAddress(address: string): Promise<void>
  release(): Promise<void>
}

const TOUCH_MS = 5000
/** An owner in another container is believed dead when it has not touched the lock for so long. */
const STALE_MS = 20_000

/**
 * Makes this process the only one that opens what lies in a data directory: two that open one embedded database lose rows
 * without an error. A lock whose owner is dead is taken over.
 *
 * @throws {SetupError} naming the living owner, or why the directory can't be used
 */
export async function holdDirectory(dataDir: string): Promise<HeldDirectory> {
  await makeDirectory(dataDir)
  const path = join(dataDir, 'lock')
  // the kernel frees this name when its process ends, however it ends; the file is for people and for other containers
  const mutex = await claimName(await realpath(dataDir))
  const other = await findOwner(dataDir)
  if (!mutex || other) {
    mutex?.close()
    throw new SetupError(describeOwner(dataDir, other ?? (await readOwner(path))))
  }
  const owner: Owner = { ...(await identifySelf()), address: '', since: new Date().toISOString() }
  await writeOwner(path, owner)
  const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), TOUCH_MS)
  touching.unref()
  return {
    setAddress: (address) => writeOwner(path, { ...owner, address }),
    async release() {
      clearInterval(touching)
      await rm(path, { force: true })
      mutex.close()
    },
  }
}

async function makeDirectory(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SetupError(
      `the data directory ${dataDir} can't be used: ${why}. Set PACKIT_DATA_DIR to a folder that can.`,
      {
        cause,
      },
    )
  }
}

/** The living owner of a data directory, if there is one. */
export async function findOwner(dataDir: string): Promise<Owner | undefined> {
  const path = join(dataDir, 'lock')
  const owner = await readOwner(path)
  if (!owner) return undefined
  const lives = await isAlive(owner)
  if (lives !== undefined) return lives ? owner : undefined
  const touched = await stat(path).catch(() => undefined)
  return touched && Date.now() - touched.mtimeMs < STALE_MS ? owner : undefined
}

export async function identifySelf(): Promise<Identity> {
  return { pid: process.pid, startTime: await startTimeOf(process.pid), place: await place() }
}

/** Whether a process lives; `undefined` for one of another place, of which nothing can be known from here. */
export async function isAlive(one: Identity): Promise<boolean | undefined> {
  if (one.place !== (await place())) return undefined
  return (await startTimeOf(one.pid).catch(() => undefined)) === one.startTime
}

function describeOwner(dataDir: string, owner: Owner | undefined): string {
  const who = owner
    ? `process ${owner.pid}${owner.address ? `, which serves ${owner.address}` : ''}`
    : 'another process'
  return `the data directory ${dataDir} is in use by ${who}. Stop it first, or set PACKIT_DATA_DIR to another folder.`
}

/** Listens on an abstract socket named for the folder; `undefined` when a living process has it. */
async function claimName(folder: string): Promise<Server | undefined> {
  const name = `\0packit-service-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(name, () => {
      server.unref()
      resolve(server)
    })
  })
}

async function readOwner(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  try {
    return text ? (JSON.parse(text) as Owner) : undefined
  } catch {
    return undefined
  }
}

async function writeOwner(path: string, owner: Owner): Promise<void> {
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, `${JSON.stringify(owner, null, 2)}\n`)
  await rename(temporary, path)
}

/** Field 22 of `/proc/<pid>/stat`; what stands in brackets before may hold blanks. */
async function startTimeOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function place(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return `${boot.trim()} ${namespace}`
}
