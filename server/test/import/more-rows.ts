// Rows of a source beside `source-rows.ts`: jobs of every kind of event, of duplicates, and of none.
import { START } from './source-rows.ts'

const at = (second: number) => `(timestamp '1970-01-01' + interval '${START + second} s')`

/**
 * Pipelines: 21 pull request 41's duplicate with its SRPM, 22 Anitya, 23 a Koji tag, 24 a release, 25 several versions at
 * Anitya, 26 pull request 7 of the doubled project, 27 an event whose pull request is gone, 28 an event without a type,
 * 29 the tests of pipeline 1 once more.
 */
export const MORE_JOBS = [
  `insert into pipelines (id, datetime, project_event_id, srpm_build_id, koji_build_group_id, koji_tag_request_group_id, test_run_group_id, sync_release_run_id, bodhi_update_group_id, log_detective_run_group_id) values
    (21, ${at(1000)}, 2, 1, 3, null, null, null, null, null), (22, ${at(1100)}, 7, null, 4, 2, 4, null, 2, 3),
    (23, ${at(1200)}, 6, null, 5, null, null, null, 3, null), (24, ${at(1300)}, 4, null, null, null, null, 3, null, null),
    (25, ${at(1400)}, 8, null, null, null, null, 4, null, null), (26, ${at(1500)}, 11, null, null, null, 5, null, null, null),
    (27, ${at(1600)}, 9, null, null, null, null, null, null, 2), (28, ${at(1700)}, 14, null, null, null, null, null, 4, null),
    (29, ${at(1800)}, 1, null, null, null, 1, null, null, null)`,
  `insert into koji_build_groups (id, submitted_time) values (3, ${at(1000)}), (4, ${at(1100)}), (5, ${at(1200)})`,
  `insert into koji_build_targets (id, task_id, status, target, submitted_time, data, scratch, koji_build_group_id) values
    (33, '333', 'failure', 'rawhide', ${at(1000)}, '{"error": null}', true, 3),
    (34, '444', null, 'rawhide', ${at(1100)}, null, null, 4), (35, '555', 'success', 'f43', ${at(1200)}, null, false, 5)`,
  `insert into koji_tag_request_groups (id, submitted_time) values (2, ${at(1100)})`,
  `insert into koji_tag_request_targets (id, task_id, target, tag_request_submitted_time, koji_tag_request_group_id) values
    (43, '223', 'rawhide', ${at(1100)}, 2)`,
  `insert into bodhi_update_groups (id, submitted_time) values (2, ${at(1100)}), (3, ${at(1200)}), (4, null)`,
  `insert into bodhi_update_targets (id, status, target, submitted_time, data, bodhi_update_group_id) values
    (63, 'queued', 'rawhide', ${at(1100)}, '"old"', 2), (64, 'skipped', 'f43', ${at(1200)}, null, 3),
    (65, 'retry', 'f41', null, null, 4)`,
  `insert into tft_test_run_groups (id, submitted_time) values (4, ${at(1100)}), (5, ${at(1500)})`,
  `insert into tft_test_run_targets (id, pipeline_id, status, target, submitted_time, tft_test_run_group_id) values
    (55, null, 'needs_inspection', 'fedora-rawhide-x86_64', ${at(1100)}, 4),
    (56, 'aa', 'new', 'fedora-rawhide-x86_64', ${at(1500)}, 5)`,
  `insert into sync_release_runs (id, status, submitted_time, job_type) values
    (3, 'finished', ${at(1300)}, 'propose_downstream'), (4, 'finished', ${at(1400)}, 'pull_from_upstream'),
    (5, 'error', null, 'propose_downstream')`,
  `insert into sync_release_run_targets (id, branch, status, submitted_time, sync_release_id) values
    (75, 'f43', 'error', ${at(1300)}, 3), (76, 'f43', 'retry', ${at(1301)}, 3), (77, 'f44', 'skipped', ${at(1400)}, 4)`,
  `insert into scans (id, task_id, status, submitted_time, copr_build_target_id) values
    (93, 1001, 'running', ${at(1000)}, 20), (94, 1002, 'failed', ${at(1001)}, 13)`,
  `insert into log_detective_run_groups (id, submitted_time) values (2, ${at(1600)}), (3, ${at(1100)})`,
  `insert into log_detective_run (id, status, target_build, target, log_detective_response, submitted_time, analysis_id, build_system, koji_build_target_id, log_detective_run_group_id) values
    (103, 'running', null, null, null, ${at(1600)}, 'b7c3', 'koji', null, 2),
    (104, 'complete', '444', 'rawhide-x86_64', '{"explanation": "no gcc", "response_certainty": 90.5}', ${at(1100)}, 'b7c4', 'koji', 34, 3)`,
]

/**
 * What tells onboarded projects: 6 has a downstream pull request, 7 an update, 8 only a scratch build, years ago; and a
 * repository of its own in the allowlist.
 */
export const MORE_PROJECTS = [
  `insert into git_projects (id, namespace, repo_name, project_url, instance_url) values
    (6, 'rpms', 'almost', 'https://src.fedoraproject.org/rpms/almost', 'src.fedoraproject.org'),
    (7, 'rpms', 'updated', 'https://src.fedoraproject.org/rpms/updated', 'src.fedoraproject.org'),
    (8, 'rpms', 'scratch', 'https://src.fedoraproject.org/rpms/scratch', 'src.fedoraproject.org')`,
  `insert into sync_release_pull_request (id, pr_id, project_id, target_branch) values (3, 1, 6, 'f43')`,
  'insert into sync_release_pr_association (sync_release_target_id, sync_release_pr_id) values (71, 3)',
  "insert into git_branches (id, name, project_id) values (4, 'f43', 7), (5, 'f43', 8)",
  "insert into project_events (id, type, event_id) values (15, 'branch_push', 4), (16, 'branch_push', 5)",
  'insert into bodhi_update_groups (id) values (2)',
  "insert into bodhi_update_targets (id, status, target, bodhi_update_group_id) values (63, 'success', 'f43', 2)",
  'insert into koji_build_groups (id) values (3)',
  `insert into koji_build_targets (id, status, target, scratch, koji_build_group_id) values (33, 'success', 'f43', true, 3)`,
  `insert into pipelines (id, datetime, project_event_id, bodhi_update_group_id, koji_build_group_id) values
    (21, ${at(1000)}, 15, 2, null), (22, timestamp '2020-01-01', 16, null, 3)`,
  `insert into allowlist (id, namespace, status) values (5, 'github.com/acme/hello.git', 'approved_manually')`,
]
