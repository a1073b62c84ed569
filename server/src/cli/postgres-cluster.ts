import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { environmentWith } from '../config.ts'
import { SetupError } from '../domain/errors.ts'

/** Where packages put it besides: Debian's is never in the path. The highest version counts. */
const PACKAGED = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin']
const LONGEST_START_MS = 60_000

/** A PostgreSQL that lives as long as this process; nothing of it is kept. */
export interface Cluster {
  urlOf(database: string): string
  /** Of its server process. */
  readonly pid: number
  /** Ends every connection at once and starts anew on the same data, as an operator's restart does. */
  restart(): Promise<void>
  /** Ends it and removes what it wrote; without this the end of this process does it. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** As in `postgresql.conf`. */
  settings?: readonly string[]
  /** A program, with arguments, that starts the server. */
  prefix?: readonly string[]
}

/** The folder of `initdb` and `postgres`; `undefined` where PostgreSQL's server is not installed. */
export function findPostgresPrograms(): string | undefined {
  const packaged = globSync(PACKAGED).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  const folders = [...(environmentWith({}).PATH ?? '').split(delimiter), ...packaged]
  const found = folders.map((folder) => join(folder, 'initdb')).find((path) => existsSync(path))
  return found && dirname(realpathSync(found))
}

/** A throw-away PostgreSQL, reached by a socket in its own folder. @throws {SetupError} where none is installed */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const programs = findPostgresPrograms()
  if (!programs) {
    throw new SetupError(
      'there is no initdb: install PostgreSQL (scripts/setup copr or scripts/setup test), or name one',
    )
  }
  const account = findAccount()
  const dir = mkdtempSync(join(tmpdir(), 'packit-postgres-'))
  const clear = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  if (account) chownSync(dir, account.uid, account.gid)
  makeData(programs, dir, account)
  const urlOf = (database: string) => `postgres://postgres@localhost/${database}?host=${encodeURIComponent(dir)}`
  const start = async () => {
    const started = spawnServer(programs, dir, account, options)
    await waitUntilUp(urlOf('postgres'), started)
    return started
  }
  let server = await start()
  const endWithUs = () => {
    server.kill('SIGQUIT')
    clear()
  }
  process.once('exit', endWithUs)
  return {
    urlOf,
    get pid() {
      return server.pid ?? 0
    },
    async restart() {
      await end(server)
      server = await start()
    },
    async stop() {
      process.off('exit', endWithUs)
      await end(server)
      clear()
    },
  }
}

/** The server refuses to run as root: then it runs as the account that its package made. */
function findAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const read = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return { uid: read('-u'), gid: read('-g') }
}

function makeData(programs: string, dir: string, account: object | undefined): void {
  const args = ['-D', join(dir, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8']
  execFileSync(join(programs, 'initdb'), [...args, '--locale=C.UTF-8'], { ...account, cwd: dir, stdio: 'ignore' })
}

/** In a session of its own: Ctrl-C is for us, and we end it when nobody needs it any more. */
function spawnServer(programs: string, dir: string, account: object | undefined, options: ClusterOptions) {
  const settings = [
    'listen_addresses=',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    'max_connections=200',
    ...(options.settings ?? []),
  ]
  // it must not outlive us, however we end
  const [program = '', ...args] = [
    'setpriv',
    '--pdeathsig',
    'QUIT',
    ...(options.prefix ?? []),
    join(programs, 'postgres'),
  ]
  const server = spawn(
    program,
    [...args, '-D', join(dir, 'data'), '-k', dir, ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, cwd: dir, stdio: 'ignore', detached: true },
  )
  server.unref()
  return server
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.ref()
  // does not wait for connections
  server.kill('SIGINT')
  await ended
}

async function waitUntilUp(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + LONGEST_START_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      const hasEnded = server.exitCode !== null || server.signalCode !== null
      if (hasEnded || Date.now() > deadline)
        throw new Error('the throw-away PostgreSQL did not come up', { cause: error })
      await sleep(50)
    }
  }
}
