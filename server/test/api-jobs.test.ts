// The kinds of jobs beside SRPMs and builds, in the shapes of the compatible API.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Api, createApi } from './api-world.ts'

const T0 = 1_780_000_000
let api: Api
before(async () => {
  api = await createApi()
  await api.storage.append('sync/72.log', 'cloned\npushed\n')
})
after(() => api[Symbol.asyncDispose]())

const HELLO = { repo_namespace: 'acme', repo_name: 'hello', project_url: 'https://github.com/acme/hello' }
const MAIN = { pr_id: null, branch_name: 'main', release: null }
const GIT = {
  ...HELLO,
  ...{ anitya_project_id: null, anitya_project_name: null, anitya_package: null, non_git_upstream: false },
  ...{ pr_id: null, issue_id: null, branch_name: null, release: null, anitya_version: null },
}
/** What job objects have beside the keys of the contract. */
const job = (state: string, run: number | null, more = {}) => ({
  ...{ state, reason: null, package: null, identifier: null, run_id: run },
  ...more,
})

test('a Koji build in the list and by itself', async () => {
  const shared = {
    ...{ task_id: '134567890', scratch: false, status: 'success', build_submitted_time: T0 + 91, chroot: 'f43' },
    ...{ web_url: 'https://koji.example/1', build_logs_urls: null, sidetag: null, nvr: null },
    ...job('success', 4),
  }
  assert.deepEqual(await api.json('/api/koji-builds'), [{ packit_id: 31, ...shared, ...HELLO, ...MAIN }])
  assert.deepEqual(await api.json('/api/koji-builds/31'), {
    ...{ ...shared, build_start_time: null, build_finished_time: null, commit_sha: 'f00dcafe', srpm_build_id: null },
    ...{ run_ids: [4], build_submission_stdout: null, error_message: null, log_detective_runs: [], ...GIT, ...MAIN },
  })
  assert.deepEqual(await api.json('/api/koji-builds/groups/1'), {
    ...{ submitted_time: T0 + 91, run_ids: [4], build_target_ids: [31], ...GIT, ...MAIN },
  })
})

test('scratch builds alone, or all others, as the word says', async () => {
  const count = async (query: string) => (await api.json(`/api/koji-builds?${query}`)).length
  assert.deepEqual(
    [await count('scratch=false'), await count('scratch='), await count('scratch=maybe'), await count('scratch=TRUE')],
    [1, 1, 1, 0],
  )
})

test('a tag request has no status; without a project its keys are left out of the list', async () => {
  const shared = {
    ...{ task_id: '134567891', tag_request_submitted_time: T0 + 92, chroot: 'f43', sidetag: 'f43-build-side-1' },
    ...{ nvr: 'hello-1-1.fc43', web_url: 'https://koji.example/2', package: null, run_id: 4 },
  }
  const lost = {
    ...{ packit_id: 52, task_id: '1', tag_request_submitted_time: T0 + 1, chroot: 'f30', sidetag: null, nvr: null },
    ...{ web_url: null, package: null, run_id: null, pr_id: null, branch_name: null, release: null },
  }
  assert.deepEqual(await api.json('/api/koji-tag-requests'), [lost, { packit_id: 51, ...shared, ...HELLO, ...MAIN }])
  assert.deepEqual(await api.json('/api/koji-tag-requests/51'), {
    ...{ ...shared, commit_sha: 'f00dcafe', run_ids: [4], ...GIT, ...MAIN },
  })
  assert.deepEqual(await api.json('/api/koji-tag-requests/groups/1'), {
    ...{ submitted_time: T0 + 92, run_ids: [4], tag_request_target_ids: [51], ...GIT, ...MAIN },
  })
})

test('a Bodhi update with what went wrong', async () => {
  const shared = {
    ...{ status: 'error', branch: 'f42', web_url: null, koji_nvrs: 'hello-1-1.fc42', alias: null, sidetag: null },
    ...{ submitted_time: T0 + 93, update_creation_time: null, ...job('error', 4) },
  }
  const list = await api.json('/api/bodhi-updates')
  assert.deepEqual(list[0], { packit_id: 62, ...shared, ...HELLO, ...MAIN })
  assert.equal(list[1].update_creation_time, T0 + 94)
  assert.deepEqual(await api.json('/api/bodhi-updates/62'), {
    ...{ ...shared, run_ids: [4], error_message: 'no such build', ...GIT, ...MAIN },
  })
  assert.deepEqual((await api.json('/api/bodhi-updates/groups/1')).update_target_ids, [61, 62])
})

test('the lists of releases are of runs, the details of targets; of two for one branch the newest counts', async () => {
  const [broken, finished] = await api.json('/api/propose-downstream')
  assert.deepEqual([broken.packit_id, broken.non_git_upstream, broken.project_url], [3, false, null])
  assert.deepEqual(finished.status_per_downstream_pr, { f43: 'submitted', rawhide: 'error' })
  assert.deepEqual(finished.packit_id_per_downstream_pr, { f43: 72, rawhide: 73 })
  assert.deepEqual(await api.json('/api/pull-from-upstream'), [
    {
      ...{ packit_id: 2, status: 'running', submitted_time: T0 + 96, status_per_downstream_pr: { f43: 'queued' } },
      ...{
        packit_id_per_downstream_pr: { f43: 74 },
        pr_id: null,
        issue_id: null,
        release: null,
        anitya_version: '2.1',
      },
      ...{ repo_namespace: null, repo_name: null, project_url: 'https://release-monitoring.org/project/4321' },
      ...{ anitya_project_id: 4321, anitya_project_name: 'hello', anitya_package: 'hello-pkg', non_git_upstream: true },
      ...job('running', 10),
    },
  ])
})

test('a target of a release has its log and its pull requests, and belongs to one kind alone', async () => {
  assert.deepEqual(await api.json('/api/propose-downstream/72'), {
    ...{ status: 'submitted', branch: 'f43', downstream_pr_project: 'https://github.com/acme/100%25_sure' },
    downstream_prs: [
      { pr_id: 7, branch: 'f43', is_fast_forward: false, url: 'https://src.example/7' },
      { pr_id: 8, branch: 'f42', is_fast_forward: true, url: 'https://src.example/8' },
    ],
    ...{ submitted_time: T0 + 95, start_time: T0 + 96, finished_time: T0 + 97, logs: 'cloned\npushed\n' },
    ...{ sync_run_id: 1, ...job('success', null) },
  })
  const pulled = await api.json('/api/pull-from-upstream/74')
  assert.deepEqual([pulled.anitya_version, pulled.logs, pulled.downstream_pr_project], ['2.1', null, null])
  const wrong = await api.get('/api/pull-from-upstream/72')
  assert.equal(wrong.statusCode, 404)
  assert.equal(wrong.json().error, 'No info about pull from upstream target stored in DB')
})

test('tests in the list and by themselves', async () => {
  const [again, first] = await api.json('/api/testing-farm/results')
  assert.deepEqual(
    [again.packit_id, again.status, again.state, again.pipeline_id],
    [22, 'cancel-requested', 'running', null],
  )
  assert.deepEqual(first, {
    ...{ packit_id: 21, pipeline_id: '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', ref: 'a1b2c3d4e5f6', status: 'failed' },
    ...{ target: 'fedora-43-x86_64', web_url: 'https://artifacts.example/1', submitted_time: T0 + 111, ...HELLO },
    ...{ pr_id: 41, branch_name: null, release: null, ...job('failure', 1, { package: 'hello' }) },
  })
  assert.deepEqual(await api.json('/api/testing-farm/21'), {
    ...{ pipeline_id: '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', status: 'failed', chroot: 'fedora-43-x86_64' },
    ...{ commit_sha: 'a1b2c3d4e5f6', web_url: 'https://artifacts.example/1', copr_build_ids: [], koji_build_ids: [] },
    ...{ run_ids: [1], submitted_time: T0 + 111, ...GIT, pr_id: 41, ranch: null },
    ...{ started_at: null, ended_at: null, tries: 0, counts: null, results: null, cancel_reason: null, queue: null },
    ...{ log: null, log_size: null, log_url: null },
    ...job('failure', 1, { package: 'hello' }),
  })
  assert.deepEqual((await api.json('/api/testing-farm/groups/2')).test_target_ids, [22])
})

test('a scan has the trigger of its build, and none without it', async () => {
  const [lost, scan] = await api.json('/api/openscanhub-scans')
  assert.deepEqual([lost.packit_id, 'pr_id' in lost, lost.state], [92, false, 'pending'])
  const { packit_id, ...rest } = scan
  assert.deepEqual([packit_id, rest.pr_id, rest.status, rest.state], [91, 41, 'succeeded', 'success'])
  assert.deepEqual(await api.json('/api/openscanhub-scans/91'), rest)
})

test('an analysis is the same in the list and by itself', async () => {
  const [lost, found] = await api.json('/api/log-detective')
  assert.deepEqual([lost.packit_id, lost.run_ids, 'pr_id' in lost], [42, [], false])
  assert.deepEqual(found, {
    ...{ packit_id: 41, analysis_id: '0b6c1e5f-9a34-4c52-8d77-0e6f3b2a1c90', status: 'complete' },
    ...{ chroot: 'fedora-42-x86_64', commit_sha: 'a1b2c3d4e5f6', error_msg: null, target_build: '9104421' },
    ...{ log_detective_response: { explanation: 'a test failed' }, run_ids: [1], submitted_time: T0 + 112 },
    ...{ ...GIT, pr_id: 41, build_system: 'copr', copr_build_target_id: 12, koji_build_target_id: null, group_id: 1 },
    ...job('success', 1, { package: 'hello' }),
  })
  assert.deepEqual(await api.json('/api/log-detective/41'), found)
  const group = await api.json('/api/log-detective/groups/1')
  assert.deepEqual([group.packit_id, group.log_detective_target_ids, group.run_ids], [1, [41], [1]])
})

test('what is not there is told in the words of each kind', async () => {
  const words: Record<string, string> = {
    'koji-builds/9': 'No info about build stored in DB',
    'koji-tag-requests/9': 'No info about tagging request stored in DB',
    'bodhi-updates/9': 'No info about update stored in DB',
    'log-detective/9': 'No info about Log Detective run stored in DB',
    'openscanhub-scans/9': 'No info about scan stored in DB',
    'propose-downstream/9': 'No info about propose downstream target stored in DB',
    'testing-farm/9': 'No info about build stored in DB',
    'testing-farm/groups/9': 'No info about group stored in DB',
  }
  for (const [path, message] of Object.entries(words)) {
    const answer = await api.get(`/api/${path}`)
    assert.deepEqual([answer.statusCode, answer.json().error], [404, message], path)
  }
})

test('the allowlist is one answer; a part of it can be asked for', async () => {
  const acme = { namespace: 'github.com/acme', status: 'approved_automatically', fas_account: 'jdoe' }
  const whole = await api.get('/api/allowlist')
  assert.equal(whole.statusCode, 200)
  assert.deepEqual([whole.json().length, whole.json()[0]], [3, acme])
  const part = await api.get('/api/allowlist?page=2&per_page=2')
  assert.deepEqual([part.statusCode, part.headers['content-range'], part.json().length], [200, 'allowlist 3-3/3', 1])
  assert.deepEqual(await api.json('/api/allowlist/github.com/acme'), acme)
  assert.equal((await api.json('/api/allowlist/gitlab.com%2Fgroup/sub')).status, 'waiting')
  assert.equal((await api.json('/api/allowlist/github.com/acme/hello.git')).status, 'denied')
})

test('an installation has its date as a text', async () => {
  const acme = {
    ...{ account_login: 'acme', account_id: 17, account_type: 'Organization', account_url: 'https://github.com/acme' },
    ...{ sender_login: 'jdoe', sender_id: 4, created_at: '04/05/2026 10:00:00', id: 5 },
  }
  assert.deepEqual(await api.json('/api/installations'), [acme])
  assert.deepEqual(await api.json('/api/installations/5'), acme)
})

test('an unknown installation or allowlist entry is 204 without a body', async () => {
  for (const path of ['installations/6', 'allowlist/github.com/nobody', 'allowlist/acme']) {
    const answer = await api.get(`/api/${path}`)
    assert.deepEqual([answer.statusCode, answer.body], [204, ''], path)
  }
})

test('a notice of Testing Farm is refused as long as it is not set up, in the order of the contract', async () => {
  const tell = async (payload: string, type = 'application/json') => {
    const headers = { 'content-type': type }
    const answer = await api.app.inject({ method: 'POST', url: '/api/testing-farm/results', headers, payload })
    return [answer.statusCode, answer.json()] as const
  }
  assert.deepEqual(await tell('{"request_id":"1"}'), [401, 'Testing farm secret not specified in config'])
  for (const empty of ['{}', '[]', 'null', '""', '0'])
    assert.deepEqual(await tell(empty), [400, "We haven't received any JSON data."])
  assert.equal((await tell('{'))[0], 400)
  assert.equal((await tell('a=1', 'application/x-www-form-urlencoded'))[0], 415)
})
