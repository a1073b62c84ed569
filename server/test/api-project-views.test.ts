import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'

const HELLO = '/api/projects/github.com/acme/hello'
type Entry = {
  pr_id: number | null
  branch_name: string | null
  release: string | null
  state: string
  cells: Record<string, { state: string; build_id: number; run_id: number; builds: number }>
}
const nameOf = (entry: Entry) => entry.pr_id ?? entry.branch_name ?? entry.release

for (const kind of databaseKinds) {
  describe(`a project at a glance (${kind})`, () => {
    let api: Api
    before(async () => {
      api = await createApi({ kind })
    })
    after(() => api[Symbol.asyncDispose]())

    test('the grid has a row for each pull request, branch and release, the last active first', async () => {
      const answer = await api.get(`${HELLO}/grid`)
      assert.deepEqual([answer.statusCode, answer.headers['content-range']], [206, 'grid-rows 1-3/*'])
      assert.deepEqual(answer.json().map(nameOf), [7, 41, 'main'])
      assert.deepEqual((await api.json(`${HELLO}/grid?kind=branch`)).map(nameOf), ['main'])
      assert.equal((await api.get(`${HELLO}/grid?kind=release`)).statusCode, 200, 'no release had a run')
      assert.equal((await api.get(`${HELLO}/grid?kind=issue`)).statusCode, 400)
    })

    test('its cells are the newest builds of the newest head, not of one that was replaced', async () => {
      const [pull] = (await api.json(`${HELLO}/grid?kind=pull_request&after=12`)) as Entry[]
      assert.deepEqual([pull?.pr_id, pull?.state], [41, 'running'])
      const cells = Object.entries(pull?.cells ?? {}).map(([target, cell]) => [
        target,
        cell.state,
        cell.build_id,
        cell.run_id,
      ])
      assert.deepEqual(cells.toSorted(), [
        ['fedora-42-x86_64', 'failure', 12, 1],
        ['fedora-43-x86_64', 'failure', 14, 3],
        ['host-debian-12-x86_64', 'running', 13, 1],
      ])
      assert.equal(pull?.cells['fedora-43-x86_64']?.builds, 3, 'two packages, one of them again')
    })

    test('by the cursor every row comes once, though the project goes on', async () => {
      const seen: unknown[] = []
      let next: string | undefined = `${HELLO}/grid?per_page=1`
      while (next && seen.length < 10) {
        const answer = await api.get(next)
        seen.push(...answer.json().map(nameOf))
        next = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1]
      }
      assert.deepEqual(seen, [7, 41, 'main'])
    })

    test('statistics tell of each target how often, how fast and how evenly it was built', async () => {
      await api.database.db.execute(sql`update builds set submitted_at = now() where id in (1, 2)`)
      await api.database.db.execute(sql`update srpm_builds set submitted_at = now() where id in (1, 2, 4)`)
      const found = await api.json(`${HELLO}/statistics`)
      assert.deepEqual([found.days, found.whole, found.srpm.runs, found.srpm.success_rate], [30, true, 2, 0.5])
      assert.deepEqual([found.srpm.median_s, found.srpm.flaky], [1.25, false])
      const targets = found.targets.map((one: Record<string, unknown>) => [
        one.target,
        one.runs,
        one.success_rate,
        one.median_s,
      ])
      assert.deepEqual(targets, [
        ['fedora-42-x86_64', 1, 0, 4],
        ['fedora-43-x86_64', 1, 1, 5.75],
        ['host-debian-12-x86_64', 0, null, null],
      ])
      assert.deepEqual(found.targets[1].latest, [
        { id: 11, state: 'success', page: '/jobs/copr/11', ended_at: 1780000110.75 },
      ])
      assert.equal((await api.get(`${HELLO}/statistics?days=366`)).statusCode, 400)
    })

    test('a commit that failed and then passed makes its target flaky', async () => {
      const { db } = api.database
      await db.execute(sql`insert into build_groups (id) values (50)`)
      await db.execute(sql`insert into builds (id, group_id, builder, listed_id, event_id, project_id, package, identifier, submitted_at)
        select 50, 50, 'copr', 50, event_id, project_id, package, identifier, now() from builds where id = 1`)
      await db.execute(sql`insert into build_targets (id, group_id, build_row_id, listed_id, target, state, started_at, ended_at)
        values (50, 50, 50, 50, 'fedora-42-x86_64', 'success', to_timestamp(10), to_timestamp(20))`)
      const { targets } = await api.json(`${HELLO}/statistics?days=1`)
      const flaky = targets.map((one: Record<string, unknown>) => [one.target, one.flaky, one.flaky_commits])
      assert.deepEqual(flaky[0], ['fedora-42-x86_64', true, ['a1b2c3d4e5f6']])
      assert.deepEqual(flaky[1], ['fedora-43-x86_64', false, []])
    })

    test('the configuration is told as it was understood, without what it says', async () => {
      const answer = await api.get(`${HELLO}/config`)
      const found = answer.json()
      assert.deepEqual([found.event_id, found.commit, found.trigger.pr_id], [1, 'a1b2c3d4e5f6', 41])
      assert.deepEqual(found.jobs[0].targets, ['fedora-43-x86_64'])
      assert.deepEqual(found.warnings, [{ message: 'metadata is old', line: null, column: null, text: null }])
      assert.ok(!answer.body.includes('never shown'))
    })

    test('errors of a configuration have their place and the line as it is written', async () => {
      const plan = {
        ...{ summary: 'x', jobs: [], builds: [], warnings: ['.packit.yaml:9:1: old'], config: null },
        configPath: '.packit.yaml',
        problem: {
          kind: 'config',
          state: 'failure',
          title: '.packit.yaml is invalid',
          summary: '.packit.yaml:2:3: no such key\n.packit.yaml:5:1: a job needs a trigger',
          lines: [{ number: 2, text: '  foo: bar' }],
        },
      }
      await api.database.db.execute(sql`update project_events set plan = ${JSON.stringify(plan)}::jsonb where id = 6`)
      const found = await api.json('/api/projects/gitlab.com/group/sub/tool/config')
      assert.deepEqual(found.errors, [
        { message: 'no such key', line: 2, column: 3, text: '  foo: bar' },
        { message: 'a job needs a trigger', line: 5, column: 1, text: null },
      ])
      assert.deepEqual([found.warnings[0].line, found.problem.title], [9, '.packit.yaml is invalid'])
    })

    test('the targets that a job names stand beside those they mean', async () => {
      const options = { targets: { 'fedora-all': {} }, identifier: null }
      const plan = {
        ...{ summary: 'x', builds: [], warnings: [], configPath: '.packit.yaml', problem: null },
        jobs: [
          {
            package: 'tool',
            job: 'copr_build',
            on: 'commit',
            identifier: null,
            targets: [],
            wanted: false,
            reason: 'x',
          },
        ],
        config: {
          packages: { tool: options },
          jobs: [{ type: 'copr_build', on: 'commit', packages: { tool: options } }],
        },
      }
      await api.database.db.execute(sql`update project_events set plan = ${JSON.stringify(plan)}::jsonb where id = 6`)
      const { jobs } = await api.json('/api/projects/gitlab.com/group/sub/tool/config')
      assert.deepEqual([jobs[0].configured_targets, jobs[0].targets, jobs[0].trigger], [['fedora-all'], [], 'commit'])
    })

    test('a project that is not known, is private or kept no plan is not found', async () => {
      for (const view of ['grid', 'statistics', 'config'])
        assert.equal((await api.get(`/api/projects/github.com/no/body/${view}`)).statusCode, 404)
      assert.equal((await api.get('/api/projects/github.com/acme/100%25_sure/config')).statusCode, 404)
      assert.equal((await api.get('/api/projects/github.com/acme/100%25_sure/grid')).body, '[]')
      await api.database.db.execute(sql`update projects set is_private = true where id = 1`)
      for (const view of ['grid', 'statistics', 'config'])
        assert.equal((await api.get(`${HELLO}/${view}`)).statusCode, 404)
    })
  })
}
