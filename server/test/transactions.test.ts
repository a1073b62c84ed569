// Reads, deliveries and transactions that fail, all at once: none sees or takes away what belongs to another.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { projects, settings } from '../src/db/schema.ts'
import { databaseKinds } from './database.ts'
import { createWorld, type World } from './world.ts'

const READS = 200
const DELIVERIES = 50
const ROLLBACKS = 20

for (const kind of databaseKinds) {
  test(`${kind}: ${READS} reads beside ${DELIVERIES} deliveries and ${ROLLBACKS} rollbacks are all right`, async () => {
    await using world = await createWorld({ database: kind })
    await world.openPullRequest()
    await world.settle()
    const pages = ['/api/projects', '/api/runs', '/api/runs/merged/1', '/api/copr-builds', '/api/deliveries/1']
    const right = new Map<string, unknown>()
    for (const page of pages) right.set(page, await world.get(page))

    const work = [
      ...Array.from({ length: READS }, (_, i) => async () => {
        const page = pages[i % pages.length] ?? ''
        assert.deepEqual(await world.get(page), right.get(page))
      }),
      ...Array.from({ length: DELIVERIES }, (_, i) => () => deliver(world, i)),
      ...Array.from({ length: ROLLBACKS }, (_, i) => () => rollBack(world, i)),
    ]
    await Promise.all(shuffled(work).map((begin) => begin()))
    await world.settle()

    const { db } = world.service.database
    const told = await db.query.deliveries.findMany()
    const ids = new Set(told.map(({ deliveryId }) => deliveryId))
    for (let i = 0; i < DELIVERIES; i += 1) assert.ok(ids.has(`told-${i}`), `told-${i} was acknowledged, and is lost`)
    assert.equal(told.length, DELIVERIES + 1)
    assert.deepEqual(new Set(told.map(({ state }) => state)), new Set(['decided']))
    const jobs = await query<{ count: number }>(
      db,
      sql`select count(*)::int as count from pgboss.job where name = 'decide-delivery' and state = 'completed'`,
    )
    assert.equal(jobs[0]?.count, DELIVERIES + 1)
    assert.equal((await db.query.projects.findMany()).length, 1)
    assert.deepEqual(await db.query.settings.findMany({ where: (s, { like }) => like(s.key, 'rolled-back%') }), [])
    const lost = sql`select data from pgboss.job where data->>'runId' = '424242'`
    assert.deepEqual(await query(db, lost), [])
  })
}

/** Sends a delivery until it is acknowledged, as a forge does. */
async function deliver(world: World, i: number): Promise<void> {
  const body = {
    ...{ kind: 'push', ref: `refs/heads/old-${i}`, before: '1'.repeat(40), after: '0'.repeat(40) },
    repository: { url: 'https://example.org/acme/hello' },
  }
  for (;;) {
    const { statusCode, body: said } = await world.deliver(body, { delivery: `told-${i}` })
    if (statusCode === 202) return
    assert.equal(statusCode, 503, said)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

class Undo extends Error {}

/** Writes rows and a job that others would see, and takes them back: by an error of ours, or by one of the database. */
async function rollBack({ service }: World, i: number): Promise<void> {
  const { database, queue } = service
  const failing = database.transaction(async (tx) => {
    const name = `rolled-back-${i}`
    await tx.insert(settings).values({ key: name, value: i })
    await tx.insert(projects).values({ forge: 'localhost', namespace: 'acme', name, url: name })
    await queue.add(tx, 'publish-repository', { runId: 424242 })
    assert.equal((await tx.query.settings.findMany({ where: (s, { eq }) => eq(s.key, name) })).length, 1)
    if (i % 2 === 0) await tx.execute(sql`select 1 / 0`)
    throw new Undo()
  })
  await assert.rejects(failing, (error) => error instanceof Undo || /1 \/ 0/.test(String(error)))
}

/** In an order that is the same each time, and mixed. */
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item, i) => ({ item, key: ((i * 7919) % 104_729) % 271 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
