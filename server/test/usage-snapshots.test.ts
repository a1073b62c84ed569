import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { UsageSnapshots } from '../src/db/usage-snapshots.ts'
import { UsageReports } from '../src/jobs/usage-reports.ts'
import type { Api } from './api-world.ts'
import { databaseKinds } from './database.ts'
import { createUsageApi, TOOL } from './usage-world.ts'

/** What takes longer than a second is answered with 503, and there when it is asked for again. */
async function askUntilReady(api: Api, url: string) {
  for (;;) {
    const answer = await api.get(url)
    if (answer.statusCode !== 503) return answer
    assert.equal(answer.headers['retry-after'], '2')
  }
}

for (const kind of databaseKinds) {
  describe(`snapshots of usage (${kind})`, () => {
    test('are at most five minutes old, and made anew in the background', async () => {
      await using api = await createUsageApi(kind)
      const count = async () =>
        (await api.json('/api/usage/past-day')).active_projects.top_projects_by_events_handled[TOOL]
      const id = (await api.get('/api/usage/past-week')).headers.location
      assert.equal(await count(), 1)

      await api.database.db.execute(sql`update projects set url = 'https://moved' where id = 3`)
      api.clock.now += 299_000
      assert.equal(await count(), 1)
      api.clock.now += 1000
      assert.equal(await count(), undefined)

      await api.database.db.execute(sql`update projects set url = ${TOOL} where id = 3`)
      api.clock.now += 120_000
      await new UsageReports(api.database, () => new Date(api.clock.now)).renew()
      assert.equal(await count(), 1)
      const rows = await api.database.db.$count(sql`usage_snapshots`)
      assert.equal(rows, 11)

      // the day after, what yesterday's address named is still there
      api.clock.now += 86_400_000
      assert.equal((await api.get(`/api/usage/${id}`)).statusCode, 200)
      assert.notEqual((await api.get('/api/usage/past-week')).headers.location, id)
    })

    test('are made once for 200 requests at a time, and for two processes', async () => {
      await using api = await createUsageApi(kind)
      const now = () => new Date(api.clock.now)
      const processes = [new UsageSnapshots(api.database, now), new UsageSnapshots(api.database, now)]
      let made = 0
      const snapshot = { key: 'x', make: async () => ({ b: ++made, a: 1 }), patienceMs: 60_000, wellKnown: true }
      const read = await Promise.all(processes.flatMap((one) => Array.from({ length: 200 }, () => one.read(snapshot))))
      assert.deepEqual([...new Set(read)], ['{"b":1,"a":1}'])

      const { location } = (await api.get('/api/usage/total')).headers
      const answers = await Promise.all(Array.from({ length: 200 }, () => api.get(`/api/usage/${location}`)))
      assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [200])
      assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
    })

    test('that fail are made again by the next request', async () => {
      await using api = await createUsageApi(kind)
      const snapshots = new UsageSnapshots(api.database, () => new Date(api.clock.now))
      const make = (work: () => unknown) => ({
        key: 'x',
        make: async () => work(),
        patienceMs: 60_000,
        wellKnown: false,
      })
      const failing = make(() => {
        throw new Error('no luck')
      })
      await assert.rejects(snapshots.read(failing), /no luck/)
      assert.equal(await snapshots.read(make(() => 1)), '1')
    })

    test('200 different periods at a time are each answered right', async () => {
      await using api = await createUsageApi(kind)
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          const url = (from: string) =>
            `/api/usage?from=${from}&to=2026-06-${String(1 + Math.floor(i / 8)).padStart(2, '0')}`
          const from = new Date((1_780_000_300 + (i % 4)) * 1000).toISOString()
          return [i % 4, await askUntilReady(api, url(from))] as const
        }),
      )
      for (const [late, answer] of answers) {
        assert.equal(answer.statusCode, 200)
        assert.equal(answer.json().events.pull_request.top_projects[TOOL], late < 2 ? 1 : undefined)
      }
      // anybody may ask for anything: only the newest of it is kept
      assert.ok((await api.database.db.$count(sql`usage_snapshots`)) <= 101)
    })
  })
}
