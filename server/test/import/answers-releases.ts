import { ANITYA, at, F43, HELLO, NO_PROJECT, NO_TRIGGER, NOTHING, projectOf } from './golden.ts'

const NO_EVENT = { pr_id: null, branch_name: null, release: null }
const UPDATE_1 = {
  ...{ status: 'success', branch: 'f43', web_url: 'https://bodhi.example/1', koji_nvrs: 'hello-2.1-1.fc43' },
  ...{ alias: 'FEDORA-2026-0a1b2c3d4e', submitted_time: at(800), update_creation_time: at(842) },
}
const NO_UPDATE = { web_url: null, koji_nvrs: null, alias: null, update_creation_time: null }

/** Lists of releases have no branch. */
const { branch_name: _, ...ANITYA_RELEASE } = ANITYA
const { branch_name: __, ...NO_RELEASE } = NOTHING

/** Sections 2.2 and 2.11 of the description: Bodhi updates, propose downstream, pull from upstream. */
export const RELEASE_ANSWERS = {
  '/api/bodhi-updates?per_page=50': [
    {
      ...{ packit_id: 65, status: 'retry', branch: 'f41', ...NO_UPDATE, submitted_time: null },
      ...{ ...NO_EVENT, ...NO_PROJECT },
    },
    {
      ...{ packit_id: 64, status: 'skipped', branch: 'f43', ...NO_UPDATE, submitted_time: at(1200) },
      ...{ ...NO_EVENT, branch_name: 'f43', ...projectOf(F43) },
    },
    {
      ...{ packit_id: 63, status: 'queued', branch: 'rawhide', ...NO_UPDATE, submitted_time: at(1100) },
      ...{ ...NO_EVENT, ...projectOf(ANITYA) },
    },
    {
      ...{ packit_id: 62, status: 'error', branch: 'f42', ...NO_UPDATE, submitted_time: at(800) },
      ...{ ...NO_EVENT, ...NO_PROJECT },
    },
    { packit_id: 61, ...UPDATE_1, ...NO_EVENT, branch_name: 'f43', ...projectOf(F43) },
  ],
  '/api/bodhi-updates/61': { ...UPDATE_1, run_ids: [10], error_message: null, ...F43 },
  '/api/bodhi-updates/62': { status: 'error', ...NO_UPDATE, run_ids: [], error_message: 'no', ...NO_TRIGGER },
  '/api/bodhi-updates/63': { status: 'queued', run_ids: [22], error_message: null, ...ANITYA },
  '/api/bodhi-updates/64': { status: 'skipped', run_ids: [23], ...F43 },
  '/api/bodhi-updates/65': { status: 'retry', submitted_time: null, run_ids: [28], ...NO_TRIGGER },
  '/api/bodhi-updates/groups/1': { submitted_time: at(800), run_ids: [10], update_target_ids: [61], ...F43 },
  '/api/bodhi-updates/groups/2': { submitted_time: at(1100), run_ids: [22], update_target_ids: [63], ...ANITYA },
  // the time of its pipeline stands in for its own
  '/api/bodhi-updates/groups/4': { run_ids: [28], update_target_ids: [65], ...NO_TRIGGER },
  '/api/propose-downstream?per_page=50': [
    {
      ...{ packit_id: 5, status: 'error', submitted_time: null, status_per_downstream_pr: {} },
      ...{ packit_id_per_downstream_pr: {}, ...NO_RELEASE, repo_namespace: null, repo_name: null, project_url: null },
      ...{ anitya_project_id: null, anitya_project_name: null, anitya_package: null, non_git_upstream: false },
    },
    {
      // of two targets for one branch the newest
      ...{ packit_id: 3, status: 'finished', submitted_time: at(1300), status_per_downstream_pr: { f43: 'retry' } },
      ...{ packit_id_per_downstream_pr: { f43: 76 }, ...NO_RELEASE, release: '1.0', ...HELLO },
    },
    {
      ...{ packit_id: 2, status: 'running', submitted_time: at(950), status_per_downstream_pr: { rawhide: 'running' } },
      ...{ packit_id_per_downstream_pr: { rawhide: 73 }, ...NO_RELEASE, issue_id: 99, ...HELLO },
    },
  ],
  '/api/pull-from-upstream?per_page=50': [
    {
      ...{ packit_id: 4, status: 'finished', submitted_time: at(1400), status_per_downstream_pr: { f44: 'skipped' } },
      ...{ packit_id_per_downstream_pr: { f44: 77 }, ...ANITYA_RELEASE, anitya_version: '2.2;2.3' },
    },
    {
      ...{ packit_id: 1, status: 'finished', submitted_time: at(900) },
      ...{ status_per_downstream_pr: { f43: 'submitted', f42: 'error' } },
      ...{ packit_id_per_downstream_pr: { f43: 71, f42: 72 }, ...ANITYA_RELEASE },
    },
  ],
  '/api/pull-from-upstream/71': {
    ...{ status: 'submitted', branch: 'f43', submitted_time: at(900), start_time: at(901), finished_time: at(930) },
    downstream_prs: [
      {
        ...{ pr_id: 7, branch: 'f43', is_fast_forward: false },
        url: 'https://src.fedoraproject.org/rpms/hello/pull-request/7',
      },
      { pr_id: 8, branch: 'f42', is_fast_forward: false, url: null },
    ],
    ...{ downstream_pr_project: 'https://src.fedoraproject.org/rpms/hello', logs: 'pulled', ...ANITYA },
  },
  '/api/pull-from-upstream/77': {
    ...{ status: 'skipped', branch: 'f44', submitted_time: at(1400), start_time: null, finished_time: null },
    ...{ downstream_prs: [], downstream_pr_project: null, logs: null, ...ANITYA, anitya_version: '2.2;2.3' },
  },
  '/api/propose-downstream/73': {
    ...{ status: 'running', branch: 'rawhide', submitted_time: at(950), start_time: at(951), finished_time: null },
    ...{ downstream_prs: [], downstream_pr_project: null, logs: null, ...HELLO, ...NOTHING, issue_id: 99 },
  },
  '/api/propose-downstream/75': { status: 'error', branch: 'f43', ...HELLO, ...NOTHING, release: '1.0' },
}
