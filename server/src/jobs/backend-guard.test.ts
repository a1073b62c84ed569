import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/database.ts'
import { findBackend } from '../db/backends.ts'
import type { Database } from '../db/database.ts'
import { NotFoundError, UnavailableError } from '../domain/errors.ts'
import { BackendGuard } from './backend-guard.ts'

let database: Database
before(async () => {
  database = await createTestDatabase()
})
after(() => database.close())

let now = new Date()
let added: string[] = []
let calls = 0
beforeEach(async () => {
  await database.db.execute(sql`delete from backends`)
  now = new Date('2026-11-26T12:03:00Z')
  added = []
  calls = 0
})

/** Each stands for a process of its own. */
const createGuard = () => {
  const queue = { add: async (_tx: unknown, kind: string) => void added.push(kind) }
  return new BackendGuard(
    'copr',
    { threshold: 3, hasDeadline: false },
    { database, queue, now: () => now, log: pino({ level: 'silent' }) },
  )
}
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
const fails = async () => {
  calls += 1
  throw new UnavailableError('it answers 502', 1000)
}
const works = async () => {
  calls += 1
  return 'an answer'
}
const find = () => findBackend(database.db, 'copr')
async function open(guard: BackendGuard) {
  for (let i = 0; i < 3; i += 1) await assert.rejects(guard.run(fails))
}

test('after three calls that were not answered none is made, in any process, and it is told once', async () => {
  const one = createGuard()
  await open(one)
  const message = 'Copr is unavailable since 12:03 UTC: it answers 502 (3 of 3 tries). Trying again in 10 s.'
  const other = createGuard()
  for (const guard of [one, other]) {
    await assert.rejects(guard.run(works), (error) => {
      assert.ok(error instanceof UnavailableError)
      assert.equal(error.message, message)
      assert.ok(error.retryAfterMs >= 10_000 && error.retryAfterMs <= 12_000)
      return true
    })
  }
  assert.equal(calls, 3)
  assert.deepEqual(added, ['tell-backend'])
  assert.deepEqual([one.failures, other.failures], [3, 0])
})

test('one call tries it, the others wait for its outcome; an answer opens the way and is told', async () => {
  const one = createGuard()
  await open(one)
  later(10)
  const trial = Promise.withResolvers<string>()
  const tried = one.run(() => trial.promise)
  while ((await find())?.state !== 'half-open') await new Promise(setImmediate)
  await assert.rejects(createGuard().run(works), UnavailableError)
  trial.resolve('an answer')
  assert.equal(await tried, 'an answer')
  assert.equal(await createGuard().run(works), 'an answer')
  const { state, since, failures, lastSuccessAt } = (await find()) ?? {}
  assert.deepEqual(
    { state, since, failures, lastSuccessAt },
    { state: 'closed', since: null, failures: 0, lastSuccessAt: now },
  )
  assert.deepEqual(added, ['tell-backend', 'tell-backend'])
})

test('a try that fails makes the next wait longer, and nothing is told anew', async () => {
  const one = createGuard()
  await open(one)
  later(10)
  await assert.rejects(one.run(fails), /since 12:03 UTC: it answers 502 \(4 of 4 tries\)\. Trying again in 20 s\./)
  assert.deepEqual(added, ['tell-backend'])
})

test('calls fail for as long as it takes when answers come in between, also refusals', async () => {
  const one = createGuard()
  for (let i = 0; i < 5; i += 1) {
    await assert.rejects(one.run(fails), /^UnavailableError: it answers 502$/)
    await assert.rejects(one.run(fails), /^UnavailableError: it answers 502$/)
    await assert.rejects(
      one.run(async () => {
        throw new NotFoundError('no such build')
      }),
      NotFoundError,
    )
  }
  assert.deepEqual(added, [])
})

test('that it answers is written once a minute, however often it is asked', async () => {
  const one = createGuard()
  await one.run(works)
  const first = (await find())?.lastSuccessAt
  later(59)
  await one.run(works)
  assert.deepEqual((await find())?.lastSuccessAt, first)
  later(1)
  await one.run(works)
  assert.deepEqual((await find())?.lastSuccessAt, now)
})

test('who dies while trying is followed by another', async () => {
  const one = createGuard()
  await open(one)
  later(10)
  void one.run(() => new Promise(() => {}))
  while ((await find())?.state !== 'half-open') await new Promise(setImmediate)
  later(60)
  assert.equal(await createGuard().run(works), 'an answer')
})

test('a try that says nothing of the system gives way to the next at once', async () => {
  const one = createGuard()
  const other = createGuard()
  await open(one)
  later(13)
  const broken = async () => {
    throw new Error('a mistake of ours')
  }
  await assert.rejects(one.run(broken), /a mistake of ours/)
  assert.equal((await find())?.state, 'half-open')
  assert.equal(await other.run(works), 'an answer')
  assert.equal((await find())?.state, 'closed')
})
