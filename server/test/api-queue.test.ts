import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
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

    test('waits for its turn: the runs of a project wait for each other, and those of others for one at a time', async () => {
      await using api = await createApi({ kind })
      const { db } = api.database
      const [own] = await query<{ project: number; other: number }>(
        db,
        sql`select (select project_id from pipelines where id = 7)::int as project,
          (select min(id) from projects where id <> (select project_id from pipelines where id = 7))::int as other`,
      )
      await db.execute(sql`update pipelines set state = 'success' where state in ('pending', 'running')`)
      // five of another project, then two of this one
      await db.execute(sql`insert into pipelines (id, event_id, package, identifier, attempt, cause, state, project_id, merged_run_id)
        select i, 6, 'p' || i, '', 1, 'delivery', 'pending', case when i <= 105 then ${own?.other}::int else ${own?.project}::int end, i
        from generate_series(101, 107) i`)
      const position = async (id: number) => (await api.json(`/api/runs/merged/${id}`)).queue.position
      assert.deepEqual(await Promise.all([101, 102, 105, 106, 107].map(position)), [1, 3, 7, 2, 4])
    })

    test('begins at once where a slot is free', async () => {
      await using api = await createApi({ kind, buildSlots: () => 2 })
      assert.ok((await expectation(api)).beginsIn(0))
    })

    test('tells of its tests what they wait for, and when they are expected, on its page as on theirs', async () => {
      const now = Math.floor(Date.now() / 1000)
      await using api = await createApi({ kind, deps: { now: () => new Date(now * 1000) } })
      const { db } = api.database
      await db.execute(sql`insert into test_groups (id) values (90)`)
      await db.execute(sql`insert into test_targets (id, group_id, target, status, state, project_id, started_at, ended_at) values
        (90, 90, 'fedora-43-x86_64', 'passed', 'success', 3, to_timestamp(0), to_timestamp(60))`)
      await db.execute(sql`insert into test_groups (id) values (91)`)
      await db.execute(sql`insert into test_targets (id, group_id, target, status, state, project_id) values
        (95, 91, 'fedora-43-x86_64', 'new', 'pending', 3), (96, 91, 'host-debian-12-x86_64', 'new', 'pending', 3)`)
      await db.execute(sql`insert into test_target_builds (test_target_id, build_target_id) values (95, 15), (96, 15)`)
      await db.execute(sql`update pipelines set test_group_id = 91 where id = 7`)
      await db.execute(
        sql`update srpm_builds set started_at = to_timestamp(0), ended_at = to_timestamp(100) where id in (1, 2)`,
      )
      await db.execute(sql`update build_targets set ended_at = started_at + interval '200 s' where id = 11`)
      await db.execute(sql`insert into test_requests (id, test_target_id, tester, request_id, secret_hash, created_at)
        values (90, 90, 'testing-farm', 'r90', 'x', to_timestamp(0) - interval '30 s')`)
      await db.execute(sql`update test_targets set pipeline_id = 'r90' where id = 90`)

      /** Times in seconds after the run begins, on the page of the run and on that of the tests. */
      const queueOf = async (id: number) => {
        const { queue: run, steps } = await api.json('/api/runs/merged/7')
        const { queue } = await api.json(`/api/testing-farm/${id}`)
        const step = steps.find((one: { kind: string; id: number }) => one.kind === 'test' && one.id === id)
        // the place of the run is counted from the clock of the database
        if (run === null) assert.deepEqual(step.queue, queue)
        const after = (at: number | null) => at && at - (run?.expected_start ?? now)
        const { waits_for, position, expected_start, expected_end } = step.queue
        return [waits_for, position, after(expected_start), after(expected_end)]
      }
      // SRPM and build, then 30 s until Testing Farm begins, then 60 s
      assert.deepEqual(await queueOf(95), ['build', null, 330, 390])
      assert.deepEqual(await queueOf(96), ['build', null, 300, null])

      await db.execute(sql`update pipelines set state = 'running' where id = 7`)
      await db.execute(sql`update srpm_builds set state = 'success' where id = 5`)
      await db.execute(sql`update build_targets set state = 'success', status = 'success' where id = 15`)
      await db.execute(sql`update test_targets set ready_at = now() where id in (95, 96)`)
      assert.deepEqual(await queueOf(95), ['runner', null, 30, 90])
      await db.execute(sql`insert into test_targets (id, group_id, target, status, state, project_id, ready_at) values
        (94, 90, 'host-debian-12-x86_64', 'running', 'running', 3, now() - interval '1 minute')`)
      assert.deepEqual(await queueOf(96), ['turn', 2, null, null])
      // what is being cancelled has its place until it has ended
      await db.execute(sql`update test_targets set status = 'cancel-requested' where id = 94`)
      assert.deepEqual(await queueOf(96), ['turn', 2, null, null])
      await db.execute(sql`insert into backends (name, state) values ('testing-farm', 'open')`)
      assert.deepEqual(await queueOf(95), ['runner', null, null, null])
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
