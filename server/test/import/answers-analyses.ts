import { ANITYA, at, NO_TRIGGER, PULL_41 } from './golden.ts'

const NO_SCAN = {
  ...{ url: null, issues_added_count: null, issues_added_url: null, issues_fixed_url: null, scan_results_url: null },
}
const SCAN_91 = {
  ...{ task_id: 1000, status: 'succeeded', url: 'https://osh.example/1000', issues_added_count: 3 },
  ...{ issues_added_url: null, issues_fixed_url: null, scan_results_url: 'https://osh.example/r' },
  ...{ copr_build_target_id: 11, submitted_time: at(160), ...PULL_41 },
}
const SCAN_92 = {
  ...{ task_id: null, status: 'pending', ...NO_SCAN, copr_build_target_id: null, submitted_time: at(161) },
  ...NO_TRIGGER,
}
const SCAN_93 = {
  ...{ task_id: 1001, status: 'running', ...NO_SCAN, copr_build_target_id: 20, submitted_time: at(1000) },
  ...NO_TRIGGER,
}
const SCAN_94 = {
  ...{ task_id: 1002, status: 'failed', ...NO_SCAN, copr_build_target_id: 13, submitted_time: at(1001), ...PULL_41 },
}

const RUN_101 = {
  ...{ packit_id: 101, analysis_id: 'b7c1', status: 'complete', chroot: 'fedora-42-x86_64' },
  // a number that no JSON parser of ours can hold: the import tells of it
  ...{ commit_sha: 'a1b2c3d4e5f6', log_detective_response: null, error_msg: null, target_build: '9104421' },
  ...{ run_ids: [9], submitted_time: at(170), ...PULL_41 },
}
const RUN_102 = {
  ...{ packit_id: 102, analysis_id: 'b7c2', status: 'error', chroot: 'f43-x86_64', commit_sha: null },
  ...{ log_detective_response: null, error_msg: 'timed out', target_build: '134567890', run_ids: [] },
  ...{ submitted_time: at(171), ...NO_TRIGGER },
}
const RUN_103 = {
  ...{ packit_id: 103, analysis_id: 'b7c3', status: 'running', chroot: null, commit_sha: 'dead' },
  ...{ log_detective_response: null, error_msg: null, target_build: null, run_ids: [27], submitted_time: at(1600) },
  ...NO_TRIGGER,
}
const RUN_104 = {
  ...{ packit_id: 104, analysis_id: 'b7c4', status: 'complete', chroot: 'rawhide-x86_64', commit_sha: null },
  ...{ log_detective_response: { explanation: 'no gcc', response_certainty: 90.5 }, error_msg: null },
  ...{ target_build: '444', run_ids: [22], submitted_time: at(1100), ...ANITYA },
}

/** Sections 2.8 and 2.9 of the description: Log Detective and OpenScanHub. */
export const ANALYSES = {
  '/api/openscanhub-scans?per_page=50': [
    { packit_id: 94, ...SCAN_94 },
    { packit_id: 93, ...SCAN_93 },
    { packit_id: 92, ...SCAN_92 },
    { packit_id: 91, ...SCAN_91 },
  ],
  '/api/openscanhub-scans/91': SCAN_91,
  '/api/openscanhub-scans/92': SCAN_92,
  '/api/openscanhub-scans/93': SCAN_93,
  '/api/openscanhub-scans/94': SCAN_94,
  '/api/log-detective?per_page=50': [RUN_104, RUN_103, RUN_102, RUN_101],
  '/api/log-detective/101': RUN_101,
  '/api/log-detective/102': RUN_102,
  '/api/log-detective/103': RUN_103,
  '/api/log-detective/104': RUN_104,
  '/api/log-detective/groups/1': {
    ...{ packit_id: 1, submitted_time: at(170), run_ids: [9], log_detective_target_ids: [101], ...PULL_41 },
  },
  '/api/log-detective/groups/2': {
    ...{ packit_id: 2, submitted_time: at(1600), run_ids: [27], log_detective_target_ids: [103], ...NO_TRIGGER },
  },
}
