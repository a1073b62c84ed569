import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { leases } from '../db/schema.ts'
import { UnavailableError } from '../domain/errors.ts'
import { withLease, withPlace } from './lease.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.close())

const find = async (key: string) => (await database.db.select().from(leases).where(eq(leases.key, key)))[0]

test('of two workers one does it, and the other comes again; when it is done anybody may', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = withLease(database, 'start-build 1', () => promise)
  while (!(await find('start-build 1'))) await new Promise(setImmediate)

  await assert.rejects(
    withLease(database, 'start-build 1', async () => 'twice'),
    UnavailableError,
  )
  assert.equal(await withLease(database, 'start-build 2', async () => 'another thing'), 'another thing')
  resolve('done')
  assert.equal(await first, 'done')
  assert.equal(await withLease(database, 'start-build 1', async () => 'afterwards'), 'afterwards')
})

test('what fails is free at once', async () => {
  const fails = async () => {
    throw new Error('it is away')
  }
  await assert.rejects(withLease(database, 'start-build 3', fails), /it is away/)
  assert.equal(await find('start-build 3'), undefined)
})

test('who is at it keeps it, and who died loses it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const long = withLease(database, 'start-build 4', () => promise, { heldMs: 60_000, renewMs: 5 })
  const begun = async () => (await find('start-build 4'))?.until.getTime() ?? 0
  let first = 0
  while (first === 0) first = await begun()
  while ((await begun()) === first) await new Promise(setImmediate)
  resolve()
  await long

  const past = new Date(Date.now() - 1000)
  await database.db.insert(leases).values({ key: 'start-build 5', holder: 'a dead one', until: past })
  assert.equal(await withLease(database, 'start-build 5', async () => 'taken over'), 'taken over')
})

test('of places no more are taken than there are, whoever looks at the same moment', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = 0
  const noted = 1
  const places = { kind: 'copr-turn', most: 3, setting: 'PACKIT_COPR_PARALLEL', countTaken: async () => noted }
  const begin = async () => {
    begun += 1
    await promise
  }
  const tries = [1, 2, 3, 4, 5].map((id) => withPlace(database, places, id, begin))
  const refused = await Promise.all(
    tries.slice(2).map((one) =>
      one.then(
        () => null,
        (error: unknown) => error,
      ),
    ),
  )
  assert.ok(refused.every((error) => error instanceof UnavailableError && /PACKIT_COPR_PARALLEL/.test(error.message)))
  assert.equal(begun, 2)
  resolve()
  await Promise.all(tries.slice(0, 2))
  await withPlace(database, places, 6, async () => {})
})
