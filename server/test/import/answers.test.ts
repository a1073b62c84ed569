// After an import each endpoint answers what the existing service answered for the same rows. The expected answers were
// written by hand, from the description of its API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseKinds } from '../database.ts'
import { ANITYA, at, describeImport, F43, HELLO, NO_TRIGGER, NOTHING, PULL_41, TOOL, testAnswers } from './golden.ts'

const ONE_PACKAGE = { name: 'hello', epoch: 0, version: '1', release: '1.fc43', arch: 'x86_64' }

const EMPTY_RUN = {
  ...{ srpm: null, copr: [], koji: [], test_run: [], bodhi_update: [], vm_image_build: [] },
  ...{ propose_downstream: [], pull_from_upstream: [] },
}
const part = (packit_id: number, target: string | null, status: string | null) => ({ packit_id, target, status })
const RUN_1 = {
  ...EMPTY_RUN,
  merged_run_id: 1,
  srpm: { packit_id: 1, status: 'success' },
  copr: [
    part(11, 'fedora-43-x86_64', 'success'),
    part(12, 'fedora-42-x86_64', 'failure'),
    part(13, 'epel-10-x86_64', 'success'),
  ],
  test_run: [part(51, 'fedora-43-x86_64', 'failed'), part(52, 'fedora-43-x86_64', 'cancel-requested')],
  vm_image_build: [part(81, 'fedora-43-x86_64', 'success')],
  time_submitted: at(100),
  trigger: PULL_41,
}

/** What the existing service answers about runs, SRPMs, builds and projects, by address. */
const ANSWERS: Record<string, unknown> = {
  '/api/runs?per_page=50': [
    {
      ...EMPTY_RUN,
      merged_run_id: 14,
      propose_downstream: [part(73, 'rawhide', 'running')],
      time_submitted: at(950),
      trigger: { ...HELLO, ...NOTHING, issue_id: 99 },
    },
    { ...EMPTY_RUN, merged_run_id: 13 },
    {
      ...EMPTY_RUN,
      merged_run_id: 12,
      test_run: [part(54, 'fedora-43-x86_64', 'passed')],
      time_submitted: at(121),
      trigger: NO_TRIGGER,
    },
    {
      ...EMPTY_RUN,
      merged_run_id: 11,
      srpm: { packit_id: 5, status: 'success' },
      copr: [part(18, 'fedora-43-x86_64', 'error')],
      time_submitted: at(400),
      trigger: { ...HELLO, ...NOTHING, release: '1.0' },
    },
    {
      ...EMPTY_RUN,
      merged_run_id: 10,
      bodhi_update: [part(61, 'f43', 'success')],
      time_submitted: at(800),
      trigger: F43,
    },
    { ...EMPTY_RUN, merged_run_id: 8 },
    {
      ...EMPTY_RUN,
      merged_run_id: 7,
      pull_from_upstream: [part(71, 'f43', 'submitted'), part(72, 'f42', 'error')],
      time_submitted: at(900),
      trigger: ANITYA,
    },
    { ...EMPTY_RUN, merged_run_id: 6 },
    { ...EMPTY_RUN, merged_run_id: 5, koji: [part(31, 'f43', 'success')], time_submitted: at(500), trigger: F43 },
    {
      ...EMPTY_RUN,
      merged_run_id: 4,
      srpm: { packit_id: 4, status: 'pending' },
      time_submitted: at(300),
      trigger: TOOL,
    },
    {
      ...EMPTY_RUN,
      merged_run_id: 3,
      srpm: { packit_id: 2, status: 'failure' },
      copr: [part(14, 'fedora-43-x86_64', 'failure'), part(15, 'fedora-42-x86_64', 'failure')],
      time_submitted: at(200),
      trigger: PULL_41,
    },
    RUN_1,
  ],
  '/api/runs/merged/1': RUN_1,
  '/api/runs/2': {
    ...{ run_id: 2, trigger: PULL_41, srpm_build_id: 1, copr_build_group_id: 2, koji_build_group_id: null },
    ...{ test_run_group_id: 2, bodhi_update_group_id: null },
  },
  '/api/runs/10': {
    ...{ run_id: 10, trigger: F43, srpm_build_id: null, copr_build_group_id: null, koji_build_group_id: null },
    ...{ test_run_group_id: null, bodhi_update_group_id: 1 },
  },
  '/api/srpm-builds?per_page=50': [
    {
      ...{ srpm_build_id: 5, status: 'success', log_url: 'https://packit.example/jobs/srpm/5' },
      ...{ build_submitted_time: at(400), repo_namespace: 'acme', repo_name: 'hello', pr_id: null, branch_name: null },
      project_url: 'https://github.com/acme/hello',
    },
    {
      ...{ srpm_build_id: 4, status: 'pending', log_url: 'https://packit.example/jobs/srpm/4' },
      ...{ build_submitted_time: at(300), repo_namespace: 'group/sub', repo_name: 'tool', pr_id: 1, branch_name: null },
      project_url: 'https://gitlab.com/group/sub/tool',
    },
    { srpm_build_id: 3, status: 'success', log_url: 'https://packit.example/jobs/srpm/3', build_submitted_time: null },
    {
      ...{ srpm_build_id: 2, status: 'failure', log_url: 'https://packit.example/jobs/srpm/2' },
      ...{ build_submitted_time: at(200), repo_namespace: 'acme', repo_name: 'hello', pr_id: 41, branch_name: null },
      project_url: 'https://github.com/acme/hello',
    },
    {
      ...{ srpm_build_id: 1, status: 'success', log_url: 'https://packit.example/jobs/srpm/1' },
      ...{ build_submitted_time: at(100), repo_namespace: 'acme', repo_name: 'hello', pr_id: 41, branch_name: null },
      project_url: 'https://github.com/acme/hello',
    },
  ],
  '/api/srpm-builds/1': {
    ...{ status: 'success', build_submitted_time: at(100), build_start_time: at(101), build_finished_time: at(110) },
    ...{ url: 'https://srpm.example/1', logs: 'line 1\ntab\t and \\ and é', copr_build_id: null, copr_web_url: null },
    ...{ run_ids: [1, 2, 9], ...PULL_41 },
  },
  '/api/srpm-builds/2': { status: 'failure', logs: '', url: null, run_ids: [3], ...PULL_41 },
  '/api/srpm-builds/5': {
    ...{ status: 'success', logs: null, logs_url: 'https://copr.example/log', copr_build_id: '777' },
    ...{ copr_web_url: 'https://copr.example/777', run_ids: [11], ...HELLO, ...NOTHING, release: '1.0' },
  },
  '/api/copr-builds?per_page=50': [
    {
      ...{ packit_id: 21, build_id: '800', project: 'gone', project_url: '', repo_namespace: '', repo_name: '' },
      ...{ status_per_chroot: { 'fedora-30-x86_64': 'retry' }, packit_id_per_chroot: { 'fedora-30-x86_64': 21 } },
      ...{ ref: null, pr_id: null, branch_name: null, build_submitted_time: at(5) },
      web_url: 'https://copr.example/800',
    },
    {
      ...{ packit_id: 18, build_id: '700', project: 'acme-hello-releases', repo_namespace: 'acme', repo_name: 'hello' },
      ...{ status_per_chroot: { 'fedora-43-x86_64': 'error' }, packit_id_per_chroot: { 'fedora-43-x86_64': 18 } },
      ...{ ref: 'feed1000', pr_id: null, branch_name: null, build_submitted_time: at(411) },
    },
    {
      ...{ packit_id: 17, build_id: '600', project: 'old', project_url: '', repo_namespace: '', repo_name: '' },
      ...{ status_per_chroot: { null: 'success' }, packit_id_per_chroot: { null: 17 }, ref: null },
    },
    {
      // one build id in two groups, and one row without a group
      ...{ packit_id: 11, build_id: '9104421', project: 'acme-hello-41', repo_namespace: 'acme', repo_name: 'hello' },
      ...{ project_url: 'https://github.com/acme/hello', ref: 'a1b2c3d4e5f6', pr_id: 41, branch_name: null },
      status_per_chroot: {
        'fedora-43-x86_64': 'success',
        'fedora-42-x86_64': 'failure',
        'epel-10-x86_64': 'success',
        'centos-stream-9-x86_64': 'canceled',
      },
      packit_id_per_chroot: {
        ...{ 'fedora-43-x86_64': 11, 'fedora-42-x86_64': 12, 'epel-10-x86_64': 13, 'centos-stream-9-x86_64': 20 },
      },
      ...{ build_submitted_time: at(111), web_url: 'https://copr.example/9104421' },
    },
  ],
  '/api/copr-builds/11': {
    ...{ build_id: '9104421', status: 'success', chroot: 'fedora-43-x86_64', build_submitted_time: at(111) },
    ...{ build_start_time: at(113), build_finished_time: at(120), commit_sha: 'a1b2c3d4e5f6' },
    ...{ web_url: 'https://copr.example/9104421', build_logs_url: 'https://copr.example/log11' },
    ...{ copr_project: 'acme-hello-41', copr_owner: 'packit', srpm_build_id: 1, run_ids: [1, 9] },
    ...{ built_packages: [ONE_PACKAGE], log_detective_runs: [], ...PULL_41 },
  },
  '/api/copr-builds/12': { status: 'failure', built_packages: null, log_detective_runs: [101], run_ids: [1, 9] },
  '/api/copr-builds/13': { status: 'success', srpm_build_id: 1, run_ids: [2], ...PULL_41 },
  '/api/copr-builds/16': { build_id: null, status: 'waiting_for_srpm', copr_project: 'gitlab-tool', ...TOOL },
  '/api/copr-builds/21': { build_id: '800', status: 'retry', srpm_build_id: null, run_ids: [], ...NO_TRIGGER },
  '/api/copr-builds/groups/1': {
    ...{ submitted_time: at(111), run_ids: [1, 9], build_target_ids: [11, 12] },
    ...PULL_41,
  },
  '/api/projects?per_page=50': [
    { namespace: '-', repo_name: 'nameless', prs_handled: 0 },
    {
      ...{ namespace: 'acme', repo_name: 'hello', project_url: 'https://github.com/acme/hello', prs_handled: 2 },
      ...{ branches_handled: 1, releases_handled: 2, issues_handled: 2 },
    },
    { namespace: 'group/sub', repo_name: 'tool', prs_handled: 1, branches_handled: 0 },
    { namespace: 'rpms', repo_name: 'hello', prs_handled: 1, branches_handled: 1 },
  ],
  '/api/projects/github.com/acme/hello': {
    ...{ namespace: 'acme', repo_name: 'hello', project_url: 'https://github.com/acme/hello', prs_handled: 2 },
  },
  '/api/projects/gitlab.com/group/sub/tool/prs': [
    {
      ...{ pr_id: 1, koji_builds: [], tests: [] },
      builds: [{ build_id: null, chroot: 'fedora-43-x86_64', status: 'waiting_for_srpm' }],
      srpm_builds: [{ srpm_build_id: 4, status: 'pending', log_url: 'https://packit.example/jobs/srpm/4' }],
    },
  ],
  '/api/projects/src.fedoraproject.org/rpms/hello/branches': [
    {
      ...{ branch: 'f43', builds: [], srpm_builds: [], tests: [] },
      koji_builds: [{ task_id: '134567890', chroot: 'f43', status: 'success', web_url: 'https://koji.example/1' }],
    },
  ],
  '/api/projects/github.com/acme/hello/releases': [
    { tag_name: '1.1', commit_hash: null },
    { tag_name: '1.0', commit_hash: 'feed1000' },
  ],
  '/api/projects/github.com/acme/hello/issues': [102, 99],
}

describeImport('', { kinds: databaseKinds }, (world) => {
  testAnswers(world, ANSWERS)

  test('pull requests of both rows of a project are listed once, with the builds of all duplicates', async () => {
    const pulls = await world().api.json('/api/projects/github.com/acme/hello/prs')
    const ids = (list: { chroot: string; srpm_build_id: number }[]) =>
      list.map((item) => item.chroot ?? item.srpm_build_id).toSorted()
    assert.deepEqual(
      pulls.map((pull: { pr_id: number }) => pull.pr_id),
      [41, 7],
    )
    assert.deepEqual(ids(pulls[0].srpm_builds), [1, 2])
    assert.deepEqual(ids(pulls[0].builds), [
      'epel-10-x86_64',
      'fedora-42-x86_64',
      'fedora-42-x86_64',
      'fedora-43-x86_64',
      'fedora-43-x86_64',
    ])
    assert.deepEqual(pulls[0].tests.map((run: { status: string }) => run.status).toSorted(), [
      'cancel-requested',
      'failed',
    ])
  })

  test('a run stands as its parts do, so that a list filtered by state finds it', async () => {
    const states = {
      running: [14, 1],
      pending: [4],
      success: [12, 10, 5],
      failure: [3],
      error: [11, 7],
      skipped: [13, 8, 6],
    }
    for (const [state, ids] of Object.entries(states)) {
      const runs: { merged_run_id: number }[] = await world().api.json(`/api/runs?status=${state}`)
      assert.deepEqual(
        runs.map((run) => run.merged_run_id),
        ids,
        state,
      )
    }
  })

  test('a text too long for a row is read from storage: its end in the old key, the whole as a log', async () => {
    const log = await world().api.get('/api/srpm-builds/1/log')
    assert.deepEqual([log.statusCode, log.body], [200, 'line 1\ntab\t and \\ and é'])
    const long = await world().api.storage.range('sync/72/sync.log', 0, 4)
    assert.deepEqual([long?.size, long?.data.toString()], [12 * 900_000, 'é01'])
  })
})
