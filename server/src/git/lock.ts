import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { SetupError } from '../domain/errors.ts'

/** A held lock; disposing of it lets the next one in. */
export type Lock = AsyncDisposable

/**
 * Locks a file between processes, and between callers in one process; the file is made when it is missing and stays.
 *
 * The lock is the kernel's (`flock`), which Node can't ask for by itself: a small `flock` process holds it for as long
 * as we hold the other end of its input. So it ends with this process, however that ends, and never has to be broken.
 *
 * @param mode    `shared` locks go together, an `exclusive` one goes alone
 * @param waitMs  how long to wait for it; 0 = not at all
 * @returns       `undefined` when others held it all the time
 */
export async function takeLock(
  path: string,
  mode: 'exclusive' | 'shared',
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined },
): Promise<Lock | undefined> {
  signal?.throwIfAborted()
  const wait = waitMs === 0 ? ['--nonblock'] : ['--wait', (waitMs / 1000).toFixed(3)]
  const hold = ['sh', '-c', 'echo held; exec cat >/dev/null']
  const child = spawn('flock', [`--${mode}`, '--no-fork', ...wait, path, ...hold], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  })
  child.stdin.on('error', () => {
    // it ended before its input did, which its exit tells
  })
  const ended = once(child, 'exit').catch((error) => {
    throw new SetupError(`files can't be locked: flock is missing (${error.message}); install util-linux`)
  })
  const stop = () => child.kill()
  signal?.addEventListener('abort', stop, { once: true })
  const first = await Promise.race([once(child.stdout, 'data').then(() => 'held' as const), ended])
  signal?.removeEventListener('abort', stop)
  if (first !== 'held') {
    signal?.throwIfAborted()
    return undefined
  }
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
