import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, findAccount } from '../src/sandbox/accounts.ts'
import { makeReachable } from '../src/sandbox/staging.ts'

export interface Installation {
  /** What dnf printed; its exit code. */
  log: string
  status: number
  /** The root on this machine. */
  root: string
  /** Runs a program of the root, with nothing else around it. */
  run(program: string, ...args: string[]): Promise<{ status: number; output: string }>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Installs packages with dnf into an empty root, as somebody does who tries them. dnf and the packages' scriptlets run
 * without any right on this machine: "root" only within a user namespace.
 *
 * @param repository  folder with `repodata/`, or the http address of one
 */
export async function installIntoEmptyRoot(repository: string, packages: readonly string[]): Promise<Installation> {
  const account = await findAccount('packit-build-', 1)
  const dir = await mkdtemp(join(account ? '/var/tmp' : tmpdir(), 'packit-install-'))
  await chmod(dir, 0o711)
  const root = join(dir, 'root')
  await mkdir(join(dir, 'etc/dnf'), { recursive: true })
  await writeFile(join(dir, 'etc/dnf/dnf.conf'), '[main]\n')
  await writeFile(join(dir, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n')
  await writeFile(join(dir, 'etc/group'), 'root:x:0:\n')
  await mkdir(root)
  if (account) await chown(root, account.uid, account.gid)

  const isUrl = /^https?:/.test(repository)
  const from = isUrl ? undefined : await makeReachable(repository, join(dir, 'repository'), account)
  const { status, output } = await start(
    account,
    dnfIn({ dir, root, from, url: isUrl ? repository : 'file:///repository', packages }),
  )
  return {
    ...{ log: output, status, root },
    run: (program, ...args) =>
      start(account, ['--unshare-all', '--bind', root, '/', '--clearenv', '--', program, ...args]),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

interface Dnf {
  dir: string
  root: string
  from: string | undefined
  url: string
  packages: readonly string[]
}

function dnfIn({ dir, root, from, url, packages }: Dnf): string[] {
  const system = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`])
  const network = ['--share-net', '--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf']
  return [
    ...['--unshare-all', ...(from ? [] : network), '--uid', '0', '--gid', '0', '--cap-add', 'CAP_SYS_CHROOT'],
    ...[
      '--ro-bind',
      '/usr',
      '/usr',
      ...system,
      '--ro-bind',
      join(dir, 'etc'),
      '/etc',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
    ],
    ...['--tmpfs', '/var', '--tmpfs', '/tmp', '--bind', root, '/mnt'],
    ...(from ? ['--ro-bind', from, '/repository'] : []),
    ...[
      '--die-with-parent',
      '--new-session',
      '--clearenv',
      '--setenv',
      'PATH',
      '/usr/bin:/usr/sbin',
      '--setenv',
      'HOME',
      '/tmp',
      '--',
    ],
    ...['dnf', '--installroot=/mnt', '--disablerepo=*', `--repofrompath=test,${url}`, '--nogpgcheck', '--releasever=1'],
    ...[
      '--setopt=cachedir=/tmp/c',
      '--setopt=reposdir=/tmp/none',
      '--setopt=logdir=/tmp',
      '--assumeyes',
      'install',
      ...packages,
    ],
  ]
}

function start(account: Account | undefined, bwrap: string[]): Promise<{ status: number; output: string }> {
  const become = account
    ? ['setpriv', '--reuid', String(account.uid), '--regid', String(account.gid), '--clear-groups']
    : []
  const [file = '', ...args] = [...become, 'bwrap', ...bwrap]
  return new Promise((resolve) => {
    execFile(file, args, { cwd: '/', timeout: 60_000 }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 1) : 0
      resolve({ status, output: stdout + stderr })
    })
  })
}
