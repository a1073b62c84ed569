import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createUsageApi, follow, HELLO, TOOL } from './usage-world.ts'
import { createWorld } from './world.ts'

describe('usage', () => {
  let api: Awaited<ReturnType<typeof createUsageApi>>
  before(async () => {
    api = await createUsageApi()
  })
  after(() => api[Symbol.asyncDispose]())

  test('counts objects and jobs of the projects on forges, and ranks projects', async () => {
    const usage = await api.json('/api/usage')
    assert.deepEqual(usage.active_projects, {
      instances: { 'github.com': 1, 'gitlab.com': 1 },
      project_count: 2,
      top_projects_by_events_handled: { [HELLO]: 3, [TOOL]: 1 },
    })
    assert.deepEqual(usage.all_projects, { instances: { 'github.com': 2, 'gitlab.com': 1 }, project_count: 3 })
    assert.deepEqual(usage.events.pull_request, { events_handled: 3, top_projects: { [HELLO]: 2, [TOOL]: 1 } })
    assert.equal(usage.events.anitya_version.events_handled, 0)
    assert.deepEqual(usage.jobs.srpm_builds, { job_runs: 4, top_projects_by_job_runs: { [HELLO]: 3, [TOOL]: 1 } })
    assert.equal(usage.jobs.tft_test_run_groups.job_runs, 2)
    assert.deepEqual([Object.keys(usage.events).length, Object.keys(usage.jobs).length], [7, 7])
  })

  test('the order of keys is the rank, and top cuts every list', async () => {
    assert.deepEqual(Object.keys((await api.json('/api/usage')).events.pull_request.top_projects), [HELLO, TOOL])
    const { active_projects, events, jobs } = await api.json('/api/usage?top=1')
    assert.deepEqual(active_projects.top_projects_by_events_handled, { [HELLO]: 3 })
    assert.deepEqual(events.pull_request, { events_handled: 3, top_projects: { [HELLO]: 2 } })
    assert.deepEqual(jobs.srpm_builds, { job_runs: 4, top_projects_by_job_runs: { [HELLO]: 3 } })
    assert.deepEqual((await api.json('/api/usage?top=0')).events.pull_request, { events_handled: 3, top_projects: {} })
  })

  test('both ends of a period belong to it, offsets count', async () => {
    const count = async (query: string) => (await api.json(`/api/usage?${query}`)).events.pull_request.events_handled
    // pull request 1 of tool: 1,780,000,301 s
    assert.equal(await count('from=2026-05-28T20:31:41Z&to=2026-05-28T20:31:41Z'), 1)
    assert.equal(await count('from=2026-05-28T22:31:41%2B02:00&to=2026-05-28T15:31:41-05:00'), 1)
    assert.equal(await count('from=2026-05-28T20:31:41.000001&to=2026-05-28T20:32'), 0)
    assert.equal(await count('from=2026-05-29'), 0)
    assert.equal(await count('to=2026-05-28'), 0)
    assert.equal(await count('from=2026-06-01&to=2026-05-01'), 0)
  })

  test('a project has its numbers and its place; one that is not known has null everywhere', async () => {
    const found = await api.json('/api/usage/project/gitlab.com/group/sub/tool')
    assert.deepEqual(
      [found.events_handled.events_handled, found.events_handled.position, found.events_handled.per_event.pull_request],
      [1, 2, { events_handled: 1, position: 2 }],
    )
    assert.deepEqual(found.jobs.srpm_builds.per_event.pull_request, { job_runs: 1, position: 2 })
    assert.deepEqual(found.jobs.koji_build_groups.per_event.issue, { job_runs: null, position: null })
    assert.deepEqual([Object.keys(found.jobs).length, 'log_detective_run_groups' in found.jobs], [6, false])
    const unknown = await api.get('/api/usage/project/gitlab.com/group/none?from=2020-01-01')
    assert.equal(unknown.statusCode, 200)
    assert.match(unknown.body, /^[^0-9]*$/)
  })

  test('an old client gets well-known periods by following the redirect', async () => {
    for (const kind of ['past-week', 'past-month', 'past-year', 'total']) {
      const answer = await follow(api, `/api/usage/${kind}`)
      assert.equal(answer.statusCode, 200, kind)
      const { active_projects, jobs, onboarded_projects_q1_2024 } = answer.json()
      assert.deepEqual(active_projects.top_projects_by_events_handled, { [HELLO]: 3, [TOOL]: 1 })
      assert.deepEqual(jobs.srpm_builds, {
        job_runs: 4,
        top_projects_by_job_runs: { [HELLO]: 3, [TOOL]: 1 },
        active_projects: 2,
      })
      assert.equal(onboarded_projects_q1_2024, 1)
    }
    assert.equal((await api.json('/api/usage/past-day')).active_projects.project_count, 2)
  })

  test('an old client gets intervals by following the redirect', async () => {
    const found = (await follow(api, '/api/usage/intervals?days=0&hours=12&count=3')).json()
    const labels = ['10:00', '22:00', '10:00']
    const series = (...ys: number[]) => ys.map((y, i) => ({ x: labels[i], y }))
    assert.deepEqual(found.events.pull_request, series(0, 3, 0))
    assert.deepEqual(found.jobs.srpm_builds, series(0, 4, 0))
    assert.deepEqual(found.jobs_project_count.srpm_builds, series(0, 2, 0))
    assert.deepEqual(found.jobs_project_cumulative_count.srpm_builds, series(0, 2, 2))
    assert.deepEqual([found.active_projects, found.active_projects_cumulative], [series(0, 2, 0), series(0, 2, 2)])
    assert.deepEqual(found.onboarded_projects, [HELLO, TOOL])
    assert.deepEqual(found.onboarded_projects_per_job.koji_build_groups, [HELLO])
    assert.deepEqual([found.from, found.to], ['2026-05-27T22:00:00', '2026-05-29T10:00:00'])
    const byDay = (await follow(api, '/api/usage/intervals?days=1&count=2')).json()
    assert.deepEqual(
      byDay.active_projects.map(({ x }: { x: string }) => x),
      ['2026-05-28', '2026-05-29'],
    )
  })

  test('an id that names no snapshot is not found, under the old key', async () => {
    for (const id of [
      'past-day/x',
      'past-week/2026-05-21',
      'total/1',
      'intervals/1d-0h-7x-2026-05-29T09',
      'intervals/x',
    ]) {
      const answer = await api.get(`/api/usage/${id}`)
      assert.deepEqual([answer.statusCode, answer.json().error], [404, 'No info about usage stored in DB'], id)
    }
  })

  test('all that is wrong with parameters is told at once, as a list', async () => {
    const errors = async (url: string) => {
      const answer = await api.get(`/api/usage${url}`)
      return [answer.statusCode, answer.json().errors]
    }
    assert.deepEqual(await errors('?from=&to=yesterday'), [
      400,
      ['From timestamp: invalid format', 'To timestamp: invalid format'],
    ])
    assert.deepEqual(await errors('/project/github.com/acme/hello?to=2026-02-30'), [
      400,
      ['To timestamp: invalid format'],
    ])
    assert.deepEqual(await errors('?to=9999-12-31T23:59:59-05:00&top=-1'), [
      400,
      [
        "To timestamp: '9999-12-31T23:59:59-05:00' is out of range: from 0001-01-01 to 9999-12-31 (UTC)",
        "top: '-1' is not allowed: a whole number from 0 to 10000",
      ],
    ])
    for (const value of ['', 'abc', '1.5', '1e3', '99999999999999999999', '%00']) {
      assert.equal((await api.get(`/api/usage?top=${value}`)).statusCode, 400, value)
      assert.equal((await api.get(`/api/usage/intervals?days=1&count=${value}`)).statusCode, 400, value)
    }
    assert.equal((await api.get('/api/usage?to=9999-12-31T23:59:59.999999Z')).statusCode, 200)
    assert.deepEqual(await errors('/intervals?days=-1&hours=x&count=0'), [
      400,
      [
        "days: '-1' is not allowed: a whole number from 0 to 366",
        "hours: 'x' is not allowed: a whole number from 0 to 8784",
        "count: '0' is not allowed: a whole number from 1 to 400",
      ],
    ])
    // intervals without a length would tell nothing: they are of a day
    assert.match(String((await api.get('/api/usage/intervals?hours=0')).headers.location), /^intervals\/1d-0h-10x-/)
  })

  test('projects that use the service downstream are told from those about to', async () => {
    await using other = await createUsageApi()
    for (const statement of [
      `update projects set onboarded_downstream = true where id = 2`,
      `update projects set is_private = true where id = 4`,
      `insert into bodhi_update_targets (id, project_id, status) values (901, 4, 'success')`,
      `insert into koji_build_targets (id, project_id, status, scratch) values (90, 3, 'success', true), (91, 3, 'failure', false)`,
      `insert into sync_runs (id) values (901)`,
      `insert into sync_targets (id, sync_run_id, status) values (901, 901, 'submitted')`,
      `insert into sync_pull_requests (id, project_id) values (901, 3), (902, null)`,
      `insert into sync_target_pull_requests values (901, 901), (901, 902)`,
    ])
      await other.database.db.execute(sql.raw(statement))
    assert.deepEqual(await other.json('/api/usage/onboarded-projects'), {
      onboarded: { 1: HELLO },
      almost_onboarded: { 3: TOOL },
    })
  })

  test('a private project is neither named nor counted', async () => {
    await using other = await createUsageApi()
    await other.database.db.execute(sql`update projects set is_private = true where id = 3`)
    const text = (await other.get('/api/usage')).body + (await follow(other, '/api/usage/intervals?days=2')).body
    assert.ok(!text.includes('gitlab.com'))
    assert.equal(JSON.parse((await other.get('/api/usage')).body).all_projects.project_count, 2)
    assert.match((await other.get('/api/usage/project/gitlab.com/group/sub/tool')).body, /^[^0-9]*$/)
  })

  test('a run counts from the moment it is there, one that ended when it was decided too', async () => {
    await using world = await createWorld()
    const pr = await world.openPullRequest()
    await world.openPullRequest({ number: 2, repository: pr.repository, files: { '.packit.yaml': 'jobs: []\n' } })
    await world.settle(60_000)

    // a period of its own: that of all time may have been counted before there was a run
    const { events, jobs } =
      await world.get<Record<'events' | 'jobs', Record<string, Record<string, unknown>>>>('/api/usage?from=2026-01-01')
    assert.equal(events.pull_request?.events_handled, 2)
    assert.deepEqual([jobs.srpm_builds?.job_runs, jobs.copr_build_groups?.job_runs], [1, 1])
  })
})
