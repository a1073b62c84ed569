// What the day takes of memory and of the database.
import { readFileSync } from 'node:fs'
import pg from 'pg'

export interface TableSizes {
  /** All of it: rows, indexes, what is dead. */
  queueBytes: number
  ownBytes: number
  queueRows: number
  /** Rows that were changed or removed and are not cleared away yet, in both. */
  deadRows: number
  liveRows: number
  waiting: number
  active: number
  /** How long the job waits that is due and has waited longest, in ms. */
  oldestMs: number
}

const SIZES = `
  select
    coalesce(sum(pg_total_relation_size(relid)) filter (where schemaname = 'pgboss'), 0)::float8 as "queueBytes",
    coalesce(sum(pg_total_relation_size(relid)) filter (where schemaname = 'public'), 0)::float8 as "ownBytes",
    coalesce(sum(n_dead_tup), 0)::float8 as "deadRows",
    coalesce(sum(n_live_tup), 0)::float8 as "liveRows"
  from pg_stat_user_tables where schemaname in ('pgboss', 'public')`
const JOBS = `
  select count(*)::float8 as "queueRows",
    count(*) filter (where state in ('created', 'retry') and start_after <= now())::float8 as waiting,
    count(*) filter (where state = 'active')::float8 as active,
    coalesce(extract(epoch from now() - min(start_after) filter (where state in ('created', 'retry') and start_after <= now())), 0)::float8 * 1000 as "oldestMs"
  from pgboss.job`

/** Asks a PostgreSQL that may be starting anew. */
export class Observer implements AsyncDisposable {
  readonly #pool: pg.Pool

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 2 })
    // a connection that breaks is replaced
    this.#pool.on('error', () => {})
  }

  async rows<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
    return (await this.#pool.query<Row>(statement)).rows
  }

  async sizes(): Promise<TableSizes> {
    const [sizes] = await this.rows<TableSizes>(SIZES)
    const [jobs] = await this.rows<TableSizes>(JOBS)
    if (!sizes || !jobs) throw new Error('PostgreSQL says nothing of its tables')
    return { ...sizes, ...jobs }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }
}

/** Memory that a process holds now, in bytes; 0 when it is gone. */
export function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Far above what is measured: what is beyond grows without bounds. */
const MOST = { jobsOfRun: 500, deadRows: 20_000, processBytes: 800 * 2 ** 20 }

/** What takes more than it may, in sentences. Pure. */
export function judgeSizes(
  runs: number,
  samples: readonly Pick<Sample, 'sizes' | 'webBytes' | 'workerBytes'>[],
): string[] {
  const most = (of: (sample: (typeof samples)[number]) => number) =>
    samples.reduce((all, one) => Math.max(all, of(one)), 0)
  const jobs = most(({ sizes }) => sizes.queueRows)
  // what autovacuum leaves is a part of what lives, besides a fixed amount
  const dead = most(({ sizes }) => sizes.deadRows - sizes.liveRows)
  const bytes = most(({ webBytes, workerBytes }) => Math.max(webBytes, ...workerBytes))
  return [
    ...(jobs > MOST.jobsOfRun * runs ? [`the queue has ${jobs} jobs for ${runs} pull requests`] : []),
    ...(dead > MOST.deadRows ? [`there are ${dead} more dead rows than live ones`] : []),
    ...(bytes > MOST.processBytes ? [`a process holds ${Math.round(bytes / 2 ** 20)} MB`] : []),
  ]
}

export interface Sample {
  atMs: number
  sizes: TableSizes
  webBytes: number
  workerBytes: number[]
}
