import { ANITYA, at, NO_TRIGGER, PULL_7, PULL_41, projectOf } from './golden.ts'

const UNKNOWN_PROJECT = { repo_namespace: null, repo_name: null, project_url: null }

/** Section 2.15 of the description: Testing Farm. */
export const TEST_ANSWERS = {
  '/api/testing-farm/results?per_page=50': [
    {
      ...{ packit_id: 56, pipeline_id: 'aa', ref: 'd00d', status: 'new', target: 'fedora-rawhide-x86_64' },
      ...{ web_url: null, pr_id: 7, submitted_time: at(1500), ...projectOf(PULL_7) },
    },
    {
      ...{ packit_id: 55, pipeline_id: null, ref: null, status: 'needs_inspection', target: 'fedora-rawhide-x86_64' },
      ...{ web_url: null, pr_id: null, submitted_time: at(1100), ...projectOf(ANITYA) },
    },
    {
      // the pull request is gone, its event is not
      ...{ packit_id: 54, pipeline_id: null, ref: 'dead', status: 'passed', target: 'fedora-43-x86_64' },
      ...{ web_url: null, pr_id: null, submitted_time: at(121), ...UNKNOWN_PROJECT },
    },
    {
      ...{ packit_id: 53, pipeline_id: null, ref: null, status: 'passed', target: 'fedora-30-x86_64' },
      ...{ web_url: null, pr_id: null, submitted_time: at(1), ...UNKNOWN_PROJECT },
    },
    {
      ...{ packit_id: 52, pipeline_id: null, ref: 'a1b2c3d4e5f6', status: 'cancel-requested' },
      ...{ target: 'fedora-43-x86_64', web_url: null, pr_id: 41, submitted_time: at(700), ...projectOf(PULL_41) },
    },
    {
      ...{ packit_id: 51, pipeline_id: '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', ref: 'a1b2c3d4e5f6', status: 'failed' },
      ...{ target: 'fedora-43-x86_64', web_url: 'https://artifacts.example/1', pr_id: 41, submitted_time: at(121) },
      ...projectOf(PULL_41),
    },
  ],
  '/api/testing-farm/51': {
    ...{ pipeline_id: '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', status: 'failed', chroot: 'fedora-43-x86_64' },
    ...{ commit_sha: 'a1b2c3d4e5f6', web_url: 'https://artifacts.example/1', copr_build_ids: [11] },
    ...{ koji_build_ids: [31], run_ids: [1, 29], submitted_time: at(121), ...PULL_41 },
  },
  '/api/testing-farm/52': {
    ...{ pipeline_id: null, status: 'cancel-requested', copr_build_ids: [11], koji_build_ids: [], run_ids: [2] },
    ...PULL_41,
  },
  '/api/testing-farm/53': {
    ...{ status: 'passed', commit_sha: null, copr_build_ids: [], koji_build_ids: [], run_ids: [], ...NO_TRIGGER },
  },
  '/api/testing-farm/54': { status: 'passed', commit_sha: 'dead', run_ids: [12], ...NO_TRIGGER },
  '/api/testing-farm/55': { status: 'needs_inspection', commit_sha: null, run_ids: [22], ...ANITYA },
  '/api/testing-farm/56': { pipeline_id: 'aa', commit_sha: 'd00d', run_ids: [26], ...PULL_7 },
  '/api/testing-farm/groups/1': { submitted_time: at(121), run_ids: [1, 29], test_target_ids: [51], ...PULL_41 },
  '/api/testing-farm/groups/3': { submitted_time: at(121), run_ids: [12], test_target_ids: [54], ...NO_TRIGGER },
  '/api/testing-farm/groups/4': { submitted_time: at(1100), run_ids: [22], test_target_ids: [55], ...ANITYA },
  '/api/testing-farm/groups/5': { submitted_time: at(1500), run_ids: [26], test_target_ids: [56], ...PULL_7 },
}
