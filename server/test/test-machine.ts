import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from './source-tree.ts'

/** Programs that are real there: what the script itself runs. */
const BASICS =
  'cat cksum dirname env find flock head id ln mkdir mktemp rm sed sh sleep sort tail tee touch uname wc'.split(' ')

/** Programs that are stubs there, unless a test leaves them out. */
const STUBS =
  'npm apt-get sudo useradd git rpmbuild bwrap createrepo_c setpriv prlimit gcc make patch diff awk file tar gzip bzip2 xz zstd unzip dnf rpmlint chromium initdb'

/**
 * Every stub is this script: it notes how it was called, and leaves what the real program would leave. An installation
 * brings the programs listed in /notes/brings.
 */
const STUB = `#!/bin/sh
echo "\${0##*/} $*" >>/notes/calls
case "\${0##*/} $*" in
  'npm ci'*) sleep 0.3; mkdir -p node_modules/.bin; ln -s /bin/sh node_modules/.bin/node; touch node_modules/.package-lock.json ;;
  'npm run build'*) mkdir -p dashboard/dist; echo built >dashboard/dist/index.html ;;
  'sudo -n true') exit 0 ;;
  sudo*) "$@" ;;
  apt-get*' install '* | 'dnf install'*)
    [ ! -e /notes/broken ] || { echo 'E: Unable to fetch'; exit 100; }
    cluster=/etc/postgresql-common/createcluster.d/packit-setup.conf
    [ ! -e "$cluster" ] || echo "seen: $(cat "$cluster")" >>/notes/calls
    for name in $(cat /notes/brings); do ln -s stub "/opt/stubs/$name"; done
    ;;
esac
`

const ACCOUNTS = [1, 2, 3, 4].map((slot) => `packit-build-${slot}:x:${900 + slot}:900::/:/usr/sbin/nologin\n`).join('')

export interface MachineOptions {
  /** Programs that it lacks until something is installed. */
  without?: readonly string[]
  /** What /etc/os-release says. */
  system?: string
  /** Whether the accounts that builds run as were made. */
  accounts?: boolean
  /** What an installation really brings; by default what was lacking. */
  brings?: readonly string[]
  /** Whether apt's lists were fetched before. */
  lists?: boolean
  /** Whether installations fail. */
  broken?: boolean
}

export interface Outcome {
  code: number | null
  /** What was printed, both outputs together. */
  said: string
  /** How programs that change the machine were called, in order. */
  calls: string[]
}

/**
 * A machine in a bubblewrap: an empty system with a shell, a project in a path with a blank, and stubs of the programs
 * that `scripts/setup` looks for.
 */
export class Machine {
  readonly project: string
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.project = join(folder, 'project')
  }

  static async create(options: MachineOptions = {}): Promise<Machine> {
    const folder = await mkdtemp(join(tmpdir(), 'packit-machine-'))
    const {
      without = [],
      system = 'ID=debian\n',
      accounts = true,
      brings = without,
      lists = true,
      broken = false,
    } = options
    await writeFiles(folder, {
      'etc/os-release': system,
      'etc/passwd': accounts ? ACCOUNTS : '',
      'etc/ssl/certs/ca-certificates.crt': '',
      'fonts/truetype/dejavu/mono.ttf': '',
      'notes/brings': brings.join(' '),
      'apt/lists/any_Packages': '',
      'stubs/stub': STUB,
      'project/package-lock.json': '{}',
      'project/dashboard/src/main.tsx': 'render()',
      'project/scripts/setup': '',
      ...(broken ? { 'notes/broken': '' } : {}),
    })
    if (!lists) await rm(join(folder, 'apt/lists/any_Packages'))
    await copyFile(join(ROOT, 'scripts/setup'), join(folder, 'project/scripts/setup'))
    await chmod(join(folder, 'stubs/stub'), 0o755)
    for (const name of STUBS.split(' ')) {
      if (!without.includes(name)) await symlink('stub', join(folder, 'stubs', name))
    }
    return new Machine(folder)
  }

  /** Runs `scripts/setup` in it, without a terminal; `calls` are those since the machine was made or asked last. */
  async setup(
    args: string[],
    options: { user?: 'root' | 'ordinary'; env?: Record<string, string> } = {},
  ): Promise<Outcome> {
    const id = options.user === 'ordinary' ? '1000' : '0'
    // npm puts the folder of its programs in front, as here
    const env = { PATH: 'node_modules/.bin:/opt/stubs:/bin', ...options.env }
    const variables = Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])
    const bwrap = [...this.#mounts(), '--unshare-user', '--uid', id, '--gid', id, '--clearenv', ...variables]
    const command = `exec sh '/home/a user/project/scripts/setup' ${args.join(' ')} 2>&1`
    const child = spawn('bwrap', [...bwrap, 'sh', '-c', command], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
    return { code: child.exitCode, said, calls: await this.#takeCalls() }
  }

  /** A file of its /etc, seen from here. */
  etc(path: string): string {
    return join(this.#folder, 'etc', path)
  }

  async write(path: string, content: string): Promise<void> {
    await writeFile(join(this.project, path), content)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }

  async #takeCalls(): Promise<string[]> {
    // taken by its name, since two setups may end at once
    const taken = join(this.#folder, `calls-${randomUUID()}`)
    await rename(join(this.#folder, 'notes/calls'), taken).catch(() => undefined)
    const calls = await readFile(taken, 'utf8').catch(() => '')
    return calls.split('\n').filter((line) => line !== '')
  }

  #mounts(): string[] {
    const libraries = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'].flatMap((path) => ['--ro-bind-try', path, path])
    // PostgreSQL's programs lie among the libraries
    const hidden = ['/usr/lib/postgresql'].filter((path) => existsSync(path)).flatMap((path) => ['--tmpfs', path])
    const basics = BASICS.flatMap((name) => ['--ro-bind', findProgram(name), `/bin/${name}`])
    const own = Object.entries({
      etc: '/etc',
      stubs: '/opt/stubs',
      notes: '/notes',
      apt: '/var/lib/apt',
      fonts: '/usr/share/fonts',
      project: '/home/a user/project',
    })
    const folders = own.flatMap(([name, path]) => ['--bind', join(this.#folder, name), path])
    return [
      ...libraries,
      ...hidden,
      ...basics,
      ...folders,
      '--tmpfs',
      '/tmp',
      '--dev',
      '/dev',
      '--proc',
      '/proc',
      '--die-with-parent',
    ]
  }
}

function findProgram(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}
