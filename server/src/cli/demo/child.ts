import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { environmentWith } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { findTree, isAlive } from '../../sandbox/process-tree.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const LONGEST_START_MS = 120_000
/** A process that was told to stop has so long to hand over what it does. */
const STOP_MS = 30_000
/** Of what a process complained about before it ended too early. */
const KEPT_LINES = 20

/** A line of the service's log. */
export type LogLine = Record<string, unknown>

/** A command of ours in a process of its own, as it runs on machines of its own elsewhere. */
export class Child implements AsyncDisposable {
  readonly name: string
  readonly #child: ChildProcess
  readonly #last: string[] = []
  readonly #listeners = new Set<(line: LogLine) => void>()

  /**
   * @param name  as it is told of
   * @param args  of `packit-service`
   * @param env   settings, otherwise than ours
   */
  constructor(name: string, args: readonly string[], env: Record<string, string>) {
    this.name = name
    // it ends with us, however we end; a session of its own, so that Ctrl-C is for us, who stop all in order
    const command = ['--pdeathsig', 'KILL', process.execPath, MAIN, ...args]
    this.#child = spawn('setpriv', command, {
      env: environmentWith(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Whether a program runs below it: a step in the sandbox, git. */
  get isBusy(): boolean {
    return this.isRunning && findTree(this.pid).length > 1
  }

  /** Waits until it has said something. @throws {SetupError} when it ends before, with what it said */
  async said(fits: (line: LogLine) => boolean): Promise<LogLine> {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>()
    const listener = (line: LogLine) => void (fits(line) && resolve(line))
    const end = (why: string) => reject(new SetupError(`${this.name} ${why}:\n${this.#last.join('\n')}`))
    const timer = setTimeout(() => end('did not come up'), LONGEST_START_MS)
    this.#listeners.add(listener)
    this.#child.once('close', () => end('ended too early'))
    this.#child.once('error', (error) => end(error.message))
    return promise.finally(() => {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    })
  }

  /** Ends it at once, as a machine that loses its power does; what it had started ends with it. */
  async kill(): Promise<void> {
    const tree = findTree(this.pid)
    const ended = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await ended
    while (tree.some(isAlive)) await sleep(20)
  }

  /** Tells it to stop, and waits until it has; one that does not is killed. */
  async stop(): Promise<void> {
    if (!this.isRunning) return
    const ended = once(this.#child, 'close')
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #read(text: string): void {
    this.#last.push(text)
    if (this.#last.length > KEPT_LINES) this.#last.shift()
    const line = parseLine(text)
    if (line) for (const listener of this.#listeners) listener(line)
  }
}

function parseLine(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return undefined
  }
}
