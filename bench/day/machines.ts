// The processes of the service in the day: one that serves, workers that are killed and replaced.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LogLine, ServiceProcess } from '../../server/test/service-process.ts'
import { ROOT } from '../program.ts'

const WEB = [join(ROOT, 'server/src/main.ts'), 'web']
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

export interface MachinesOptions {
  dataDir: string
  env: Record<string, string>
  workers: number
  /** Arguments of the workers' program. */
  workerArgs: readonly string[]
}

/** Web and workers, as an operator's machines run them: what dies is started anew. */
export class Machines implements AsyncDisposable {
  readonly web: ServiceProcess
  killed = 0
  /** What ended by itself, with what it said last. */
  readonly fallen: string[] = []
  /** Jobs by how they ended, of all workers that lived. */
  readonly outcomes = new Map<string, number>()
  /** Errors that were logged, by their words. */
  readonly errors = new Map<string, number>()
  /** Errors and what did not end well, whole: to look into. */
  readonly lastLines: LogLine[] = []
  readonly #options: MachinesOptions
  #workers: ServiceProcess[] = []
  #next = 0

  private constructor(web: ServiceProcess, options: MachinesOptions) {
    this.web = web
    this.#options = options
  }

  static async start(options: MachinesOptions): Promise<Machines> {
    const web = await ServiceProcess.start(options.dataDir, options.env, WEB)
    const machines = new Machines(web, options)
    for (let i = 0; i < options.workers; i += 1) machines.#workers.push(machines.#launch())
    await Promise.all(machines.#workers.map((worker) => isWorking(worker)))
    return machines
  }

  get pids(): { web: number; workers: number[] } {
    return { web: this.web.pid, workers: this.#workers.map(({ pid }) => pid) }
  }

  /** Kills the worker whose turn it is at once, and starts another in its place. */
  async killOne(): Promise<void> {
    const index = this.#next++ % this.#workers.length
    const worker = this.#workers[index]
    if (!worker) throw new RangeError(`there is no worker ${index}`)
    await worker.kill()
    this.killed += 1
    this.#note(worker.lines)
    this.#workers[index] = this.#launch()
  }

  /** Starts anew what ended by itself, and notes it: nothing of ours may. */
  replaceFallen(): void {
    for (const [index, worker] of this.#workers.entries()) {
      if (worker.isRunning) continue
      this.fallen.push(`a worker ended by itself: ${worker.errors || JSON.stringify(worker.lines.slice(-3))}`)
      this.#note(worker.lines)
      this.#workers[index] = this.#launch()
    }
    if (!this.web.isRunning) throw new Error(`the web process ended by itself: ${this.web.errors}`)
  }

  /** Stops all in good order; what does not is noted with what fell. */
  async stop(): Promise<void> {
    const all = [...this.#workers, this.web]
    // a signal ends one that does not work yet at once
    await Promise.all(this.#workers.map(isWorking))
    const codes = await Promise.all(all.map((one) => one.stop()))
    for (const one of all) this.#note(one.lines)
    if (codes.some((code) => code !== 0)) this.fallen.push(`not all stopped in good order: ${codes.join(', ')}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of [...this.#workers, this.web]) await one[Symbol.asyncDispose]()
  }

  #launch(): ServiceProcess {
    const { dataDir, env, workerArgs } = this.#options
    // where Testing Farm tells of its tests
    const own = { PACKIT_WORKER_PORT: '0', PACKIT_PUBLIC_URL: this.web.url }
    return ServiceProcess.launch(dataDir, { ...env, ...own }, [WORKER, ...workerArgs])
  }

  #note(lines: readonly LogLine[]): void {
    const count = (into: Map<string, number>, key: string) => void into.set(key, (into.get(key) ?? 0) + 1)
    for (const line of lines) {
      if (line.job) count(this.outcomes, String(line.outcome ?? line.msg))
      const isError = Number(line.level) >= 50 || line.outcome === 'given up'
      if (isError) count(this.errors, describe(line))
      if (isError || line.outcome === 'again') this.lastLines.push(line)
    }
  }
}

/** An error without what makes each one another. */
function describe({ job, msg, err }: LogLine): string {
  const message = (err as { message?: string } | undefined)?.message ?? ''
  return [job, msg, message].filter(Boolean).join(': ').replaceAll(/\d+/g, 'N').slice(0, 200)
}

function isWorking(worker: ServiceProcess): Promise<void> {
  return worker.until(() => worker.lines.some(({ msg }) => msg === 'working'), 'worked', 50)
}
