// Whose a build on one of several machines is, as the table tells it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import type { FoundTarget } from '../src/builders/builder.ts'
import { createBuildLedger, handOverBuilds, takeOverBuilds } from '../src/cli/local-builds.ts'
import { addProcess, SILENCE_MS } from '../src/db/processes.ts'
import { CRASH_RETURNS } from '../src/jobs/jobs.ts'
import type { Queue } from '../src/jobs/queue.ts'
import { createTestDatabase } from './database.ts'

const TARGETS: FoundTarget[] = [{ chroot: 'here', state: 'pending' }]

async function createTable() {
  const database = await createTestDatabase('postgres')
  const { db } = database
  await db.execute(sql`insert into builds (id, builder) values (1, 'local'), (2, 'local')`)
  const added: string[] = []
  const queue: Queue = {
    add: async (_tx, kind, data) => void added.push(`${kind} ${(data as { buildRowId: number }).buildRowId}`),
  }
  const open = async (id: string) => {
    await addProcess(database, { id, role: 'worker', host: 'here', pid: 1, version: '1', slots: 1 })
    return createBuildLedger(database, id)
  }
  const die = (id: string) =>
    db.execute(sql`update processes set seen_at = now() - ${`${SILENCE_MS + 1} ms`}::interval where id = ${id}`)
  const take = () => added.splice(0)
  return { database, queue, open, die, take, [Symbol.asyncDispose]: () => database.close() }
}

test('a build is the one process that claimed it first, to its end', async () => {
  await using table = await createTable()
  const [one, two] = [await table.open('one'), await table.open('two')]
  assert.deepEqual([await one.claim('1', TARGETS), await two.claim('1', TARGETS)], [true, false])
  assert.equal(await two.write('1', TARGETS, false), false)
  const startedAt = new Date('2026-01-02T03:04:05Z')
  const ended: FoundTarget[] = [{ chroot: 'here', state: 'success', startedAt }]
  assert.equal(await one.write('1', ended, true), true)
  assert.deepEqual(await two.find('1'), { targets: ended, isHeld: true, isCanceled: false })
  await handOverBuilds(table.database, table.queue, 'one')
  assert.deepEqual(table.take(), [])
  assert.equal(await two.claim('1', TARGETS), false)
  assert.equal(await two.find('2'), undefined)
})

test('what a process that stops hands over is begun anew by another, and counts as no crash', async () => {
  await using table = await createTable()
  const [one, two] = [await table.open('one'), await table.open('two')]
  await one.claim('1', TARGETS)
  await handOverBuilds(table.database, table.queue, 'one')
  assert.deepEqual(table.take(), ['start-build 1'])
  assert.equal(await two.claim('1', TARGETS), true)
  assert.equal(await one.write('1', TARGETS, true), false)
  const rows = await table.database.db.query.builds.findMany()
  assert.deepEqual(
    rows.map(({ crashes }) => crashes),
    [0, 0],
  )
})

test('the builds of the dead are taken over once, a limited number of times, those of the living never', async () => {
  await using table = await createTable()
  const [one, two] = [await table.open('one'), await table.open('two')]
  const takeOver = () => takeOverBuilds(table.database, table.queue)
  await two.claim('2', TARGETS)
  for (let crash = 1; crash <= CRASH_RETURNS; crash += 1) {
    assert.equal(await one.claim('1', TARGETS), true)
    await table.die('one')
    await Promise.all([takeOver(), takeOver()])
    assert.deepEqual(table.take(), ['start-build 1', 'settle-build 1'])
  }
  await one.claim('1', TARGETS)
  await takeOver()
  assert.deepEqual(table.take(), ['settle-build 1'])
  const found = await two.find('1')
  assert.deepEqual([found?.targets[0]?.state, found?.isHeld], ['error', true])
  assert.match(found?.targets[0]?.reason ?? '', /died 5 times/)
})

test('a build that is cancelled is told to its owner, and begun by nobody', async () => {
  await using table = await createTable()
  const [one, two] = [await table.open('one'), await table.open('two')]
  await one.claim('1', TARGETS)
  await two.cancel('1')
  assert.deepEqual(await one.listOwn(), [{ buildId: '1', isCanceled: true }])
  await handOverBuilds(table.database, table.queue, 'one')
  assert.equal(await two.claim('1', TARGETS), false)
  assert.deepEqual(await two.find('1'), { targets: TARGETS, isHeld: false, isCanceled: true })
})
