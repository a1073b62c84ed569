import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Api, createApi } from './api-world.ts'

let api: Api
before(async () => {
  api = await createApi()
})
after(() => api[Symbol.asyncDispose]())

const header = async (url: string, name: string) => String((await api.get(url)).headers[name])
const status = async (url: string) => (await api.get(url)).statusCode
const find = async (url: string, key: string, value: unknown) =>
  (await api.json(url)).find((entry: Record<string, unknown>) => entry[key] === value)

/** What each row of the table says is new, asked of the service. */
const ROWS: Record<string, () => Promise<void>> = {
  'A-1': async () => {
    assert.deepEqual([await status('/api/runs?per_page=3'), await status('/api/runs?per_page=101')], [206, 400])
  },
  'A-2': async () => {
    assert.equal(await status('/api/runs?page=99999999999999999999'), 400)
    assert.equal(await status('/api/runs'), 206)
  },
  'A-3': async () => {
    assert.equal(await status('/api/runs?page=1_0'), 400)
    const withBody = await api.app.inject({ method: 'GET', url: '/api/runs', payload: { per_page: 2 } })
    assert.equal(withBody.json().length, 9)
  },
  'A-4': async () => {
    assert.equal(await header('/api/runs?page=2&per_page=5', 'content-range'), 'runs 6-9/9')
    assert.equal(await header('/api/runs?page=9', 'content-range'), 'runs */9')
    assert.equal(await header('/api/runs?after=9', 'content-range'), 'runs */*')
  },
  'A-5': async () => {
    assert.match(await header('/api/runs?per_page=2', 'link'), /rel="next"/)
    assert.match(await header('/api/runs', 'access-control-expose-headers'), /Content-Range/)
  },
  'A-6': async () => {
    const { error, title } = await api.json('/api/runs/merged/999')
    assert.deepEqual([error, title], ['No run has been found in DB', 'Not Found'])
    assert.match(await header('/api/nothing', 'content-type'), /^application\/json/)
  },
  'A-7': async () => {
    assert.deepEqual([await status('/api/projects/github.com/a%00'), await status('/api/%zz')], [404, 400])
  },
  'A-8': async () => {
    assert.equal((await api.json('/api/runs/merged/2')).merged_run_id, 1)
    assert.equal(await status('/api/runs/merged/99'), 404)
  },
  'A-9': async () => {
    assert.equal((await api.json('/api/runs/4')).trigger.branch_name, 'main')
  },
  'A-10': async () => {
    const run = await find('/api/runs', 'merged_run_id', 12)
    assert.deepEqual([run.time_submitted, run.trigger.pr_id], [1780000003, 7])
  },
  'A-11': async () => {
    const [build, srpm] = [
      await find('/api/copr-builds', 'packit_id', 17),
      await find('/api/srpm-builds', 'srpm_build_id', 3),
    ]
    assert.deepEqual([build.project_url, 'project_url' in srpm], ['', false])
  },
  'A-12': async () => {
    assert.equal((await api.json('/api/projects/github.com/acme/hello')).project_url, 'https://github.com/acme/hello')
    assert.ok(await find('/api/projects/github.com/acme/hello/prs', 'pr_id', 7))
  },
  'A-13': async () => {
    assert.equal((await api.json('/api/projects/github.com/acme/hello/prs'))[0].tests[0].status, 'cancel-requested')
  },
  'A-14': async () => {
    assert.deepEqual(await api.json('/api/projects/github.com/acme/hello/issues'), [102, 99])
  },
  'A-15': async () => {
    await using many = await createApi()
    await many.database.db.execute(
      sql.raw(
        `insert into build_targets (id, group_id, target, state) select 1000 + n, 1, 'c' || n, 'success' from generate_series(1, 1005) n`,
      ),
    )
    assert.equal((await many.json('/api/projects/github.com/acme/hello/prs'))[0].builds.length, 1000)
  },
  'A-16': async () => {
    assert.equal(
      await header('/api/projects/github.com/acme/hello/', 'location'),
      '/api/projects/github.com/acme/hello',
    )
  },
  'A-17': async () => {
    const build = await api.json('/api/copr-builds/13')
    assert.deepEqual([build.builder, build.build_id, build.copr_owner], ['local', '2', null])
    assert.match(build.web_url, /\/jobs\/copr\/13$/)
  },
  'A-18': async () => {
    const build = await find('/api/copr-builds', 'build_id', '9104421')
    assert.equal(build.packit_id, 11)
  },
  'A-19': async () => {
    assert.equal((await find('/api/srpm-builds', 'srpm_build_id', 1)).release, null)
    assert.equal((await find('/api/copr-builds', 'packit_id', 11)).release, null)
  },
  'A-20': async () => {
    const run = await api.json('/api/runs/merged/3')
    assert.deepEqual([run.state, run.reason, run.causes.length], ['failure', 'no spec file', 1])
  },
  'A-21': async () => {
    assert.equal((await api.json('/api/projects?q=tool')).length, 1)
    assert.equal((await api.json('/api/runs?status=failure&after=100')).length, 1)
  },
  'A-22': async () => {
    const { headers } = await api.get('/api/runs', { 'accept-encoding': 'gzip' })
    assert.equal(headers['content-encoding'], 'gzip')
    assert.equal((await api.get('/api/runs', { 'if-none-match': String(headers.etag) })).statusCode, 304)
  },
  'A-23': async () => {
    assert.equal((await api.get('/api/healthz', { 'x-forwarded-proto': 'http' })).statusCode, 200)
  },
  'A-24': async () => {
    assert.equal((await api.json('/api/openapi.json')).openapi, '3.1.0')
    assert.equal((await api.json('/api/swagger.json')).swagger, '2.0')
    assert.ok(!(await api.get('/api/')).body.includes('<script'))
  },
  'A-25': async () => {
    const system = await api.json('/api/system')
    for (const part of Object.values(system))
      assert.deepEqual(Object.keys(part as object).sort(), ['commit', 'version'])
    assert.ok(system.packit_service)
  },
  'A-26': async () => {
    assert.equal(await header('/', 'x-frame-options'), 'DENY')
    assert.ok(!(await header('/', 'content-security-policy')).includes('unsafe-inline'))
  },
  'A-27': async () => {
    const ofAnitya = '(select id from project_events where trigger_id = 7)'
    await api.database.db.execute(sql.raw(`update tag_request_targets set event_id = ${ofAnitya} where id = 52`))
    const found = await find('/api/koji-tag-requests', 'packit_id', 52)
    assert.equal(found.project_url, 'https://release-monitoring.org/project/4321')
  },
  'A-28': async () => {
    const run = await find('/api/propose-downstream', 'packit_id', 1)
    assert.equal(run.packit_id_per_downstream_pr.f43, 72)
  },
  'A-29': async () => {
    const answer = await api.get('/api/allowlist/github.com/nobody')
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [204, undefined])
  },
  'A-30': async () => {
    const namespaces = (await api.json('/api/allowlist')).map((entry: { namespace: string }) => entry.namespace)
    assert.deepEqual(namespaces.slice(0, 2), ['github.com/acme', 'gitlab.com/group/sub'])
    assert.equal((await api.json('/api/installations'))[0].id, 5)
    assert.equal((await api.json('/api/allowlist?per_page=1')).length, 1)
  },
  'A-31': async () => {
    for (const url of ['/api/runs/3/retry', '/api/runs/3/cancel', '/api/deliveries/1/replay'])
      assert.equal((await api.app.inject({ method: 'POST', url })).statusCode, 401)
    assert.deepEqual([await status('/api/deliveries'), await status('/api/audit')], [206, 401])
  },
  'A-32': async () => {
    assert.deepEqual([await status('/api/projects/gitlab.com/group/sub/runs'), await status('/api/runs')], [405, 206])
    assert.equal(
      (await api.app.inject({ method: 'POST', url: '/api/projects/gitlab.com/group/sub/runs' })).statusCode,
      401,
    )
  },
  'A-33': async () => {
    const unknown = await api.get('/api/usage/total/0b7c6b9e-6f6e-4b0e-9f5e-0d7f5a1c2e3d')
    assert.deepEqual([unknown.statusCode, unknown.json().error], [404, 'No info about usage stored in DB'])
    const location = await header('/api/usage/past-week', 'location')
    assert.match(location, /^past-week\/[0-9-]+$/)
    assert.ok((await api.json(`/api/usage/${location}`)).active_projects)
  },
  'A-34': async () => {
    for (const wrong of [
      '?top=x',
      '?top=-1',
      '?to=9999-12-31T23:59:59-05:00',
      '/intervals?days=x',
      '/intervals?count=-1',
    ]) {
      const answer = await api.get(`/api/usage${wrong}`)
      assert.deepEqual([answer.statusCode, Array.isArray(answer.json().errors)], [400, true], wrong)
    }
    assert.match(await header('/api/usage/intervals', 'location'), /^intervals\/1d-0h/)
  },
  'A-35': async () => {
    const { events, active_projects } = await api.json('/api/usage')
    assert.deepEqual([events.anitya_version.events_handled, active_projects.project_count], [0, 2])
  },
  'A-36': async () => {
    const { active_projects, events } = await api.json('/api/usage?top=1')
    assert.deepEqual(active_projects.top_projects_by_events_handled, { 'https://github.com/acme/hello': 3 })
    assert.deepEqual(Object.keys(events.pull_request.top_projects), ['https://github.com/acme/hello'])
  },
  'A-37': async () => {
    const { events } = await api.json('/api/usage?from=2026-05-28T20:31:41&to=2026-05-28T20:31:41Z')
    assert.equal(events.pull_request.events_handled, 1)
    const { from, to } = await api.json(`/api/usage/${await header('/api/usage/intervals?days=1', 'location')}`)
    assert.ok(from < to)
  },
  'A-38': async () => {
    await using other = await createApi()
    await other.database.db.execute(sql.raw('update projects set is_private = true where id = 3'))
    assert.deepEqual((await other.json('/api/usage')).all_projects.instances, { 'github.com': 2 })
  },
  'A-39': async () => {
    await using other = await createApi()
    await other.database.db.execute(
      sql.raw(
        `insert into bodhi_update_targets (id, project_id, status) values (1, null, 'success'), (2, 3, 'success')`,
      ),
    )
    const { onboarded } = await other.json('/api/usage/onboarded-projects')
    assert.deepEqual(onboarded, { 1: 'https://github.com/acme/hello', 3: 'https://gitlab.com/group/sub/tool' })
  },
  'A-40': async () => {
    await using other = await createApi()
    await other.database.db.execute(sql`update srpm_builds set ended_at = now() - interval '2 h' where id = 1`)
    const cacheOf = async (url: string) => (await other.get(url)).headers['cache-control']
    assert.equal(await cacheOf('/api/srpm-builds/1'), 'public, max-age=3600, immutable')
    assert.equal(await cacheOf('/api/srpm-builds'), 'no-cache')
  },
  'A-41': async () => {
    await using other = await createApi()
    await other.database.db.execute(
      sql.raw(`insert into projects (id, forge, namespace, name, url) values
        (90, 'gitlab.com', 'group/sub', 'config', 'https://gitlab.com/group/sub/config')`),
    )
    assert.ok(Array.isArray(await other.json('/api/projects/gitlab.com/group/sub/tool/grid')))
    assert.equal((await other.json('/api/projects/gitlab.com/group%2Fsub/config')).repo_name, 'config')
    assert.equal((await other.json('/api/projects/gitlab.com/group/sub/config')).repo_name, undefined)
  },
}

const page = await readFile(new URL('../../docs/compatibility.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| (A-[0-9]+) \| (.+?) \|/gm)].map(([, number = '', old = '']) => ({ number, old }))

test('every deliberate difference is in the table of docs/compatibility.md, once, and the other way round', () => {
  assert.deepEqual(
    rows.map(({ number }) => number),
    Object.keys(ROWS),
  )
})

for (const { number, old } of rows) test(`${number}, not any more: ${old}`, async () => ROWS[number]?.())
