/** Somebody ended a command early: by a signal, or by no longer reading what it prints. */
export class StoppedError extends Error {
  override name = 'StoppedError'
  /** The code a shell gives for it: 128 and the number of the signal. */
  readonly exitCode: number
  constructor(exitCode: number) {
    super('stopped')
    this.exitCode = exitCode
  }
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** As for a program that was ended by SIGPIPE. */
export const READER_GONE = 141

export interface Stop {
  signal: AbortSignal
  /** Never succeeds; rejects with a `StoppedError` as soon as the command is to end. */
  stopped: Promise<never>
  abort(exitCode: number): void
}

/** From here on the first Ctrl-C, SIGTERM or SIGHUP tells the command to end; a second one ends it at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController()
  const { signal } = controller
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // whoever does not wait for it is told by the signal
  stopped.catch(() => {})
  const abort = (exitCode: number) => controller.abort(new StoppedError(exitCode))
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) process.once(name, () => abort(exitCode))
  return { signal, stopped, abort }
}
