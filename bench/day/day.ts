// A day of Fedora's CI, lived through by the real service, and what is true at its end.
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, startCluster } from '../../server/src/cli/postgres-cluster.ts'
import { runCommand } from '../../server/test/service-process.ts'
import type { FakesCounts, HeldState } from './fakes.ts'
import { type FakesClient, openFakes } from './fakes-client.ts'
import { judgeSizes, Observer, residentBytes, type Sample } from './figures.ts'
import { judge, type KeptRow, type KeptRun, readKept } from './kept.ts'
import { Machines } from './machines.ts'
import { type PlannedRun, planDay } from './schedule.ts'

export interface DayOptions {
  dir: string
  runs: number
  /** How long the day takes here. */
  lengthMs: number
  /** How often a worker is killed. */
  killMs: number
  say(line: string): void
}

export interface DayResult {
  /** What is not as it must be, in sentences; none when all is well. */
  problems: string[]
  runs: number
  tookMs: number
  /** From the last pull request until everything had ended. */
  drainedMs: number
  killed: number
  restarts: number
  counts: FakesCounts
  samples: Sample[]
  /** Jobs by how they ended. */
  outcomes: ReadonlyMap<string, number>
  /** Errors that were logged, by their words. */
  errors: ReadonlyMap<string, number>
  /** From a pull request's delivery until its run had ended, in ms. */
  waits: number[]
}

const PROJECTS = 40
const WORKERS = 2
const FAULTS = 0.01
const RESTARTS = [1 / 3, 2 / 3]
const SAMPLE_MS = 2000
const SAY_MS = 15_000
/** What has not ended so long after the last pull request, and after as long as the day took, never will. */
const LONGEST_DRAIN_MS = 10 * 60_000

export async function liveDay(options: DayOptions): Promise<DayResult> {
  const { dir, runs, lengthMs, say } = options
  await using parts = new AsyncDisposableStack()
  const speed = (24 * 60 * 60_000) / lengthMs
  const cluster = await startCluster()
  parts.defer(() => cluster.stop())
  const plan = planDay(runs, Math.min(PROJECTS, runs))
  const fakes = parts.use(await openFakes({ dir, speed, faults: FAULTS }))
  await fakes.ask('prepare', plan)
  say(`${runs} pull requests are ready; a minute of the day takes ${Math.round(60_000 / speed)} ms`)
  const url = cluster.urlOf('postgres')
  const dataDir = join(dir, 'data')
  await mkdir(dataDir, { recursive: true })
  const env = { ...(await fakes.ask('env')), ...settings(dir, url) }
  const allowed = await runCommand(dataDir, ['allow', '127.0.0.1'], env)
  if (allowed.code !== 0) throw new Error(`nobody could be allowed: ${allowed.errors}`)
  const workerArgs = [String(Math.round(60_000 / speed))]
  const machines = parts.use(await Machines.start({ dataDir, env, workers: WORKERS, workerArgs }))
  const observer = parts.use(new Observer(url))
  return await new Day({ options, plan, cluster, fakes, machines, observer }).live()
}

function settings(dir: string, url: string): Record<string, string> {
  return {
    DATABASE_URL: url,
    PACKIT_GIT_ALLOW: dir,
    PACKIT_DRAIN_TIME: '0',
    PACKIT_BUILD_PARALLEL: '4',
    PACKIT_RATE_LIMIT: '0',
    PACKIT_POLL_INTERVAL: '20s',
  }
}

interface Parts {
  options: DayOptions
  plan: readonly PlannedRun[]
  cluster: Cluster
  fakes: FakesClient
  machines: Machines
  observer: Observer
}

class Day {
  readonly #parts: Parts
  readonly #samples: Sample[] = []
  readonly #begun = Date.now()
  #restarts = 0
  #isOver = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async live(): Promise<DayResult> {
    const { fakes, machines, plan, options } = this.#parts
    const troubles = [this.#killWorkers(), this.#restartPostgres(), this.#sample(), this.#tell()]
    await fakes.ask('live', [...plan], `${machines.web.url}/api/webhooks/github`)
    const lastAt = Date.now()
    options.say('the last pull request is opened')
    const left = await this.#untilEnded(lastAt)
    const drainedMs = Date.now() - lastAt
    this.#isOver = true
    await Promise.all(troubles)
    const result = await this.#judge(left)
    return { ...result, runs: plan.length, drainedMs, tookMs: Date.now() - this.#begun }
  }

  /** Waits for the end of all runs; gives what has not ended when it is waited for no more. */
  async #untilEnded(lastAt: number): Promise<string[]> {
    for (;;) {
      const left = await this.#findOpen().catch(() => ['PostgreSQL does not answer'])
      if (left.length === 0) return []
      if (Date.now() - lastAt > LONGEST_DRAIN_MS + this.#parts.options.lengthMs) return left
      await sleep(1000)
    }
  }

  async #findOpen(): Promise<string[]> {
    const { observer, plan, fakes } = this.#parts
    const [open] = await observer.rows<Record<'events' | 'runs' | 'deliveries' | 'checks' | 'jobs', number>>(`
      select (select count(*) from project_events)::int as events,
        (select count(*) from pipelines where is_run and (state is null or state in ('pending', 'running')))::int as runs,
        (select count(*) from deliveries where state = 'received')::int as deliveries,
        (select count(*) from checks where shown_version < version)::int as checks,
        (select count(*) from pgboss.job where ${OPEN_JOBS})::int as jobs`)
    if (!open) return ['PostgreSQL does not answer']
    const { opened } = await fakes.ask('counts')
    const missing = plan.length - Math.min(open.events, opened)
    const counts = { 'pull requests not known': missing, ...open, events: 0 }
    return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
  }

  async #killWorkers(): Promise<void> {
    const { options, machines } = this.#parts
    while (await this.#waits(options.killMs)) await machines.killOne()
  }

  async #restartPostgres(): Promise<void> {
    const { options, cluster } = this.#parts
    for (const part of RESTARTS) {
      if (!(await this.#waits(this.#begun + part * options.lengthMs - Date.now()))) return
      await cluster.restart()
      this.#restarts += 1
      options.say('PostgreSQL was restarted')
    }
  }

  async #sample(): Promise<void> {
    const { observer, machines } = this.#parts
    do {
      machines.replaceFallen()
      const sizes = await observer.sizes().catch(() => undefined)
      const { web, workers } = machines.pids
      const memory = { webBytes: residentBytes(web), workerBytes: workers.map(residentBytes) }
      if (sizes) this.#samples.push({ atMs: Date.now() - this.#begun, sizes, ...memory })
    } while (await this.#waits(SAMPLE_MS))
  }

  async #tell(): Promise<void> {
    const { fakes, options, observer, machines } = this.#parts
    while (await this.#waits(SAY_MS)) {
      const { opened, builds, requests } = await fakes.ask('counts')
      const left = await this.#findOpen().catch(() => ['PostgreSQL does not answer'])
      const sizes = await observer.sizes().catch(() => undefined)
      const waits = sizes ? `${sizes.waiting} jobs wait, ${(sizes.oldestMs / 1000).toFixed(1)} s at most` : 'no figures'
      const seconds = Math.round((Date.now() - this.#begun) / 1000)
      const done = `${opened} of ${options.runs} opened, ${builds} builds, ${requests} tests, ${machines.killed} killed`
      options.say(`${seconds} s: ${done}; ${waits}; open: ${left.join(', ') || 'nothing'}`)
    }
  }

  /** False when the day was over before. */
  async #waits(ms: number): Promise<boolean> {
    const end = Date.now() + ms
    while (!this.#isOver && Date.now() < end) await sleep(Math.min(200, Math.max(1, end - Date.now())))
    return !this.#isOver
  }

  async #judge(left: string[]) {
    const { fakes, machines, observer, plan, options } = this.#parts
    const counts = await fakes.ask('counts')
    const held: HeldState = await fakes.ask('held')
    const kept: KeptRun[] = await readKept(observer)
    const waits = (await observer.rows<{ ms: number }>(WAITS)).map(({ ms }) => ms)
    await machines.stop()
    const rows: KeptRow[] = await observer.rows(LEFT_JOBS)
    const problems = [
      ...left.map((what) => `long after the last pull request there are still ${what}`),
      ...rows.map(({ what }) => `a job is left in the queue: ${what}`),
      ...machines.fallen,
      ...judge(plan.length, held, kept),
      ...judgeSizes(plan.length, this.#samples),
    ]
    if (problems.length > 0) {
      const file = join(tmpdir(), 'packit-bench-day.json')
      await writeFile(file, JSON.stringify({ problems, held, kept, lines: machines.lastLines }, null, 1))
      options.say(`all that is known is in ${file}`)
    }
    const { killed, outcomes, errors } = machines
    return { problems, counts, waits, killed, restarts: this.#restarts, samples: this.#samples, outcomes, errors }
  }
}

/** Jobs that no schedule asks for. */
const OPEN_JOBS = String.raw`state < 'completed' and name not like '\_\_pgboss%' and name not in (select name from pgboss.schedule)`

const LEFT_JOBS = `select name || ' ' || data::text || ' (' || state || ')' as what from pgboss.job where ${OPEN_JOBS} limit 20`

const WAITS = `
  select (extract(epoch from p.ended_at - e.created_at) * 1000)::float8 as ms
  from pipelines p join project_events e on e.id = p.event_id where p.is_run and p.ended_at is not null`
