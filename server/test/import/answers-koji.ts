import { ANITYA, at, F43, NO_PROJECT, NO_TRIGGER, PULL_41, projectOf } from './golden.ts'

const NO_EVENT = { pr_id: null, branch_name: null, release: null }

/** Sections 2.4 and 2.7 of the description: Koji builds and tag requests. */
export const KOJI_ANSWERS = {
  '/api/koji-builds?per_page=50': [
    {
      // of a Koji tag: its target is the branch
      ...{ packit_id: 35, task_id: '555', scratch: false, status: 'success', build_submitted_time: at(1200) },
      ...{ chroot: 'f43', web_url: null, build_logs_urls: null, ...NO_EVENT, branch_name: 'f43', ...projectOf(F43) },
    },
    {
      ...{ packit_id: 34, task_id: '444', scratch: null, status: null, build_submitted_time: at(1100) },
      ...{ chroot: 'rawhide', web_url: null, build_logs_urls: null, ...NO_EVENT, ...projectOf(ANITYA) },
    },
    {
      ...{ packit_id: 33, task_id: '333', scratch: true, status: 'failure', build_submitted_time: at(1000) },
      ...{ chroot: 'rawhide', web_url: null, build_logs_urls: null, ...NO_EVENT, pr_id: 41, ...projectOf(PULL_41) },
    },
    {
      ...{ packit_id: 32, task_id: null, scratch: true, status: 'error', build_submitted_time: at(501) },
      ...{ chroot: 'f42', web_url: null, build_logs_urls: 'old', ...NO_EVENT, ...NO_PROJECT },
    },
    {
      ...{ packit_id: 31, task_id: '134567890', scratch: false, status: 'success', build_submitted_time: at(500) },
      ...{ chroot: 'f43', web_url: 'https://koji.example/1', ...NO_EVENT, branch_name: 'f43', ...projectOf(F43) },
      build_logs_urls: { x86_64: 'https://koji.example/log' },
    },
  ],
  '/api/koji-builds/31': {
    ...{ task_id: '134567890', status: 'success', chroot: 'f43', scratch: false, build_submitted_time: at(500) },
    ...{ build_start_time: at(510), build_finished_time: at(590), commit_sha: 'b00c', srpm_build_id: null },
    ...{ web_url: 'https://koji.example/1', build_logs_urls: { x86_64: 'https://koji.example/log' }, run_ids: [5] },
    ...{ build_submission_stdout: 'Created task: 134567890', error_message: null, log_detective_runs: [102], ...F43 },
  },
  '/api/koji-builds/32': {
    ...{ task_id: null, status: 'error', chroot: 'f42', scratch: true, build_submitted_time: at(501) },
    ...{ build_start_time: null, build_finished_time: null, commit_sha: null, srpm_build_id: null, web_url: null },
    ...{ build_logs_urls: 'old', run_ids: [], build_submission_stdout: null, error_message: 'no rights' },
    ...{ log_detective_runs: [], ...NO_TRIGGER },
  },
  '/api/koji-builds/33': {
    ...{ status: 'failure', commit_sha: 'a1b2c3d4e5f6', srpm_build_id: 1, run_ids: [21], error_message: null },
    ...PULL_41,
  },
  '/api/koji-builds/34': { status: null, commit_sha: null, run_ids: [22], log_detective_runs: [104], ...ANITYA },
  '/api/koji-builds/35': { status: 'success', commit_sha: null, run_ids: [23], ...F43 },
  '/api/koji-builds/groups/1': { submitted_time: at(500), run_ids: [5], build_target_ids: [31], ...F43 },
  '/api/koji-builds/groups/2': { submitted_time: at(501), run_ids: [], build_target_ids: [], ...NO_TRIGGER },
  '/api/koji-builds/groups/4': { submitted_time: at(1100), run_ids: [22], build_target_ids: [34], ...ANITYA },
  '/api/koji-tag-requests?per_page=50': [
    {
      ...{ packit_id: 43, task_id: '223', tag_request_submitted_time: at(1100), chroot: 'rawhide', sidetag: null },
      ...{ nvr: null, web_url: null, ...NO_EVENT, ...projectOf(ANITYA) },
    },
    {
      ...{ packit_id: 42, task_id: null, tag_request_submitted_time: null, chroot: null, sidetag: null, nvr: null },
      ...{ web_url: null, ...NO_EVENT, ...NO_PROJECT },
    },
    {
      ...{ packit_id: 41, task_id: '222', tag_request_submitted_time: at(600), chroot: 'f43', web_url: null },
      ...{ sidetag: 'f43-build-side-1', nvr: 'hello-2.1-1.fc43', ...NO_EVENT, branch_name: 'f43', ...projectOf(F43) },
    },
  ],
  '/api/koji-tag-requests/41': {
    ...{ task_id: '222', chroot: 'f43', sidetag: 'f43-build-side-1', nvr: 'hello-2.1-1.fc43', web_url: null },
    ...{ tag_request_submitted_time: at(600), commit_sha: null, run_ids: [6], ...F43 },
  },
  '/api/koji-tag-requests/42': {
    ...{ task_id: null, chroot: null, sidetag: null, nvr: null, web_url: null, tag_request_submitted_time: null },
    ...{ commit_sha: null, run_ids: [], ...NO_TRIGGER },
  },
  '/api/koji-tag-requests/43': { task_id: '223', commit_sha: null, run_ids: [22], ...ANITYA },
  '/api/koji-tag-requests/groups/1': { submitted_time: at(600), run_ids: [6], tag_request_target_ids: [41], ...F43 },
  '/api/koji-tag-requests/groups/2': {
    ...{ submitted_time: at(1100), run_ids: [22], tag_request_target_ids: [43], ...ANITYA },
  },
}
