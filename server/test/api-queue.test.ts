import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

/** In how many seconds the run begins at the earliest and at the latest, by the clock before and after, and how long it takes. */
const expectation = async (api: Api) => {
  const before = Math.floor(Date.now() / 1000)
  const { queue } = await api.json('/api/runs/merged/7')
  const after = Math.ceil(Date.now() / 1000)
  const { expected_start: start, expected_end: end } = queue
  return {
    beginsIn: (seconds: number) => start >= before + seconds && start <= after + seconds,
    start,
    takes: end === null ? null : end - start,
  }
}

for (const kind of databaseKinds) {
  describe(`a run that waits (${kind})`, () => {
    test('is expected to take as long as such steps of all projects, until its own has some', async () => {
      await using api = await createApi({ kind })
      const { db } = api.database
      await db.execute(
        sql`update srpm_builds set started_at = to_timestamp(0), ended_at = to_timestamp(100) where id in (1, 2)`,
      )
      await db.execute(sql`update build_targets set ended_at = started_at + interval '200 s' where id = 11`)
      // one run is ahead: 3, whose SRPM is all its work
      const byAll = await expectation(api)
      assert.ok(byAll.beginsIn(100))
      assert.equal(byAll.takes, 300)

      await db.execute(sql`insert into srpm_builds (id, event_id, project_id, state, started_at, ended_at)
        values (90, 6, 3, 'success', to_timestamp(0), to_timestamp(10))`)
      await db.execute(
        sql`insert into builds (id, builder, listed_id, event_id, project_id) values (90, 'copr', 90, 6, 3)`,
      )
      await db.execute(sql`insert into build_targets (id, build_row_id, listed_id, target, state, started_at, ended_at, imported_at)
        values (90, 90, 90, 'fedora-43-x86_64', 'failure', to_timestamp(0), to_timestamp(20), now())`)
      assert.equal((await expectation(api)).takes, 30)
    })

    test('begins at once where a slot is free', async () => {
      await using api = await createApi({ kind, buildSlots: () => 2 })
      assert.ok((await expectation(api)).beginsIn(0))
    })

    test('is not expected at any time while nothing like it was ever built', async () => {
      await using api = await createApi({ kind })
      await api.database.db.execute(sql`update build_targets set started_at = null`)
      await api.database.db.execute(sql`update srpm_builds set started_at = null`)
      const { start, takes } = await expectation(api)
      assert.deepEqual([start, takes], [null, null])
    })
  })
}
