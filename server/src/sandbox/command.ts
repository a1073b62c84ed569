import { join } from 'node:path'
import type { Account } from './accounts.ts'
import type { Limits } from './sandbox.ts'
import { ETC_FILES } from './staging.ts'

/** All that decides how one sandbox is started; paths on the host are reachable for the account. */
export interface Cell {
  /** The account to become; undefined to stay who we are. */
  account: Account | undefined
  /** `cgroup.procs` of the task's control group, where there is one. */
  group: string | undefined
  /** File with the filter of system calls, given to bubblewrap as descriptor 5; undefined to have none. */
  callFilter: string | undefined
  node: string
  /** The parts of the server that are visible inside: path below the server's folder → path on the host. */
  serverParts: Record<string, string>
  /** The program, relative to the server's folder. */
  program: string
  /** A folder with the files of `ETC_FILES`. */
  etc: string
  /** Downloads made for the program appear here. */
  fetched: string
  /** Path inside → path on the host. */
  mounts: Record<string, string>
  limits: Limits
  network: boolean
  /** Root of its own namespace, with the right to change the root directory and no other. */
  isRootInside: boolean
}

/**
 * What programs reserve and never use (stacks of threads, heaps) counts for the limit of a process: Node 24 alone takes
 * 570 MB of it. So each process may reserve that much more; what is really used is the watchdog's to count.
 */
const RESERVED_BYTES = 1_073_741_824
/** Threads of our own program count as processes too. */
export const NODE_THREADS = 16
const OPEN_FILES = 8_192

/** The system's folders: programs and libraries, nothing that is anybody's. */
const SYSTEM = ['--ro-bind', '/usr', '/usr']
const ROOT_LINKS = ['bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32'] as const
const SYSTEM_ETC = ['alternatives', 'rpm', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d']
/** What programs need to use a network that they are given. */
const NETWORK_ETC = ['resolv.conf', 'ssl', 'pki/tls/certs', 'pki/ca-trust', 'ca-certificates']

/**
 * The command line of one sandbox. Each program becomes the next by exec, so the process that is started is
 * bubblewrap's own: ending it ends everything inside.
 *
 * @param isLink  whether a folder of the root is a link into /usr (`/bin` on merged systems), or is there at all
 */
export function commandOf(cell: Cell, isLink: (dir: string) => 'link' | 'folder' | 'none'): string[] {
  return [
    ...(cell.group ? enterGroup(cell.group) : []),
    ...['nice', '-n', '5'],
    ...(cell.account ? becomeAccount(cell.account) : []),
    // if the machine runs out of memory, the kernel ends this first
    ...['choom', '-n', '1000', '--'],
    ...[
      'bwrap',
      ...namespaces(cell),
      ...(cell.callFilter ? ['--seccomp', '5'] : []),
      ...rootTree(isLink),
      ...etcTree(cell),
      ...ourParts(cell),
      ...inputs(cell),
    ],
    ...[...workTree(cell.limits), ...environment(), '--'],
    ...['prlimit', ...rlimits(cell.limits), '--'],
    ...['/packit/node', '--max-old-space-size=256', `/packit/server/${cell.program}`],
  ]
}

/** Before rights are given up: the group belongs to who we are now. */
function enterGroup(procs: string): string[] {
  return ['sh', '-c', 'echo $$ > "$1" && shift && exec "$@"', 'sh', procs]
}

function becomeAccount({ uid, gid }: Account): string[] {
  return ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--inh-caps=-all']
}

function namespaces({ network, isRootInside }: Cell): string[] {
  const id = isRootInside ? '0' : '1000'
  return [
    ...['--unshare-all', ...(network ? ['--share-net'] : []), '--unshare-user', '--disable-userns'],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...(isRootInside ? ['--cap-add', 'CAP_SYS_CHROOT'] : []),
    ...['--uid', id, '--gid', id, '--hostname', 'packit'],
  ]
}

function rootTree(isLink: (dir: string) => 'link' | 'folder' | 'none'): string[] {
  const args = [...SYSTEM]
  for (const dir of ROOT_LINKS) {
    const kind = isLink(`/${dir}`)
    if (kind === 'link') args.push('--symlink', `usr/${dir}`, `/${dir}`)
    if (kind === 'folder') args.push('--ro-bind', `/${dir}`, `/${dir}`)
  }
  // the package database of an rpm host, where it isn't below /usr
  return [...args, '--ro-bind-try', '/var/lib/rpm', '/var/lib/rpm']
}

function etcTree({ etc, network }: Cell): string[] {
  const args = ETC_FILES.flatMap((name) => ['--ro-bind', join(etc, name), `/etc/${name}`])
  for (const name of [...SYSTEM_ETC, ...(network ? NETWORK_ETC : [])])
    args.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`)
  return args
}

function ourParts({ node, serverParts }: Cell): string[] {
  const parts = Object.entries(serverParts).flatMap(([part, path]) => ['--ro-bind', path, `/packit/server/${part}`])
  return ['--ro-bind', node, '/packit/node', ...parts]
}

function inputs({ mounts, fetched }: Cell): string[] {
  const args = Object.entries(mounts).flatMap(([inside, path]) => ['--ro-bind', path, inside])
  return ['--dir', '/in', ...args, '--ro-bind', fetched, '/in/fetched']
}

/** Everything that can be written to; all of it is memory, has a size, and is gone when the task ends. */
function workTree({ diskBytes }: Limits): string[] {
  const temporary = Math.max(64 * 1_048_576, Math.floor(diskBytes / 8))
  return [
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--size',
      String(16 * 1_048_576),
      '--tmpfs',
      '/dev/shm',
      '--remount-ro',
      '/dev',
    ],
    ...[
      '--size',
      String(diskBytes),
      '--tmpfs',
      '/build',
      '--size',
      String(temporary),
      '--perms',
      '1777',
      '--tmpfs',
      '/tmp',
    ],
    // rpm writes its scripts to /var/tmp; the root itself is a tmpfs without a size
    ...['--dir', '/var', '--symlink', '/tmp', '/var/tmp', '--remount-ro', '/'],
  ]
}

function environment(): string[] {
  const variables = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
    HOME: '/build',
    USER: 'builder',
    LOGNAME: 'builder',
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  }
  const set = Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value])
  return ['--clearenv', ...set, '--chdir', '/build']
}

/** Counted inside, where no process of the host is in the sum (and by the kernel, where no cheating helps). */
function rlimits(limits: Limits): string[] {
  return [
    `--nproc=${limits.processes + NODE_THREADS}`,
    `--data=${limits.memoryBytes + RESERVED_BYTES}`,
    `--fsize=${limits.diskBytes}`,
    `--nofile=${OPEN_FILES}`,
    '--core=0',
  ]
}
