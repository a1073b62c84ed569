// A small history with everything that is hard to move: duplicates, rows whose other half is gone, odd values.

/** The source's clock begins here; its columns have no zone and mean UTC. */
export const START = 1_780_000_000

const at = (second: number) => `(timestamp '1970-01-01' + interval '${START + second} s')`

/**
 * Projects: 1 hello, 2 the same by http, 3 a tool in a subgroup, 4 a package on dist-git, 5 without a name.
 * Pull requests: 1 number 41, 2 the same again, 3 the same under project 2, 4 number 7 under project 2, 5 without a
 * project, 6 of the tool, 7 on dist-git.
 */
const PROJECTS = `
insert into git_projects (id, namespace, repo_name, project_url, instance_url, onboarded_downstream) values
  (1, 'acme', 'hello', 'https://github.com/acme/hello', 'github.com', false),
  (2, 'acme', 'hello', 'http://github.com/acme/hello', 'github.com', null),
  (3, 'group/sub', 'tool', 'https://gitlab.com/group/sub/tool', 'gitlab.com', false),
  (4, 'rpms', 'hello', 'https://src.fedoraproject.org/rpms/hello', 'src.fedoraproject.org', true),
  (5, null, 'nameless', null, 'github.com', false);
insert into anitya_projects (id, project_id, project_name, package) values (1, 4321, 'hello', 'hello-pkg'), (2, null, 'lost', null);
insert into pull_requests (id, pr_id, project_id) values
  (1, 41, 1), (2, 41, 1), (3, 41, 2), (4, 7, 2), (5, 5, null), (6, 1, 3), (7, 9, 4);
insert into git_branches (id, name, project_id) values (1, 'main', 1), (2, 'main', 2), (3, 'f43', 4);
insert into project_releases (id, tag_name, commit_hash, project_id) values (1, '1.0', 'feed1000', 1), (2, '1.1', null, 1);
insert into project_issues (id, issue_id, project_id) values (1, 99, 1), (2, 102, 1), (3, 99, 1);
insert into koji_build_tags (id, task_id, koji_tag_name, target, project_id) values (1, '555', 'f43-build-side-1', 'f43', 4);
insert into anitya_versions (id, version, project_id) values (1, '2.1', 1), (2, '0.1', 2);
insert into anitya_multiple_versions (id, versions, project_id) values (1, '{2.2,2.3}', 1)`

/**
 * Events: 1 pull request 41; 2 the same commit again, of the pull request's duplicate; 3 main; 4 release; 5 issue;
 * 6 Koji tag; 7 and 8 Anitya; 9 its pull request is gone; 10 its pull request has no project; 11 pull request 7 of the
 * doubled project; 12 the tool; 13 dist-git branch; 14 no type at all.
 */
const EVENTS = `
insert into project_events (id, type, event_id, commit_sha, packages_config) values
  (1, 'pull_request', 1, 'a1b2c3d4e5f6', '{"jobs": []}'), (2, 'pull_request', 2, 'a1b2c3d4e5f6', null),
  (3, 'branch_push', 1, 'f00dcafe', null), (4, 'release', 1, 'feed1000', null), (5, 'issue', 1, null, null),
  (6, 'koji_build_tag', 1, null, null), (7, 'anitya_version', 1, null, null),
  (8, 'anitya_multiple_versions', 1, null, null), (9, 'pull_request', 999, 'dead', null),
  (10, 'pull_request', 5, 'beef', null), (11, 'pull_request', 4, 'd00d', null), (12, 'pull_request', 6, 'cafe', null),
  (13, 'branch_push', 3, 'b00c', null), (14, null, null, null, null)`

/**
 * SRPM 1 was made for pull request 41 and served twice; 2 failed; 3 is nobody's; 4 is the tool's and still runs; 5 was
 * made in Copr for the release.
 */
const SRPMS = `
insert into srpm_builds (id, status, logs, submitted_time, build_start_time, build_finished_time, url, logs_url, copr_build_id, copr_web_url) values
  (1, 'success', 'line 1' || chr(10) || 'tab' || chr(9) || ' and \\ and é', ${at(100)}, ${at(101)}, ${at(110)}, 'https://srpm.example/1', null, null, null),
  (2, 'failure', '', ${at(200)}, ${at(201)}, ${at(205)}, null, null, null, null),
  (3, 'success', null, null, null, null, null, null, null, null),
  (4, 'pending', null, ${at(300)}, ${at(301)}, null, null, null, null, null),
  (5, 'success', null, ${at(400)}, ${at(400)}, ${at(410)}, null, 'https://copr.example/log', '777', 'https://copr.example/777')`

const PACKAGES = '[{"name":"hello","epoch":0,"version":"1","release":"1.fc43","arch":"x86_64"}]'

/**
 * Group 1: build 9104421 in two chroots, one doubled. Group 2: the same build id in another group. Group 3: failures of
 * the SRPM. Group 4 waits. Group 5: of no pipeline. Group 6: the release. Targets 20 and 21 have no group.
 */
const COPR = `
insert into copr_build_groups (id, submitted_time) values (1, ${at(111)}), (2, ${at(150)}), (3, ${at(201)}), (4, ${at(301)}), (5, null), (6, ${at(411)});
insert into copr_build_targets (id, build_id, status, target, web_url, build_logs_url, task_accepted_time, submitted_time, build_start_time, build_finished_time, project_name, owner, data, built_packages, identifier, copr_build_group_id) values
  (11, '9104421', 'success', 'fedora-43-x86_64', 'https://copr.example/9104421', 'https://copr.example/log11', ${at(112)}, ${at(111)}, ${at(113)}, ${at(120)}, 'acme-hello-41', 'packit', null, '${PACKAGES}', null, 1),
  (12, '9104421', 'failure', 'fedora-42-x86_64', 'https://copr.example/9104421', 'https://copr.example/log12', null, ${at(111)}, ${at(113)}, ${at(119)}, 'acme-hello-41', 'packit', '{"a": "x\\u0000y"}', 'null', null, 1),
  (13, '9104421', 'success', 'epel-10-x86_64', 'https://copr.example/9104421', 'https://copr.example/log13', null, ${at(150)}, ${at(151)}, ${at(160)}, 'acme-hello-41', 'packit', null, '"not a list"', 'extra', 2),
  (14, null, 'failure', 'fedora-43-x86_64', null, null, null, ${at(201)}, null, ${at(205)}, 'acme-hello-41', 'packit', null, null, null, 3),
  (15, '500', 'failure', 'fedora-42-x86_64', null, null, null, ${at(201)}, null, ${at(205)}, 'acme-hello-41', 'packit', null, null, null, 3),
  (16, null, 'waiting_for_srpm', 'fedora-43-x86_64', null, null, null, ${at(301)}, null, null, 'gitlab-tool', 'packit', null, null, null, 4),
  (17, '600', 'success', null, 'https://copr.example/600', 'https://copr.example/log17', null, null, ${at(20)}, ${at(30)}, 'old', 'packit', null, '[{"name":"x"},${PACKAGES.slice(1)}', null, 5),
  (18, '700', 'error', 'fedora-43-x86_64', 'https://copr.example/700', null, null, ${at(411)}, ${at(412)}, ${at(420)}, 'acme-hello-releases', 'packit', null, null, null, 6),
  (20, '9104421', 'canceled', 'centos-stream-9-x86_64', null, null, null, ${at(111)}, null, null, 'acme-hello-41', 'packit', null, null, null, null),
  (21, '800', 'retry', 'fedora-30-x86_64', 'https://copr.example/800', null, null, ${at(5)}, null, null, 'gone', 'packit', null, null, null, null)`

const KOJI = `
insert into koji_build_groups (id, submitted_time) values (1, ${at(500)}), (2, ${at(501)});
insert into koji_build_targets (id, task_id, status, target, web_url, build_logs_urls, submitted_time, build_start_time, build_finished_time, build_submission_stdout, data, sidetag, nvr, scratch, koji_build_group_id) values
  (31, '134567890', 'success', 'f43', 'https://koji.example/1', '{"x86_64": "https://koji.example/log"}', ${at(500)}, ${at(510)}, ${at(590)}, 'Created task: 134567890', null, 'f43-build-side-1', 'hello-2.1-1.fc43', false, 1),
  (32, null, 'error', 'f42', null, '"old"', ${at(501)}, null, null, null, '{"error": "no rights"}', null, null, true, null);
insert into koji_tag_request_groups (id, submitted_time) values (1, ${at(600)});
insert into koji_tag_request_targets (id, task_id, target, web_url, tag_request_submitted_time, sidetag, nvr, koji_tag_request_group_id) values
  (41, '222', 'f43', null, ${at(600)}, 'f43-build-side-1', 'hello-2.1-1.fc43', 1), (42, null, null, null, null, null, null, null)`

const TESTS = `
insert into tft_test_run_groups (id, submitted_time, ranch) values (1, ${at(121)}, 'public'), (2, ${at(700)}, 'redhat'), (3, ${at(121)}, null);
insert into tft_test_run_targets (id, pipeline_id, identifier, status, target, web_url, submitted_time, data, tft_test_run_group_id) values
  (51, '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', null, 'failed', 'fedora-43-x86_64', 'https://artifacts.example/1', ${at(121)}, '{"base_project_url": "https://github.com/acme/hello"}', 1),
  (52, null, null, 'cancel_requested', 'fedora-43-x86_64', null, ${at(700)}, null, 2),
  (53, null, null, 'passed', 'fedora-30-x86_64', null, ${at(1)}, null, null),
  (54, null, null, 'passed', 'fedora-43-x86_64', null, ${at(121)}, null, 3);
insert into tf_copr_build_association_table (copr_id, tft_id) values (11, 51), (11, 52), (9999, 51), (11, 9999);
insert into tf_koji_build_association_table (koji_id, tft_id) values (31, 51)`

const DOWNSTREAM = `
insert into bodhi_update_groups (id, submitted_time) values (1, ${at(800)});
insert into bodhi_update_targets (id, status, target, web_url, koji_nvrs, sidetag, alias, submitted_time, update_creation_time, data, bodhi_update_group_id) values
  (61, 'success', 'f43', 'https://bodhi.example/1', 'hello-2.1-1.fc43', null, 'FEDORA-2026-0a1b2c3d4e', ${at(800)}, ${at(842)}, null, 1),
  (62, 'error', 'f42', null, null, null, null, ${at(800)}, null, '{"error": "no"}', null);
insert into sync_release_runs (id, status, submitted_time, job_type) values (1, 'finished', ${at(900)}, 'pull_from_upstream'), (2, 'running', ${at(950)}, null);
insert into sync_release_run_targets (id, branch, status, submitted_time, start_time, finished_time, logs, downstream_pr_url, sync_release_id) values
  (71, 'f43', 'submitted', ${at(900)}, ${at(901)}, ${at(930)}, 'pulled', 'https://src.fedoraproject.org/rpms/hello/pull-request/7', 1),
  (72, 'f42', 'error', ${at(900)}, ${at(901)}, ${at(931)}, repeat('é0123456789', 900000), null, 1),
  (73, 'rawhide', 'running', ${at(950)}, ${at(951)}, null, null, null, 2), (74, null, 'queued', null, null, null, null, null, null);
insert into sync_release_pull_request (id, pr_id, project_id, is_fast_forward, target_branch, url) values
  (1, 7, 4, false, 'f43', 'https://src.fedoraproject.org/rpms/hello/pull-request/7'), (2, 8, null, null, 'f42', null);
insert into sync_release_pr_association (sync_release_target_id, sync_release_pr_id) values (71, 1), (71, 2), (71, 99);
insert into vm_image_build_targets (id, build_id, project_url, project_name, owner, status, target, pr_id, submitted_time, build_start_time, build_finished_time, data) values
  (81, 'uuid', 'https://github.com/acme/hello', 'acme-hello-41', 'packit', 'success', 'fedora-43-x86_64', '41', ${at(130)}, ${at(131)}, ${at(140)}, '{}')`

const LOOKS = `
insert into scans (id, task_id, status, url, issues_added_url, issues_fixed_url, scan_results_url, issues_added_count, submitted_time, copr_build_target_id) values
  (91, 1000, 'succeeded', 'https://osh.example/1000', null, null, 'https://osh.example/r', 3, ${at(160)}, 11), (92, null, 'pending', null, null, null, null, null, ${at(161)}, null);
insert into log_detective_run_groups (id, submitted_time) values (1, ${at(170)});
insert into log_detective_run (id, status, identifier, target_build, target, log_detective_response, error_msg, submitted_time, analysis_id, build_system, copr_build_target_id, koji_build_target_id, log_detective_run_group_id) values
  (101, 'complete', null, '9104421', 'fedora-42-x86_64', '{"explanation": "bad \\ud800 escape", "big": 1e999999}', null, ${at(170)}, 'b7c1', 'copr', 12, null, 1),
  (102, 'error', null, '134567890', 'f43-x86_64', null, 'timed out', ${at(171)}, 'b7c2', 'koji', null, 31, null)`

/**
 * Runs: 1 = pipelines 1 (Copr, tests), 2 (the other group and tests again), 9 (VM image); 3 = the failed SRPM; 4 = the
 * tool; 5 = Koji alone; 6 = a tag request alone; 7 = a release pulled; 8 = nothing, and no event; 10 = an update;
 * 11 = the release; 12 = an event whose pull request is gone; 13 = pull request 7 of the doubled project;
 * 14 = propose downstream of an issue.
 */
const PIPELINES = `
insert into pipelines (id, datetime, project_event_id, package_name, srpm_build_id, copr_build_group_id, koji_build_group_id, koji_tag_request_group_id, vm_image_build_id, test_run_group_id, sync_release_run_id, bodhi_update_group_id, log_detective_run_group_id) values
  (1, ${at(100)}, 1, 'hello', 1, 1, null, null, null, 1, null, null, null),
  (2, ${at(150)}, 2, 'hello-libs', 1, 2, null, null, null, 2, null, null, null),
  (3, ${at(200)}, 1, null, 2, 3, null, null, null, null, null, null, null),
  (4, ${at(300)}, 12, null, 4, 4, null, null, null, null, null, null, null),
  (5, ${at(500)}, 13, null, null, null, 1, null, null, null, null, null, null),
  (6, ${at(600)}, 6, null, null, null, null, 1, null, null, null, null, null),
  (7, ${at(900)}, 7, null, null, null, null, null, null, null, 1, null, null),
  (8, null, null, null, null, null, null, null, null, null, null, null, null),
  (9, ${at(130)}, 1, 'hello', 1, 1, null, null, 81, null, null, null, 1),
  (10, ${at(800)}, 13, null, null, null, null, null, null, null, null, 1, null),
  (11, ${at(400)}, 4, null, 5, 6, null, null, null, null, null, null, null),
  (12, ${at(50)}, 9, null, null, null, null, null, null, 3, null, null, null),
  (13, ${at(60)}, 11, null, null, null, null, null, null, null, null, null, null),
  (14, ${at(950)}, 5, null, null, null, null, null, null, null, 2, null, null)`

const OTHERS = `
insert into allowlist (id, namespace, status, fas_account) values
  (1, 'github.com/acme', 'approved_automatically', 'jdoe'), (2, 'github.com/acme', 'denied', null), (3, 'gitlab.com/group', 'waiting', null), (4, null, 'waiting', null);
insert into github_installations (id, account_login, account_id, account_url, account_type, sender_id, sender_login, created_at, repositories) values
  (1, 'acme', 12, 'https://github.com/acme', 'Organization', 13, 'jdoe', timestamp '2026-05-04 10:00:00', '{1,2}'), (2, 'lone', 14, null, 'User', null, null, null, null);
insert into project_authentication_issue (id, issue_created, project_id) values (1, true, 3), (2, null, 999);
insert into source_git_pr_dist_git_pr (id, source_git_pull_request_id, dist_git_pull_request_id) values (1, 1, 7), (2, 5, null);
insert into sidetag_groups (id, name) values (1, 'hello-stack');
insert into sidetags (id, koji_name, target, sidetag_group_id) values (1, 'f43-build-side-1', 'f43', 1), (2, null, 'f42', 99)`

/** The statements that fill a source; foreign keys are off meanwhile, or half of the rows could not be. */
export const SOURCE_ROWS = [
  'set session_replication_role = replica',
  ...[PROJECTS, EVENTS, SRPMS, COPR, KOJI, TESTS, DOWNSTREAM, LOOKS, PIPELINES, OTHERS].flatMap((part) =>
    part.split(';\n'),
  ),
  'set session_replication_role = origin',
]
