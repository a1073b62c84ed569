import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import pg from 'pg'

/** Where packages put it besides: Debian's is never in the path. The highest version counts. */
const PACKAGED = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin']

/** The folder of `initdb` and `postgres`; `undefined` where PostgreSQL's server is not installed. */
export function findPostgresPrograms(): string | undefined {
  const packaged = globSync(PACKAGED).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...packaged]
  const found = folders.map((folder) => join(folder, 'initdb')).find((path) => existsSync(path))
  return found && dirname(realpathSync(found))
}

/** The server refuses to run as root: then it runs as the account that its package made. */
function findAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const read = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return { uid: read('-u'), gid: read('-g') }
}

/**
 * A throw-away PostgreSQL, reached by a socket in its own folder; it ends with this process.
 *
 * @param options.settings  as in `postgresql.conf`
 * @param options.prefix  a program, with arguments, that starts the server
 */
export async function startCluster(
  options: { settings?: readonly string[]; prefix?: readonly string[] } = {},
): Promise<{ urlOf: (database: string) => string }> {
  const programs = findPostgresPrograms()
  if (!programs) {
    throw new Error('there is no initdb: install PostgreSQL (scripts/setup test), or set PACKIT_TEST_DATABASE_URL')
  }
  const account = findAccount()
  const dir = mkdtempSync(join(tmpdir(), 'packit-postgres-'))
  if (account) chownSync(dir, account.uid, account.gid)
  const data = join(dir, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    { ...account, cwd: dir, stdio: 'ignore' },
  )
  const settings = [
    'listen_addresses=',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    'max_connections=200',
    ...(options.settings ?? []),
  ]
  const [program = '', ...args] = [...(options.prefix ?? []), join(programs, 'postgres')]
  const server = spawn(program, [...args, '-D', data, '-k', dir, ...settings.flatMap((setting) => ['-c', setting])], {
    ...account,
    cwd: dir,
    stdio: 'ignore',
  })
  server.unref()
  process.once('exit', () => {
    server.kill('SIGQUIT')
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  const urlOf = (database: string) => `postgres://postgres@localhost/${database}?host=${encodeURIComponent(dir)}`
  await waitUntilUp(urlOf('postgres'))
  return { urlOf }
}

async function waitUntilUp(url: string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline) throw new Error('the PostgreSQL for tests did not come up', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
