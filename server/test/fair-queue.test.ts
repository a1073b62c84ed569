// Whose job goes next, when some have many: on a queue alone, whose jobs a story begins and ends.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { JOB_KINDS } from '../src/jobs/jobs.ts'
import { type GiveUp, type Handlers, openQueue } from '../src/jobs/queue.ts'
import { createTestDatabase, type DatabaseKind, databaseKinds } from './database.ts'

const nothing = async () => {}
const ofAll = <T>(value: T) => Object.fromEntries(JOB_KINDS.map((kind) => [kind, value]))

/** SRPMs of projects 1, 2, 3: row 1007 is the seventh of project 1. */
async function createLine(kind: DatabaseKind) {
  const database = await createTestDatabase(kind)
  const { db } = database
  await db.execute(sql`insert into projects (id, forge, namespace, name, url)
    select i, 'localhost', 'acme', 'p' || i, 'https://x/' || i from generate_series(1, 3) i`)
  await db.execute(sql`insert into triggers (id, kind, project_id, number)
    select i, 'pull_request', i, 1 from generate_series(1, 3) i`)
  await db.execute(
    sql`insert into project_events (id, trigger_id, commit_sha) select i, i, 'c' from generate_series(1, 3) i`,
  )
  await db.execute(sql`insert into srpm_builds (id, event_id, project_id, state)
    select p * 1000 + i, p, p, 'pending' from generate_series(1, 3) p, generate_series(1, 100) i`)
  const queue = await openQueue(database, pino({ level: 'silent' }))
  const begun: number[] = []
  const ends = new Map<number, () => void>()
  const add = async (project: number, from: number, count: number) => {
    await database.transaction(async (tx) => {
      for (let i = from; i < from + count; i += 1)
        await queue.add(tx, 'build-srpm', { srpmBuildId: project * 1000 + i })
    })
  }
  const work = (slots: number, ofProject?: number) => {
    const buildSrpm = ({ srpmBuildId }: { srpmBuildId: number }) =>
      new Promise<void>((resolve) => {
        begun.push(srpmBuildId)
        ends.set(srpmBuildId, resolve)
      })
    const handlers = { ...ofAll(nothing), 'build-srpm': buildSrpm } as unknown as Handlers
    const parallel = (name: string) => (name === 'build-srpm' ? slots : 1)
    return queue.work(handlers, ofAll(nothing) as unknown as GiveUp, parallel, () => ofProject)
  }
  const until = async (count: number) => {
    const end = Date.now() + 120_000
    while (begun.length < count) {
      if (Date.now() > end) throw new Error(`only ${begun} have begun`)
      await sleep(20)
    }
  }
  /** Ends what runs, the oldest first, as long as it takes to begin so many. */
  const run = async (count: number) => {
    for (let i = 1; i <= count; i += 1) {
      await until(i)
      const [id, end] = [...ends][0] ?? []
      if (i < count && id !== undefined) {
        ends.delete(id)
        end?.()
      }
    }
  }
  return {
    database,
    queue,
    begun,
    ends,
    add,
    work,
    until,
    run,
    async [Symbol.asyncDispose]() {
      for (const end of ends.values()) end()
      await queue.stop()
      await database.close()
    },
  }
}

for (const kind of databaseKinds) {
  describe(`${kind}: the queue`, () => {
    test('begins the only job of one project among the first, though another has a hundred before it', async () => {
      await using line = await createLine(kind)
      await line.add(1, 1, 100)
      await line.add(2, 1, 1)
      await line.work(1)
      await line.run(4)
      assert.ok(line.begun.indexOf(2001) <= 2, String(line.begun))
      // and those of one project go in their order
      assert.deepEqual(
        line.begun.filter((id) => id < 2000),
        [1001, 1002, 1003],
      )
    })

    test('lets projects take turns, and a late one begin no earlier than those that wait with it', async () => {
      await using line = await createLine(kind)
      await line.add(1, 1, 5)
      await line.add(2, 1, 5)
      await line.work(1)
      await line.until(1)
      await line.add(3, 1, 2)
      await line.run(9)
      assert.deepEqual(
        line.begun
          .slice(0, 9)
          .map((id) => Math.floor(id / 1000))
          .sort(),
        [1, 1, 1, 1, 2, 2, 2, 3, 3].sort(),
      )
      assert.deepEqual(
        line.begun.slice(0, 3).map((id) => Math.floor(id / 1000)),
        [1, 2, 3],
      )
    })

    test('takes no more of a project at a time than its limit, and others meanwhile', async () => {
      await using line = await createLine(kind)
      await line.add(1, 1, 5)
      await line.work(3, 1)
      await line.until(1)
      await line.add(2, 1, 1)
      await line.until(2)
      assert.deepEqual(line.begun, [1001, 2001])
      line.ends.get(1001)?.()
      await line.until(3)
      assert.deepEqual(line.begun, [1001, 2001, 1002])
    })
  })
}
