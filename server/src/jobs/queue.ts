import { sql } from 'drizzle-orm'
import { fromDrizzle, fromPglite, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { type Database, type Db, query } from '../db/database.ts'
import { dropAllLeases } from '../db/leases.ts'
import { findTurn, type Turn } from './fair-turn.ts'
import { createGiveWay } from './give-way.ts'
import {
  CRASH_RETURNS,
  JOB_KINDS,
  type JobKind,
  type Jobs,
  LONG_KINDS,
  MERGED_KINDS,
  QUICK_KINDS,
  RARE_KINDS,
} from './jobs.ts'
import { decideOutcome, type Tries } from './outcome.ts'

/** What a handler is given beside its data. */
export interface JobContext {
  /** Fires when the process stops, or another worker was given the job; it then runs again, and no try is counted. */
  signal: AbortSignal
}

/** Stages hand over by a job, written in the transaction that writes their result. */
export interface Queue {
  /** Adds a job; it runs at once, or `afterMs` from now. Nothing is added when `tx` is rolled back. */
  add<K extends JobKind>(tx: Db, kind: K, data: Jobs[K], options?: AddOptions): Promise<void>
}

export interface AddOptions {
  afterMs?: number
  /**
   * Jobs of a kind with one key are collapsed: in each span of so many seconds at most one begins. The first begins at once,
   * what is added after it begins together as one in the next span, so that it sees what they tell.
   */
  collapse?: { key: string; seconds: number }
}

export type Handlers = { [K in JobKind]: (data: Jobs[K], context: JobContext) => Promise<void> }

/** Ends what a job was for, visibly, when it is given up. */
export type GiveUp = { [K in JobKind]: (data: Jobs[K], reason: string) => Promise<void> }

export interface JobRunner extends Queue {
  /** Begins to run jobs; `parallel` is how many of each kind at a time, `ofProject` how many of one project everywhere. */
  work(
    handlers: Handlers,
    giveUp: GiveUp,
    parallel: (kind: JobKind) => number,
    ofProject?: (kind: JobKind) => number | undefined,
  ): Promise<void>
  /** Runs a job at set times (cron, UTC); one that was missed is made up for. */
  schedule(kind: JobKind, cron: string): Promise<void>
  /** How many jobs wait and run, and how long the oldest ready one has waited. */
  measure(): Promise<{ waiting: number; running: number; oldestAgeSeconds: number }>
  /** Stops taking jobs; what runs is told by its signal and handed over. */
  stop(): Promise<void>
}

/** Tries travel with the data of the job. */
type Envelope = Jobs[JobKind] & { tries?: Tries }
type Taken = JobWithMetadata<Envelope>

const HEARTBEAT_SECONDS = 10
const EXPIRE_SECONDS = 24 * 60 * 60 - 1
/** What is due later (a retry, a poll) is not told of, so it is looked for. */
const POLLING = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1 }
/** What nobody waits for: each look is a query of each worker. */
const RARE_POLLING = { pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 5 }
/** How long a stop waits for what runs. */
const STOP_MS = 10_000

export interface QueueOptions {
  works?: boolean
  /** Told of each job that this process has worked on. */
  onJob?: (job: { kind: JobKind; outcome: string; seconds: number }) => void
}

/**
 * Opens the queue on the database, makes its tables, and returns jobs that a dead process had begun.
 *
 * @param options.works  false: this process only adds jobs, and leaves it to others to look after the queue
 */
export async function openQueue(
  database: Database,
  log: Logger,
  { works = true, onJob = () => {} }: QueueOptions = {},
): Promise<JobRunner> {
  const boss = new PgBoss({
    ...connection(database),
    useListenNotify: works,
    supervise: works,
    schedule: works,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    reindex: false,
    registerInstance: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue met an error'))
  await boss.start()
  for (const kind of JOB_KINDS) await makeQueue(boss, kind, database.kind)
  if (database.kind === 'embedded') await forgetTheDead(database.db)
  return runner(boss, database, log, onJob)
}

function connection(database: Database) {
  const { client } = database
  if (client.kind === 'embedded') return { db: fromPglite(client.pglite), backend: 'pglite' as const }
  const { connectionString } = client.pool.options
  return connectionString ? { connectionString } : {}
}

async function makeQueue(boss: PgBoss, kind: JobKind, database: Database['kind']): Promise<void> {
  await boss.createQueue(deadName(kind), { notify: true, retryLimit: 5 })
  await boss.createQueue(kind, {
    notify: true,
    // a try that throws is counted by `decideOutcome`; what pg-boss counts are workers that died
    retryLimit: CRASH_RETURNS,
    retryDelay: 1,
    // who owns an embedded database alone is not dead because its heart stood still, as that of a laptop asleep does
    ...(database === 'postgres' ? { heartbeatSeconds: HEARTBEAT_SECONDS } : {}),
    expireInSeconds: EXPIRE_SECONDS,
    deadLetter: deadName(kind),
    deleteAfterSeconds: 7 * 24 * 60 * 60,
  })
}

function collapsed({ key, seconds }: { key: string; seconds: number }) {
  return { singletonKey: key, singletonSeconds: seconds, singletonNextSlot: true }
}

/**
 * Whether an equal job is due and has not begun. It can't begin before the transaction ends, so that it sees what that writes; one
 * that is just being taken is passed over.
 */
async function holdWaiting(tx: Db, kind: JobKind, data: object): Promise<boolean> {
  const found = await query(
    tx,
    sql`select id from pgboss.job where name = ${kind} and state = 'created' and start_after <= now()
        and data = ${JSON.stringify(data)}::jsonb limit 1 for update skip locked`,
  )
  return found.length > 0
}

const deadName = (kind: JobKind) => `dead-${kind}`

/** The caller owns the database alone: whatever is active was begun by a process that is dead. No try is counted. */
async function forgetTheDead(db: Db): Promise<void> {
  await dropAllLeases(db)
  await db.execute(sql`
    update pgboss.job set state = 'created', started_on = null, start_after = now(), heartbeat_on = null
    where state = 'active'`)
}

function runner(boss: PgBoss, database: Database, log: Logger, onJob: NonNullable<QueueOptions['onJob']>): JobRunner {
  const stopping = new AbortController()
  const { goFirst, giveWay } = createGiveWay()

  const inside = (tx: Db) => fromDrizzle(tx as Parameters<typeof fromDrizzle>[0], sql)

  const send = async (tx: Db, kind: JobKind, data: object, turn: Turn | undefined, options: AddOptions = {}) => {
    const { afterMs = 0, collapse } = options
    await boss.send(kind, data, {
      db: inside(tx),
      ...(turn ? { priority: -turn.turn, group: { id: turn.group } } : {}),
      ...(afterMs ? { startAfter: new Date(Date.now() + afterMs) } : {}),
      ...(collapse ? collapsed(collapse) : {}),
    })
  }
  const add: JobRunner['add'] = async (tx, kind, data, options) => {
    if (options?.afterMs === undefined && MERGED_KINDS.has(kind) && (await holdWaiting(tx, kind, data))) return
    await send(tx, kind, data, await findTurn(tx, kind, data), options)
  }

  /** Ends this try and queues the next in one step: a crash in between would leave two, or none. */
  const addAgain = (kind: JobKind, job: Taken, tries: Tries, afterMs: number) =>
    database.transaction(async (tx) => {
      // how many jobs it ended is in the answer, though not in its type
      const ended = (await boss.complete(kind, job, undefined, { db: inside(tx) })) as { affected?: number }
      // a job that another worker was given meanwhile is that one's to repeat
      const turn = job.groupId ? { group: job.groupId, turn: -job.priority } : undefined
      if (ended.affected) await send(tx, kind, Object.assign({}, job.data, { tries }), turn, { afterMs })
    })

  const run = async (kind: JobKind, job: Taken, handlers: Handlers, giveUp: GiveUp) => {
    const { tries = { bugs: 0, awaySince: 0 }, ...data } = job.data
    // kind and data belong together: both come from one row; a union over kinds can't say it
    const handle = handlers[kind] as (data: object, context: JobContext) => Promise<void>
    const abandon = giveUp[kind] as (data: object, reason: string) => Promise<void>
    const started = performance.now()
    const tell = (outcome: string, more: object = {}) => {
      const ms = Math.round(performance.now() - started)
      onJob({ kind, outcome, seconds: ms / 1000 })
      log.info({ job: kind, ...data, outcome, ms, ...more }, 'job')
    }
    try {
      const signal = AbortSignal.any([stopping.signal, job.signal])
      signal.throwIfAborted()
      if (LONG_KINDS.has(kind)) await giveWay(signal, Date.now() - job.startAfter.getTime())
      await handle(data, { signal })
      tell('done')
    } catch (error) {
      if (stopping.signal.aborted || job.signal.aborted) {
        await addAgain(kind, job, tries, 0)
        return tell('handed over')
      }
      const outcome = decideOutcome(error, tries, new Date())
      if (outcome.kind === 'again') {
        await addAgain(kind, job, outcome.tries, outcome.afterMs)
        return tell('again', { err: error, afterMs: outcome.afterMs })
      }
      await abandon(data, outcome.reason)
      tell('given up', { err: error })
    }
  }

  /** A worker waits out its polling interval after each job, though more may be there: it is told to look again. */
  const addWorker = async (kind: JobKind, work: (job: Taken) => Promise<void>, groupConcurrency?: number) => {
    let worker = ''
    const batchSize = QUICK_KINDS[kind]
    const options = {
      ...(RARE_KINDS.has(kind) ? RARE_POLLING : POLLING),
      batchSize: batchSize ?? 1,
      includeMetadata: true as const,
      ...(groupConcurrency ? { groupConcurrency } : {}),
    }
    worker = await boss.work<Envelope, void, typeof options>(kind, options, async (jobs) => {
      const all = () => Promise.all(jobs.map(work))
      await (batchSize === undefined ? all() : goFirst(all))
      boss.notifyWorker(worker)
    })
  }

  return {
    add,
    async work(handlers, giveUp, parallel, ofProject = () => undefined) {
      for (const kind of JOB_KINDS) {
        const work = (job: Taken) => run(kind, job, handlers, giveUp)
        for (let i = 0; i < parallel(kind); i += 1) await addWorker(kind, work, ofProject(kind))
        await boss.work<Envelope>(deadName(kind), RARE_POLLING, async ([job]) => {
          if (!job) return
          const { tries: _, ...data } = job.data
          log.error({ job: kind, ...data }, 'given up: its worker died too often')
          await (giveUp[kind] as (data: object, reason: string) => Promise<void>)(data, WORKERS_DIED)
        })
      }
    },
    async schedule(kind, cron) {
      await boss.schedule(kind, cron, {}, { missed: 'once' })
    },
    measure: () => measure(database.db),
    async stop() {
      stopping.abort()
      // takes no more jobs from here on, or what was just handed over would come back at once
      await boss.stop({ graceful: true, timeout: STOP_MS })
    },
  }
}

const WORKERS_DIED = `the service died ${CRASH_RETURNS} times while it worked on this; the operator finds why in the service log`

async function measure(db: Db) {
  const result = (await db.execute(sql`
    select count(*) filter (where state in ('created', 'retry') and start_after <= now())::int as waiting,
           count(*) filter (where state = 'active')::int as running,
           coalesce(extract(epoch from now() - min(start_after) filter (where state in ('created', 'retry') and start_after <= now())), 0)::float8 as oldest
    from pgboss.job where state < 'completed'`)) as { rows: { waiting: number; running: number; oldest: number }[] }
  const row = result.rows[0]
  return { waiting: row?.waiting ?? 0, running: row?.running ?? 0, oldestAgeSeconds: row?.oldest ?? 0 }
}
