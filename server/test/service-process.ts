// The real service in a process of its own, which a story may stop or kill.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sign } from '../src/forges/signature.ts'
import { findTree, isAlive, readProc } from '../src/sandbox/process-tree.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The embedded database is compiled once, not a second time for speed: these processes end before that pays. */
const NODE_OPTIONS = ['--liftoff-only']
const SERVE: readonly string[] = [...NODE_OPTIONS, MAIN, 'serve']
const LONGEST_MS = 180_000
export const SECRET = 'a secret of the tests'

/** One line that the service wrote. */
export interface LogLine {
  msg?: string
  job?: string
  outcome?: string
  url?: string
  [key: string]: unknown
}

/** What a command said and how it ended. */
export interface Ended {
  code: number | null
  output: string
  errors: string
}

/** The settings of a service in a folder, on a free port, that may fetch what lies in `git`. */
function settings(dataDir: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    // a third of a second less at each start
    NODE_COMPILE_CACHE: join(ROOT, '.tmp/compile-cache'),
    PACKIT_DATA_DIR: dataDir,
    PACKIT_PORT: '0',
    PACKIT_GIT_ALLOW: dataDir,
    PACKIT_GIT_WEBHOOK_SECRET: SECRET,
    PACKIT_LOG_LEVEL: 'info',
    PACKIT_BODHI_URL: 'off',
    ...more,
  }
}

/** Runs a command of the program to its end. */
export async function runCommand(dataDir: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, ...args], { cwd: ROOT, env: settings(dataDir, env) })
  const said = { output: '', errors: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.output += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.errors += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

export class ServiceProcess {
  readonly dataDir: string
  readonly startedAt = Date.now()
  readonly lines: LogLine[] = []
  #url = ''
  #errors = ''
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>

  private constructor(dataDir: string, env: Record<string, string>, command: readonly string[]) {
    this.dataDir = dataDir
    this.#child = spawn(process.execPath, [...command], {
      cwd: ROOT,
      env: settings(dataDir, env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { stdout, stderr } = this.#child
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#read(line))
    stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk
    })
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null)
  }

  /**
   * Starts it; it may not answer yet.
   *
   * @param command  of Node: a program that serves as `serve` does; left out: that one
   */
  static launch(dataDir: string, env: Record<string, string> = {}, command = SERVE): ServiceProcess {
    return new ServiceProcess(dataDir, env, command)
  }

  /** Starts it, and waits until it answers. */
  static async start(dataDir: string, env: Record<string, string> = {}, command = SERVE): Promise<ServiceProcess> {
    const service = ServiceProcess.launch(dataDir, env, command)
    await service.answering()
    return service
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get url(): string {
    return this.#url
  }

  /** All that it complained about. */
  get errors(): string {
    return this.#errors
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async answering(): Promise<void> {
    await this.until(() => this.#url !== '', 'answered')
  }

  /** Waits until something holds, looking often; throws when the service ends before. */
  async until(holds: () => boolean | Promise<boolean>, what: string, everyMs = 3): Promise<void> {
    const end = Date.now() + LONGEST_MS
    while (!(await holds())) {
      if (!this.isRunning) throw new Error(`the service ended before it ${what}: ${this.#errors}`)
      if (Date.now() > end)
        throw new Error(`after ${LONGEST_MS} ms: not ${what}\n${JSON.stringify(this.lines.slice(-20))}`)
      await sleep(everyMs)
    }
  }

  /** Whether a job of this kind ended so in this process. */
  did(job: string, outcome = 'done'): boolean {
    return this.lines.some((line) => line.job === job && line.outcome === outcome)
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}${path}`)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  /** Sends a signed delivery; the answer's status. */
  async deliver(body: object, delivery: string): Promise<number> {
    const payload = JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'x-packit-delivery': delivery,
      'x-packit-signature-256': sign(SECRET, payload),
    }
    const response = await fetch(`${this.#url}/api/webhooks/git`, { method: 'POST', headers, body: payload })
    await response.arrayBuffer()
    return response.status
  }

  /** Ends it at once, and waits until nothing that it started is left. */
  async kill(): Promise<void> {
    const tree = findTree(this.pid)
    this.#child.kill('SIGKILL')
    await this.#ended
    const end = Date.now() + 5000
    for (;;) {
      const left = [...tree.filter(isAlive), ...findSandboxes(this.pid)]
      if (left.length === 0) return
      if (Date.now() > end) throw new Error(`left over: ${left.map((pid) => readProc(`/proc/${pid}/cmdline`))}`)
      await sleep(20)
    }
  }

  /** Asks it to stop in good order; its exit code. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.kill()
  }

  #read(line: string): void {
    try {
      const entry = JSON.parse(line) as LogLine
      this.lines.push(entry)
      if ((entry.msg === 'serving' || entry.msg === 'working') && entry.url) this.#url = entry.url
    } catch {
      this.#errors += `${line}\n`
    }
  }
}

/** Sandboxes of a service, by the folder that they were given. */
function findSandboxes(pid: number): number[] {
  const area = new RegExp(`/packit-service-\\d+-${pid}-`)
  return findTree(1).filter((other) => area.test(readProc(`/proc/${other}/cmdline`) ?? ''))
}
