import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import {
  chmod,
  chown,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './accounts.ts'
import { makeCallFilter } from './system-calls.ts'

/** Where sandboxes find what they read, at places their account can reach. */
export interface WorkArea {
  dir: string
  /** File with the filter of system calls; undefined where this architecture has none. */
  callFilter: string | undefined
  remove(): void
}

const PREFIX = 'packit-service-'

/**
 * Makes the work area of this process, and removes those of processes that are gone.
 *
 * @param base  folder to make it in; without one /var/tmp for root (a place all accounts reach), else the system's
 */
export async function makeWorkArea(base = process.getuid?.() === 0 ? '/var/tmp' : tmpdir()): Promise<WorkArea> {
  // process ids mean something within their namespace alone: containers may share the folder
  const namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  removeLeftovers(base, `${PREFIX}${namespace}-`)
  const dir = await mkdtemp(join(base, `${PREFIX}${namespace}-${process.pid}-`))
  await chmod(dir, 0o711)
  await writeEtc(join(dir, 'etc'))
  const filter = makeCallFilter(process.arch)
  const callFilter = filter && join(dir, 'system-calls')
  if (filter && callFilter) await writeFile(callFilter, filter)
  const remove = () => rmSync(dir, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    dir,
    callFilter,
    remove() {
      process.off('exit', remove)
      remove()
    },
  }
}

function removeLeftovers(base: string, prefix: string): void {
  for (const name of readdirSync(base)) {
    const pid = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : undefined
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    try {
      rmSync(join(base, name), { recursive: true, force: true })
    } catch {
      // another account's: its own next start removes it
    }
  }
}

/** A folder for one run; with an account only that one (and root) can enter it. */
export async function makeRunDir(area: WorkArea, account: Account | undefined): Promise<string> {
  const dir = await mkdtemp(join(area.dir, 'run-'))
  if (account) {
    await chown(dir, 0, account.gid)
    await chmod(dir, 0o750)
  }
  return dir
}

/** The few files of /etc that programs in the sandbox look for. */
const ETC: Record<string, string> = {
  passwd:
    'root:x:0:0:root:/build:/bin/sh\nbuilder:x:1000:1000:builder:/build:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  group: 'root:x:0:\nbuilder:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost packit\n::1 localhost packit\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  // what is mounted belongs to another account, which git refuses unless told
  gitconfig: '[safe]\n\tdirectory = *\n',
}

export const ETC_FILES = Object.keys(ETC)

async function writeEtc(dir: string): Promise<void> {
  await mkdir(dir)
  await chmod(dir, 0o755)
  for (const [name, text] of Object.entries(ETC)) {
    await writeFile(join(dir, name), text)
    await chmod(join(dir, name), 0o644)
  }
}

/**
 * A path at which `account` can read all of `path`: itself if it can there, else a copy at `to`, made of hard links
 * where the file system and the files' modes allow it.
 */
export async function makeReachable(path: string, to: string, account: Account | undefined): Promise<string> {
  const real = await realpath(path)
  if (!account || (await isReachable(real, account))) return real
  await copyTree(real, to)
  return to
}

async function isReachable(path: string, account: Account): Promise<boolean> {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (!(await allows(dir, account, 0o1))) return false
    if (dir === '/') break
  }
  return isReadable(path)
}

/** Whether everybody can read all of it, without following links; a large mirror takes find a moment, Node seconds. */
async function isReadable(path: string): Promise<boolean> {
  const closed = ['(', '!', '-perm', '-004', '-o', '(', '-type', 'd', '!', '-perm', '-005', ')', ')']
  const found = await promisify(execFile)('find', [path, '!', '-type', 'l', ...closed, '-print', '-quit']).catch(
    () => undefined,
  )
  return found?.stdout === ''
}

/** Whether the mode gives the account these rights (as in the last digit of a mode). */
async function allows(path: string, account: Account, rights: number): Promise<boolean> {
  const { mode, uid, gid } = await lstat(path)
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
  return ((mode >> shift) & rights) === rights
}

async function copyTree(from: string, to: string): Promise<void> {
  const found = await lstat(from)
  if (found.isSymbolicLink()) return symlink(await readlink(from), to)
  if (found.isFile()) return copyOne(from, to, found.mode)
  // sockets, pipes and devices have no place in an input
  if (!found.isDirectory()) return
  await mkdir(to)
  for (const name of await readdir(from)) await copyTree(join(from, name), join(to, name))
  await chmod(to, 0o755)
}

async function copyOne(from: string, to: string, mode: number): Promise<void> {
  const isOpen = (mode & 0o004) !== 0
  const linked =
    isOpen &&
    (await link(from, to).then(
      () => true,
      () => false,
    ))
  if (linked) return
  await copyFile(from, to)
  await chmod(to, mode & 0o111 ? 0o755 : 0o644)
}
