import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { type Database, query } from '../../server/src/db/database.ts'
import { openQueue } from '../../server/src/jobs/queue.ts'
import { insertHardRows } from '../../server/test/api-rows.ts'
import { Installation } from '../../server/test/installation.ts'
import { type Case, Samples } from '../measure.ts'

const JOBS = 200
const WAIT_MS = 150
const PARALLEL = 2
const ROUNDS = 3
const SECONDS = 5
/** Rows of the benchmark's own jobs: far from those of the tests. */
const FIRST_ROW = 1_000_000
const WORKER = fileURLToPath(new URL('../scale-worker.ts', import.meta.url))
const PATHS = ['/api/runs', '/api/runs/merged/7', '/api/copr-builds']

/** What a second worker brings, and what workers take from the API. */
export const scaleCase: Case = {
  name: 'scale',
  title: 'Several processes',
  method: `One web and one or two workers, each a process of its own, on PostgreSQL. ${JOBS} jobs of 20 projects that each wait ${WAIT_MS} ms, as
for a sandbox, then write their row and add a job in one transaction; a worker takes ${PARALLEL} at a time. One worker, then two, in
turn, ${ROUNDS} times. Then the requests that the web answers (${PATHS.map((path) => `\`${path}\``).join(', ')}, 4 connections, ${SECONDS} s)
while two workers have nothing to do and while they are busy with such jobs, in turn as well.`,
  async run(say, { quick }) {
    const samples = new Samples()
    const rounds = quick ? 1 : ROUNDS
    await using all = await Installation.create()
    const { database } = all
    await insertHardRows(database.db)
    const web = await all.start('web')
    // a new program is slow: it is let run before
    await ask(web.url, quick ? 1 : SECONDS)
    for (let round = 1; round <= rounds; round += 1) {
      const alone = await measureJobs(database, 1, quick ? 40 : JOBS)
      const both = await measureJobs(database, 2, quick ? 40 : JOBS)
      samples.add('jobs of one worker', '/s', alone)
      samples.add('jobs of two workers', '/s', both)
      samples.add('two workers to one', 'x', both / alone)
      const idle = await measureApi(database, web.url, 0, quick)
      const busy = await measureApi(database, web.url, 4 * SECONDS * 2 * PARALLEL * (1000 / WAIT_MS), quick)
      samples.add('requests, workers idle', '/s', idle)
      samples.add('requests, workers busy', '/s', busy)
      samples.add('requests with busy workers to idle ones', 'x', busy / idle)
      say(`${round} of ${rounds} rounds`)
    }
    return samples.figures
  },
}

const urlOf = ({ client }: Database) => (client.kind === 'postgres' ? (client.pool.options.connectionString ?? '') : '')

/** Runs so many workers until the block that started them ends. */
async function startWorkers(database: Database, count: number): Promise<AsyncDisposable> {
  const workers = await Promise.all(
    Array.from({ length: count }, async (): Promise<ChildProcess> => {
      const child = fork(WORKER, [urlOf(database), String(WAIT_MS), String(PARALLEL)], { stdio: 'inherit' })
      await once(child, 'message')
      return child
    }),
  )
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(
        workers.map(async (child) => {
          const ended = once(child, 'exit')
          child.disconnect()
          await ended
        }),
      )
    },
  }
}

let added = 0

/** Adds jobs; gives the row of the last. */
async function addJobs(database: Database, count: number): Promise<number> {
  const first = FIRST_ROW + added
  added += count
  const { db } = database
  await db.execute(sql`insert into projects (id, forge, namespace, name, url)
    select ${FIRST_ROW} + i, 'bench', 'bench', 'p' || i, 'https://bench/' || i from generate_series(1, 20) i on conflict do nothing`)
  await db.execute(sql`insert into srpm_builds (id, event_id, project_id, state)
    select i, (select min(id) from project_events), ${FIRST_ROW} + 1 + i % 20, 'pending'
      from generate_series(${first}::int, ${first + count - 1}::int) i`)
  const queue = await openQueue(database, pino({ level: 'silent' }), { works: false })
  await database.transaction(async (tx) => {
    for (let id = first; id < first + count; id += 1) await queue.add(tx, 'build-srpm', { srpmBuildId: id })
  })
  await queue.stop()
  return first
}

/** Jobs a second of so many workers, once they run. */
async function measureJobs(database: Database, workers: number, count: number): Promise<number> {
  await using _running = await startWorkers(database, workers)
  const start = performance.now()
  const first = await addJobs(database, count)
  while ((await countLeft(database, first)) > 0) await sleep(20)
  return count / ((performance.now() - start) / 1000)
}

async function countLeft({ db }: Database, first: number): Promise<number> {
  const rows = await query<{ left: number }>(
    db,
    sql`select count(*)::int as left from srpm_builds where id >= ${first} and state = 'pending'`,
  )
  return rows[0]?.left ?? 0
}

/** Requests a second that are answered while two workers have so many jobs before them. */
async function measureApi(database: Database, url: string, jobs: number, quick: boolean): Promise<number> {
  const first = await addJobs(database, Math.ceil(jobs))
  const { db } = database
  await using _running = await startWorkers(database, 2)
  const rate = await ask(url, quick ? 1 : SECONDS)
  if (jobs > 0 && (await countLeft(database, first)) === 0) throw new Error('the workers ran out of jobs')
  // what is left is not for the next one
  await db.execute(sql`delete from pgboss.job where name = 'build-srpm' and state in ('created', 'retry')`)
  return rate
}

/** Requests a second that are answered. */
async function ask(url: string, seconds: number): Promise<number> {
  const { requests, duration, errors, non2xx } = await autocannon({
    url,
    connections: 4,
    duration: seconds,
    timeout: 10,
    requests: PATHS.map((path) => ({ method: 'GET', path })),
  })
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed, ${non2xx} were refused`)
  return requests.total / duration
}
