// Who may use the service, and how much it was used: after an import these are told as the existing service told them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillNextUsageDays } from '../../src/db/usage-days.ts'
import { follow } from '../usage-world.ts'
import { assertLike, describeImport, testAnswers } from './golden.ts'
import { MORE_PROJECTS } from './more-rows.ts'
import type { ImportWorld } from './world.ts'

/** The rows are of the evening before. */
const NOW = new Date('2026-05-29T10:20:30Z')

const HELLO = 'https://github.com/acme/hello'
const TOOL = 'https://gitlab.com/group/sub/tool'
const PACKAGE = 'https://src.fedoraproject.org/rpms/hello'
const UPDATED = 'https://src.fedoraproject.org/rpms/updated'
const SCRATCH = 'https://src.fedoraproject.org/rpms/scratch'

const ACME = { namespace: 'github.com/acme', status: 'approved_automatically', fas_account: 'jdoe' }
const GROUP = { namespace: 'gitlab.com/group', status: 'waiting', fas_account: null }
const HELLO_GIT = { namespace: 'github.com/acme/hello.git', status: 'approved_manually', fas_account: null }
const ACME_ACCOUNT = {
  ...{ account_login: 'acme', account_id: 12, account_type: 'Organization', account_url: 'https://github.com/acme' },
  ...{ sender_login: 'jdoe', sender_id: 13, created_at: '04/05/2026 10:00:00' },
}
const LONE_ACCOUNT = {
  ...{ account_login: 'lone', account_id: 14, account_type: 'User', account_url: null },
  ...{ sender_login: null, sender_id: null, created_at: null },
}

/** Jobs and their projects by kind: pull request 41 has SRPMs 1 and 2 and Copr groups 1 to 3, the release one of each. */
const JOBS = {
  srpm_builds: { [HELLO]: 3, [TOOL]: 1 },
  copr_build_groups: { [HELLO]: 4, [TOOL]: 1 },
  koji_build_groups: { [PACKAGE]: 1, [SCRATCH]: 1 },
  vm_image_build_targets: { [HELLO]: 1 },
  tft_test_run_groups: { [HELLO]: 2 },
  sync_release_runs: { [HELLO]: 1 },
  log_detective_run_groups: { [HELLO]: 1 },
}
const LATE_JOBS = { ...JOBS, koji_build_groups: { [PACKAGE]: 1 } }

const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((a, b) => a + b, 0)
const mapEach = <T>(all: Record<string, Record<string, number>>, toAnswer: (numbers: Record<string, number>) => T) =>
  Object.fromEntries(Object.entries(all).map(([key, numbers]) => [key, toAnswer(numbers)]))
const events = (numbers: Record<string, number>) => ({ events_handled: sum(numbers), top_projects: numbers })
const jobs = (numbers: Record<string, number>) => ({ job_runs: sum(numbers), top_projects_by_job_runs: numbers })

const ACTIVE = { [HELLO]: 4, [PACKAGE]: 2, [TOOL]: 1, [UPDATED]: 1 }
const NO_EVENTS = { events_handled: null, position: null }
const NO_JOBS = { job_runs: null, position: null }

const past = (active: Record<string, number>, instances: Record<string, number>, counts: typeof LATE_JOBS) => ({
  active_projects: {
    ...{ instances, project_count: Object.keys(active).length, top_projects_by_events_handled: active },
  },
  jobs: mapEach(counts, (numbers) => ({ ...jobs(numbers), active_projects: Object.keys(numbers).length })),
  onboarded_projects_q1_2024: 2,
})

const ANSWERS = {
  // an entry without namespace is left out of the import
  '/api/allowlist': [ACME, { ...ACME, status: 'denied', fas_account: null }, GROUP, HELLO_GIT],
  '/api/allowlist/github.com/acme': ACME,
  '/api/allowlist/github.com%2Facme': ACME,
  '/api/allowlist/gitlab.com/group': GROUP,
  '/api/allowlist/github.com/acme/hello.git': HELLO_GIT,
  '/api/installations': [ACME_ACCOUNT, LONE_ACCOUNT],
  '/api/installations/1': ACME_ACCOUNT,
  '/api/installations/2': LONE_ACCOUNT,
  '/api/usage': {
    active_projects: {
      instances: { 'src.fedoraproject.org': 3, 'github.com': 1, 'gitlab.com': 1 },
      ...{ project_count: 5, top_projects_by_events_handled: { ...ACTIVE, [SCRATCH]: 1 } },
    },
    // the duplicate of a project is none of its own
    all_projects: {
      instances: { 'src.fedoraproject.org': 4, 'github.com': 2, 'gitlab.com': 1 },
      project_count: 7,
    },
    events: {
      pull_request: events({ [HELLO]: 2, [TOOL]: 1 }),
      branch_push: events({ [PACKAGE]: 1, [UPDATED]: 1, [SCRATCH]: 1 }),
      release: events({ [HELLO]: 1 }),
      issue: events({ [HELLO]: 1 }),
      koji_build_tag: events({ [PACKAGE]: 1 }),
      // Anitya's projects are not those of Git
      anitya_version: events({}),
      anitya_multiple_versions: events({}),
    },
    jobs: mapEach(JOBS, jobs),
  },
  '/api/usage?from=2026-05-28T20:31:40Z&to=2026-05-28T20:31:40Z': {
    active_projects: {
      ...{ instances: { 'gitlab.com': 1 }, project_count: 1, top_projects_by_events_handled: { [TOOL]: 1 } },
    },
  },
  '/api/usage/project/github.com/acme/hello': {
    events_handled: {
      ...{ events_handled: 4, position: 1 },
      per_event: {
        pull_request: { events_handled: 2, position: 1 },
        branch_push: NO_EVENTS,
        release: { events_handled: 1, position: 1 },
        issue: { events_handled: 1, position: 1 },
        ...{ koji_build_tag: NO_EVENTS, anitya_version: NO_EVENTS, anitya_multiple_versions: NO_EVENTS },
      },
    },
    jobs: {
      srpm_builds: {
        ...{ job_runs: 3, position: 1 },
        per_event: {
          ...{ pull_request: { job_runs: 2, position: 1 }, branch_push: NO_JOBS },
          ...{ release: { job_runs: 1, position: 1 }, issue: NO_JOBS, koji_build_tag: NO_JOBS },
          ...{ anitya_version: NO_JOBS, anitya_multiple_versions: NO_JOBS },
        },
      },
      copr_build_groups: { job_runs: 4, position: 1 },
      koji_build_groups: NO_JOBS,
      vm_image_build_targets: { job_runs: 1, position: 1 },
      tft_test_run_groups: { job_runs: 2, position: 1 },
      sync_release_runs: { job_runs: 1, position: 1 },
      // the one kind that this endpoint leaves out
      log_detective_run_groups: undefined,
    },
  },
  '/api/usage/project/gitlab.com/group/sub/tool': {
    events_handled: { per_event: { pull_request: { events_handled: 1, position: 2 } } },
    jobs: { srpm_builds: { job_runs: 1, position: 2 }, tft_test_run_groups: NO_JOBS },
  },
  '/api/usage/project/github.com/acme/none': { events_handled: NO_EVENTS, jobs: { srpm_builds: NO_JOBS } },
  '/api/usage/onboarded-projects': {
    onboarded: { 4: PACKAGE, 7: UPDATED },
    almost_onboarded: { 6: 'https://src.fedoraproject.org/rpms/almost' },
  },
  '/api/usage/past-day': past(ACTIVE, { 'src.fedoraproject.org': 2, 'github.com': 1, 'gitlab.com': 1 }, LATE_JOBS),
}

/** What the running service does in the background. */
async function fillUsage({ api }: ImportWorld): Promise<void> {
  while ((await api.database.transaction((tx) => fillNextUsageDays(tx, 5))) > 0);
}

describeImport('access and usage', { rows: MORE_PROJECTS, now: () => NOW, afterwards: fillUsage }, (world) => {
  testAnswers(world, ANSWERS)

  test('what is not in the allowlist, or not installed, is 204 without a body', async () => {
    for (const address of ['allowlist/github.com/none', 'allowlist/github.com/acme/hello', 'installations/9']) {
      const { statusCode, body } = await world().api.get(`/api/${address}`)
      assert.deepEqual([statusCode, body], [204, ''], address)
    }
  })

  test('well-known periods are found by their redirect, a build of years ago only in the total', async () => {
    const late = ANSWERS['/api/usage/past-day']
    const all = past(
      { ...ACTIVE, [SCRATCH]: 1 },
      { 'src.fedoraproject.org': 3, 'github.com': 1, 'gitlab.com': 1 },
      JOBS,
    )
    for (const [kind, expected] of Object.entries({
      'past-week': late,
      'past-month': late,
      'past-year': late,
      total: all,
    }))
      assertLike((await follow(world().api, `/api/usage/${kind}`)).json(), expected)
  })

  test('intervals are found by their redirect', async () => {
    const found = (await follow(world().api, '/api/usage/intervals?days=0&hours=12&count=3')).json()
    const series = (...ys: number[]) => ['10:00', '22:00', '10:00'].map((x, i) => ({ x, y: ys[i] }))
    assertLike(found, {
      jobs: { srpm_builds: series(0, 4, 0), koji_build_groups: series(0, 1, 0) },
      jobs_project_count: { srpm_builds: series(0, 2, 0), copr_build_groups: series(0, 2, 0) },
      jobs_project_cumulative_count: { srpm_builds: series(0, 2, 2), koji_build_groups: series(1, 2, 2) },
      events: { pull_request: series(0, 3, 0), branch_push: series(0, 2, 0), anitya_version: series(0, 0, 0) },
      active_projects: series(0, 4, 0),
      active_projects_cumulative: series(1, 5, 5),
      onboarded_projects: [HELLO, TOOL, PACKAGE, UPDATED],
      onboarded_projects_per_job: {
        ...{ srpm_builds: [HELLO, TOOL], copr_build_groups: [HELLO, TOOL], koji_build_groups: [PACKAGE] },
        ...{ vm_image_build_targets: [HELLO], tft_test_run_groups: [HELLO], sync_release_runs: [HELLO] },
        log_detective_run_groups: [HELLO],
      },
    })
  })
})
