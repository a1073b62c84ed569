import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SetupError } from '../domain/errors.ts'

/** An unprivileged account that a slot's tasks run as. */
export interface Account {
  uid: number
  gid: number
}

/**
 * The account of one slot, when this process is root; undefined when it isn't, and tasks run as its own user.
 *
 * @param prefix  accounts are named by prefix and slot: `packit-build-1`
 * @throws {SetupError} with the command that makes the account, when it is missing or privileged
 */
export async function findAccount(prefix: string, slot: number): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const name = `${prefix}${slot}`
  const command = `useradd --system --no-create-home --shell /usr/sbin/nologin ${name}`
  const found = await promisify(execFile)('getent', ['passwd', name]).catch(() => undefined)
  const [, , uid, gid] = found?.stdout.trim().split(':') ?? []
  if (uid === undefined || gid === undefined) {
    throw new SetupError(
      `no sandbox here: the account ${name}, which builds run as, is missing; as root, do: ${command}`,
    )
  }
  if (Number(uid) === 0 || Number(gid) === 0) {
    throw new SetupError(`no sandbox here: the account ${name} has root's rights; remove it, then do: ${command}`)
  }
  return { uid: Number(uid), gid: Number(gid) }
}
