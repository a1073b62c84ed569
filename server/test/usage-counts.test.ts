import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import type { Db } from '../src/db/database.ts'
import { countIntervals, countUsage, findFirstUses } from '../src/db/read-usage.ts'
import { fillScope } from '../src/db/scope.ts'
import { fillUsageDays } from '../src/db/usage-days.ts'
import type { EventType } from '../src/domain/usage/counts.ts'
import { DAY, formatInstant, HOUR, type Instant, parseInstant } from '../src/domain/usage/instant.ts'
import { boundariesOf, type Intervals, type Period } from '../src/domain/usage/periods.ts'
import { createTestDatabase, databaseKinds, type TestDatabase } from './database.ts'

/** 2 is a duplicate of 1, 4 is private; `null` is Anitya's. */
const PROJECTS = [1, 2, 3, 4, null] as const
const URLS: Record<number, string> = { 1: 'https://a.example/1', 3: 'https://b.example/3' }
const JOBS = {
  srpm_builds: ['srpm_build_id', 'srpm_builds'],
  copr_build_groups: ['build_group_id', 'build_groups'],
  koji_build_groups: ['koji_build_group_id', 'koji_build_groups'],
  vm_image_build_targets: ['vm_image_id', 'vm_images'],
  tft_test_run_groups: ['test_group_id', 'test_groups'],
  sync_release_runs: ['sync_run_id', 'sync_runs'],
  log_detective_run_groups: ['log_detective_group_id', 'log_detective_groups'],
} as const
type Job = keyof typeof JOBS
const KINDS: EventType[] = ['pull_request', 'branch_push', 'release', 'issue', 'koji_build_tag']

interface Trigger {
  project: number | null
  kind: EventType
  /** The duplicate of another one: its index. */
  sameAs: number | null
}
interface Pipeline {
  trigger: number
  at: Instant
  /** Ids of its jobs, from 1 to 3: few, so that pipelines share them. */
  jobs: Partial<Record<Job, number>>
}
interface World {
  triggers: Trigger[]
  pipelines: Pipeline[]
}

const START = parseInstant('2026-02-27') as bigint
/** Instants of five days, most of them at or beside a midnight or a full hour. */
const instant = fc
  .tuple(
    fc.nat(5),
    fc.oneof(
      fc.constantFrom(0n, 1n, DAY - 1n, 7n * HOUR, 7n * HOUR + 1n, 7n * HOUR - 1n),
      fc.bigInt({ min: 0n, max: DAY - 1n }),
    ),
  )
  .map(([day, time]) => START + BigInt(day) * DAY + time)
const job = fc.integer({ min: 1, max: 3 })
const world: fc.Arbitrary<World> = fc.record({
  triggers: fc
    .array(fc.record({ project: fc.constantFrom(...PROJECTS), kind: fc.constantFrom(...KINDS), twin: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((list) =>
      list.flatMap(({ project, kind, twin }): Trigger[] => {
        const trigger: Trigger = { project, kind: project === null ? 'anitya_version' : kind, sameAs: null }
        return twin ? [trigger, { ...trigger, sameAs: -1 }] : [trigger]
      }),
    )
    .map((list) => list.map((trigger, i) => (trigger.sameAs === null ? trigger : { ...trigger, sameAs: i - 1 }))),
  pipelines: fc.array(
    fc.record({
      trigger: fc.nat(20),
      at: instant,
      jobs: fc.record(Object.fromEntries(Object.keys(JOBS).map((kind) => [kind, job])) as Record<Job, typeof job>, {
        requiredKeys: [],
      }),
    }),
    { maxLength: 25 },
  ),
})

async function insert(db: Db, { triggers, pipelines }: World, pieces: number[]): Promise<void> {
  const run = (text: string) => db.execute(sql.raw(text))
  await run(
    `truncate usage_days, pipelines, project_events, triggers, ${Object.values(JOBS).map(([, table]) => table)} cascade`,
  )
  for (const [, table] of Object.values(JOBS)) {
    const [columns, values] = table === 'srpm_builds' ? [', state, imported_at', `, 'success', now()`] : ['', '']
    await run(`insert into ${table} (id${columns}) select n${values} from generate_series(1, 3) n`)
  }
  await run(
    `insert into triggers (id, kind, project_id, anitya_project_id, number, name, task_id, same_as) values ${triggers
      .map(({ project, kind, sameAs }, i) => {
        const twin = sameAs === null ? null : sameAs + 1
        return `(${i + 1}, '${kind}', ${project}, ${project === null ? 1 : null}, ${i}, 'n${i}', '${i}', ${twin})`
      })
      .join()}`,
  )
  await run(`insert into project_events (id, trigger_id, imported_at)
    select n, n, now() from generate_series(1, ${triggers.length}) n`)
  if (pipelines.length > 0) {
    await run(`insert into pipelines (id, event_id, created_at, imported_at, ${Object.values(JOBS).map(([column]) => column)})
      values ${pipelines
        .map(({ trigger, at, jobs }, i) => {
          const ids = Object.keys(JOBS).map((kind) => jobs[kind as Job] ?? 'null')
          return `(${i + 1}, ${(trigger % triggers.length) + 1}, timestamptz '${formatInstant(at)}', now(), ${ids})`
        })
        .join()}`)
  }
  await fillScope(db, 'pipelines')
  for (const from of pieces) await fillUsageDays(db, { from, to: from + 7 })
}

/** What a pipeline has that counts, straight from the definitions: nothing for Anitya and private projects. */
function present({ triggers }: World, { trigger, jobs }: Pipeline) {
  const index = trigger % triggers.length
  const { project, kind, sameAs } = triggers[index] as Trigger
  if (project === null || project === 4) return []
  const things = [['objects', sameAs ?? index] as const, ...(Object.entries(jobs) as [Job, number][])]
  return things.map(([of, id]) => ({ url: URLS[project === 2 ? 1 : project] ?? '', type: kind, of, id }))
}

function bruteForce(world: World, { from, before }: Period) {
  const inside = world.pipelines.filter(({ at }) => (from === null || at >= from) && (before === null || at < before))
  const distinct = new Set(inside.flatMap((p) => present(world, p)).map((thing) => JSON.stringify(thing)))
  const numbers: Record<string, number> = {}
  for (const text of distinct) {
    const { url, type, of } = JSON.parse(text)
    numbers[`${url} ${type} ${of}`] = (numbers[`${url} ${type} ${of}`] ?? 0) + 1
  }
  return numbers
}

const count = async (db: Db, period: Period) =>
  Object.fromEntries(
    (await countUsage(db, period)).active.flatMap(({ url, counts }) =>
      Object.entries(counts).flatMap(([type, ofType]) =>
        Object.entries(ofType).map(([of, number]) => [`${url} ${type} ${of}`, number]),
      ),
    ),
  )

for (const kind of databaseKinds) {
  describe(`usage is counted exactly (${kind})`, () => {
    let database: TestDatabase
    before(async () => {
      database = await createTestDatabase(kind)
      const { db } = database
      for (const statement of [
        `insert into projects (id, forge, namespace, name, url, same_as, is_private) values
          (1, 'a.example', 'x', '1', '${URLS[1]}', null, false), (2, 'a.example', 'x', '1', 'http://old/1', 1, false),
          (3, 'b.example', 'x', '3', '${URLS[3]}', null, false), (4, 'a.example', 'x', '4', 'https://secret', null, true)`,
        `insert into anitya_projects (id, anitya_id) values (1, 1)`,
      ])
        await db.execute(sql.raw(statement))
    })
    after(() => database.close())

    const pieces = fc.shuffledSubarray([1, 8, 15, 22], { minLength: 4 }).map((list) => [...list, list[0] ?? 1])
    const end = fc.option(instant)

    test('in any period, however its presence was written: piece by piece, in any order, twice', async () => {
      await fc.assert(
        fc.asyncProperty(
          world,
          pieces,
          fc.array(fc.tuple(end, end), { minLength: 6, maxLength: 6 }),
          async (rows, order, ends) => {
            await insert(database.db, rows, order)
            for (const [from, before] of [[null, null] as const, ...ends])
              assert.deepEqual(await count(database.db, { from, before }), bruteForce(rows, { from, before }))
          },
        ),
        { numRuns: kind === 'embedded' ? 8 : 25 },
      )
    })

    test('in adjacent intervals of any length, and since when', async () => {
      const asked = fc.record({
        days: fc.nat(2),
        hours: fc.nat(30),
        count: fc.integer({ min: 1, max: 8 }),
        end: instant,
      })
      await fc.assert(
        fc.asyncProperty(world, pieces, fc.array(asked, { minLength: 4, maxLength: 4 }), async (rows, order, list) => {
          await insert(database.db, rows, order)
          for (const intervals of list.filter(({ days, hours }) => days + hours > 0))
            await checkIntervals(rows, intervals)
          await checkFirstUses(rows)
        }),
        { numRuns: kind === 'embedded' ? 8 : 25 },
      )
    })

    async function checkIntervals(rows: World, intervals: Intervals) {
      const boundaries = boundariesOf(intervals)
      const expected: Record<string, number> = {}
      const add = (key: string, number: number) => (expected[key] = (expected[key] ?? 0) + number)
      for (const [i, before] of boundaries.slice(1).entries()) {
        const found = bruteForce(rows, { from: boundaries[i] ?? before, before })
        for (const [key, number] of Object.entries(found)) add(`${i + 1} ${key.slice(key.indexOf(' ') + 1)}`, number)
        const projects = new Set(Object.keys(found).map((key) => key.replace(/ \S+ /, ' ')))
        for (const key of projects) add(`${i + 1} projects ${key.split(' ')[1]}`, 1)
      }
      const { things, projects } = await countIntervals(database.db, intervals)
      const found = [
        ...things.map(({ interval, type, of, number }) => [`${interval} ${type} ${of}`, number]),
        ...projects.map(({ interval, of, number }) => [`${interval} projects ${of}`, number]),
      ]
      assert.deepEqual(Object.fromEntries(found), expected)
    }

    async function checkFirstUses(rows: World) {
      const expected: Record<string, number> = {}
      for (const pipeline of rows.pipelines) {
        for (const { url, of } of present(rows, pipeline)) {
          const key = `${url} ${of}`
          expected[key] = Math.min(expected[key] ?? Number.POSITIVE_INFINITY, Number(pipeline.at))
        }
      }
      const found = (await findFirstUses(database.db)).flatMap(({ url, firsts }) =>
        Object.entries(firsts).flatMap(([of, at]) => (at === null ? [] : [[`${url} ${of}`, at]])),
      )
      assert.deepEqual(Object.fromEntries(found), expected)
    }
  })
}
