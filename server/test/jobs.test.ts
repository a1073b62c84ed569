// What becomes of jobs that fail, wait, come twice, or lose their worker.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { query } from '../src/db/database.ts'
import { ConfigError, UnavailableError } from '../src/domain/errors.ts'
import { CRASH_RETURNS, JOB_KINDS, type Jobs } from '../src/jobs/jobs.ts'
import { type GiveUp, type Handlers, openQueue } from '../src/jobs/queue.ts'
import { createTestDatabase, databaseKinds } from './database.ts'
import { until } from './until.ts'
import { createWorld, type World } from './world.ts'

/** The only run, when it has ended, as page and checks show it. */
async function endOf(world: World) {
  await until('the run has ended', async () => {
    const [run] = await world.runs()
    return run !== undefined && run.state !== 'pending' && run.state !== 'running'
  })
  await world.settle()
  const [run, ...more] = await world.runs()
  assert.equal(more.length, 0)
  const { event_id, state, reason } = await world.get<{ event_id: number; state: string; reason: string | null }>(
    `/api/runs/merged/${run?.merged_run_id}`,
  )
  return { state, reason, checks: await world.checks(event_id) }
}

/** Steps of a run whose code can be made to throw, each by its job. */
const BREAKS: Record<string, (world: World, fail: () => never) => void> = {
  'build-srpm': (world, fail) => {
    world.srpms.makeSrpm = async () => fail()
  },
  'start-build': (world, fail) => {
    world.builder.startBuild = async () => fail()
  },
  'settle-build': (world, fail) => {
    world.builder.findTargets = async () => fail()
  },
  'publish-repository': (world, fail) => {
    world.service.builds.repositories.makeRepository = async () => fail()
  },
}

test('a job that throws three times ends its run as an error, which page and checks show', {
  concurrency: 2,
}, async (t) => {
  await Promise.all(
    Object.entries(BREAKS).map(([kind, breakIt]) =>
      t.test(kind, async () => {
        await using world = await createWorld()
        let tries = 0
        breakIt(world, () => {
          tries += 1
          throw new TypeError('a bug of ours')
        })
        await world.openPullRequest()
        const { state, reason, checks } = await endOf(world)

        assert.equal(state, 'error')
        assert.match(reason ?? '', /an error of ours; the operator finds it in the service log/)
        assert.equal(checks.packit, 'error')
        if (kind !== 'publish-repository') assert.deepEqual(new Set(Object.values(checks)), new Set(['error']))
        // a builder's hints ask for themselves: each of them is a job
        if (kind !== 'settle-build') assert.equal(tries, 3)
      }),
    ),
  )
})

test('a delivery whose decision throws three times is shown as failed, with the reason', async () => {
  await using world = await createWorld()
  const { events } = world.service
  const commitInfo = async () => {
    throw new TypeError('a bug of ours')
  }
  events.reader = { ...events.reader, commitInfo }
  await world.openPullRequest()
  const delivery = () => world.get<{ state: string; decision: string; reasons: string[] }>('/api/deliveries/1')
  await until('the delivery is decided', async () => (await delivery()).state !== 'received')

  const { state, decision, reasons } = await delivery()
  assert.deepEqual([state, decision], ['failed', 'could not be decided'])
  assert.match(reasons[0] ?? '', /an error of ours/)
})

test('a system that is away is waited for, and the run goes on', async () => {
  await using world = await createWorld()
  const make = world.srpms.makeSrpm.bind(world.srpms)
  let tries = 0
  world.srpms.makeSrpm = async (...args) => {
    tries += 1
    // more often than a bug may come
    if (tries <= 4) throw new UnavailableError('the forge is away', 10)
    return make(...args)
  }
  await world.openPullRequest()
  assert.equal((await endOf(world)).state, 'success')
  assert.equal(tries, 5)
})

test('what the packager must mend is not tried again, and its text is the reason', async () => {
  await using world = await createWorld()
  let tries = 0
  world.srpms.makeSrpm = async () => {
    tries += 1
    throw new ConfigError('the repository is larger than 2 GB')
  }
  await world.openPullRequest()
  const { state, reason, checks } = await endOf(world)
  assert.equal(state, 'error')
  assert.match(reason ?? '', /larger than 2 GB/)
  assert.equal(checks.packit, 'error')
  assert.equal(tries, 1)
})

for (const kind of databaseKinds) {
  test(`${kind}: jobs that run twice, at once and late, come to the same end`, async () => {
    await using world = await createWorld({ database: kind })
    const seen: { kind: keyof Jobs; data: object }[] = []
    const { queue } = world.service
    const add = queue.add.bind(queue)
    queue.add = async (tx, name, data, options) => {
      // an SRPM takes its work folder for itself: its job is written once, and comes again only late
      for (let i = 0; i < (name === 'build-srpm' ? 1 : 2); i += 1) await add(tx, name, data, options)
      seen.push({ kind: name, data })
    }
    await world.openPullRequest()
    assert.equal((await endOf(world)).state, 'success')
    const once = await stateOf(world)
    assert.equal(once.runs.length, 1)
    assert.equal(world.srpms.made.length, 1)
    assert.equal(world.builder.builds.size, 1)

    const kinds = new Set(seen.map((job) => job.kind))
    for (const name of ['decide-delivery', 'build-srpm', 'start-build', 'settle-build', 'publish-repository'] as const)
      assert.ok(kinds.has(name), name)
    for (const job of [...seen].reverse())
      await add(world.service.database.db, job.kind, job.data as Jobs[typeof job.kind])
    await world.settle()
    assert.deepEqual(await stateOf(world), once)
  })
}

/** Every row that a job could write, but for what tells of the job itself. */
async function stateOf({ service }: World) {
  const all = service.database.db.query
  return {
    runs: await all.pipelines.findMany(),
    srpms: await all.srpmBuilds.findMany(),
    builds: await all.builds.findMany(),
    targets: await all.buildTargets.findMany({ orderBy: (t) => t.id }),
    events: await all.projectEvents.findMany(),
    deliveries: await all.deliveries.findMany(),
    checks: await all.checks.findMany({ orderBy: (c) => c.name }),
  }
}

const WORKER = fileURLToPath(new URL('./queue-worker.ts', import.meta.url))

if (databaseKinds.includes('postgres')) {
  // both wait for a heartbeat to run out
  describe('postgres: workers that die', { concurrency: 2 }, () => {
    test('a worker that dies is noticed by its heartbeat, and its job runs elsewhere', async () => {
      await using other = await openOther()
      await other.add(7)
      await other.takeAndDie()
      await other.work()
      await until('the job runs elsewhere', () => other.ran.length > 0)
      assert.deepEqual([other.ran, other.givenUp], [[7], []])
      // 10 s without a heartbeat, looked for every 5 s: noticed within 20 s, and not when its time has run out
      assert.deepEqual(other.why, ['job heartbeat timeout'])
      const [queue] = await query<{ beat: number }>(
        other.database.db,
        sql`select heartbeat_seconds as beat from pgboss.queue where name = 'build-srpm'`,
      )
      assert.equal(queue?.beat, 10)
    })

    test('a job whose workers died too often is given up, and says so', async () => {
      await using other = await openOther()
      await other.add(8)
      // as it stands after as many deaths as are allowed
      await other.database.db.execute(
        sql`update pgboss.job set retry_count = ${CRASH_RETURNS - 1}, state = 'retry', started_on = now() where name = 'build-srpm'`,
      )
      await other.takeAndDie()
      await other.work()
      await until('the job is given up', () => other.givenUp.length > 0)
      assert.deepEqual(other.ran, [])
      assert.match(other.givenUp[0] ?? '', /^8: the service died 5 times while it worked on this/)
    })
  })
}

test('postgres: what was due while nobody lived is done once, however many workers come up together', async () => {
  await using database = await createTestDatabase('postgres')
  const { db } = database
  // nothing of it falls due while this runs
  const hour = (new Date().getUTCHours() + 12) % 24
  const open = async () => {
    const queue = await openQueue(database, pino({ level: 'silent' }))
    await queue.schedule('remove-expired', `17 ${hour} * * *`)
    return queue
  }
  await (await open()).stop()
  await db.execute(
    sql`update pgboss.schedule set created_on = now() - interval '9 days', updated_on = now() - interval '9 days'`,
  )
  await db.execute(sql`update pgboss.version set cron_on = now() - interval '9 days'`)
  const count = async () =>
    (
      await query<{ jobs: number }>(db, sql`select count(*)::int as jobs from pgboss.job where name = 'remove-expired'`)
    )[0]?.jobs
  const queues = await Promise.all([1, 2, 3].map(open))
  // the queue looks at its clock twice a minute
  await until('it was added', async () => (await count()) !== 0)
  await Promise.all(queues.map((queue) => queue.stop()))
  assert.equal(await count(), 1)
})

/** A queue on a PostgreSQL database that a dying worker uses as well. */
async function openOther() {
  const database = await createTestDatabase('postgres')
  const url = database.client.kind === 'postgres' ? (database.client.pool.options.connectionString ?? '') : ''
  const queue = await openQueue(database, pino({ level: 'silent' }))
  const ran: number[] = []
  const givenUp: string[] = []
  const why: (string | null)[] = []
  const nothing = async () => {}
  const none = Object.fromEntries(JOB_KINDS.map((kind) => [kind, nothing]))
  return {
    database,
    ran,
    givenUp,
    /** How jobs that ran here had ended elsewhere. */
    why,
    add: (srpmBuildId: number) => queue.add(database.db, 'build-srpm', { srpmBuildId }),
    async takeAndDie() {
      const child = spawn(process.execPath, [WORKER, url], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [said] = await once(child.stdout, 'data')
      assert.equal(String(said), 'taken\n')
      child.kill('SIGKILL')
      await once(child, 'close')
    },
    async work() {
      const buildSrpm = async (data: Jobs['build-srpm']) => {
        const found = await query<{ why: string | null }>(
          database.db,
          sql`select output->'value'->>'message' as why from pgboss.job where name = 'build-srpm' and state = 'active'`,
        )
        why.push(...found.map((job) => job.why))
        ran.push(data.srpmBuildId)
      }
      const handlers = { ...none, 'build-srpm': buildSrpm }
      const giveUp = {
        ...none,
        'build-srpm': async (data: Jobs['build-srpm'], reason: string) =>
          void givenUp.push(`${data.srpmBuildId}: ${reason}`),
      }
      await queue.work(handlers as unknown as Handlers, giveUp as unknown as GiveUp, () => 1)
    },
    async [Symbol.asyncDispose]() {
      await queue.stop()
      await database.close()
    },
  }
}
