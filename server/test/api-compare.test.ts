import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

for (const kind of databaseKinds) {
  describe(`two runs (${kind})`, () => {
    let api: Api
    before(async () => {
      api = await createApi({ kind })
    })
    after(() => api[Symbol.asyncDispose]())

    const ask = async (query: string) => {
      const answer = await api.get(`/api/compare?${query}`)
      return { status: answer.statusCode, body: answer.json() }
    }

    test('are compared step by step, with states, durations and versions', async () => {
      const { db } = api.database
      await db.execute(sql`update build_targets set group_id = 1, target = 'fedora-44-x86_64' where id = 14`)
      await db.execute(sql`insert into build_groups (id) values (60)`)
      await db.execute(sql`insert into build_targets (id, group_id, target, state, started_at, ended_at, built_packages) values
        (60, 60, 'fedora-43-x86_64', 'failure', to_timestamp(10), to_timestamp(30), null),
        (61, 60, 'fedora-42-x86_64', 'success', to_timestamp(10), to_timestamp(20),
          '[{"name":"hello","epoch":1,"version":"2","release":"1","arch":"x86_64"}]')`)
      await db.execute(sql`insert into pipelines (id, event_id, package, attempt, merged_run_id, build_group_id, state, project_id)
        values (60, 1, 'hello', 9, 60, 60, 'failure', 1)`)

      const { body } = await ask('a=6&b=60')

      assert.deepEqual(
        [body.a.merged_run_id, body.a.nvr, body.b.state, body.b.trigger.pr_id],
        [1, 'hello-1-1', 'failure', 41],
      )
      const rows = body.steps.map((step: Record<string, unknown>) => [
        step.kind,
        step.target,
        step.change,
        step.slower_s,
      ])
      assert.deepEqual(rows, [
        ['build', 'fedora-43-x86_64', 'new failure', 14.25],
        ['build', 'fedora-42-x86_64', 'fixed', 6],
        ['srpm', null, 'gone', null],
        ['build', 'fedora-44-x86_64', 'gone', null],
        ['build', 'host-debian-12-x86_64', 'gone', null],
        ['test', 'fedora-43-x86_64', 'gone', null],
      ])
      assert.deepEqual(body.steps[0].packages[0], { name: 'hello', arch: 'x86_64', a: '1-1', b: null, change: 'gone' })
      assert.deepEqual(body.steps[1].packages, [{ name: 'hello', arch: 'x86_64', a: null, b: '1:2-1', change: 'new' }])
      assert.equal(body.steps[1].b.page, '/jobs/copr/61')
    })

    test('of which one is missing, unknown or of another project are refused, with the reason', async () => {
      assert.deepEqual(
        [(await ask('a=1')).status, (await ask('a=1')).body.errors.b],
        [400, 'b is missing: it names one of the two runs'],
      )
      assert.deepEqual(
        [(await ask('a=1&b=99')).status, (await ask('a=1&b=99')).body.error],
        [404, 'No run 99 has been found in DB'],
      )
      const other = await ask('a=1&b=7')
      assert.equal(other.status, 400)
      assert.match(other.body.detail, /a run of github.com\/acme\/hello, b one of gitlab.com\/group\/sub\/tool/)
      assert.match((await ask('a=1&b=2')).body.detail, /the same run, 1/, 'two pipelines of one run')
      assert.equal((await ask('a=8&b=9')).status, 400, 'runs that lost their project')
      assert.equal((await ask('a=x&b=1')).status, 400)
    })

    test('of a private project are as if they were not there', async () => {
      await api.database.db.execute(sql`update projects set is_private = true where id = 1`)
      assert.equal((await ask('a=1&b=3')).status, 404)
    })
  })
}
