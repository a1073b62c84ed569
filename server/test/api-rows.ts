// Rows of every kind that is hard for the API, written by hand: what lists and details must answer correctly for.
import { sql } from 'drizzle-orm'
import { copyListedId } from '../src/db/builds.ts'
import type { Db } from '../src/db/database.ts'
import { fillScope, SCOPED_TABLES } from '../src/db/scope.ts'
import { fillUsageDays } from '../src/db/usage-days.ts'

const at = (second: number, fraction = '') => `to_timestamp(${1_780_000_000 + second}${fraction})`

/**
 * Projects: 1 github.com/acme/hello; 2 a duplicate of it from an import; 3 gitlab.com/group/sub/tool; 4 has nothing.
 * Triggers: 1 pull request 41; 2 pull request 7 of the duplicate; 3 branch main; 4 release 1.0; 5 issue 99; 6 issue 102;
 * 7 an Anitya version; 8 pull request 1 of tool.
 */
const PROJECTS = `
insert into projects (id, forge, namespace, name, url, same_as, prs_handled, branches_handled, releases_handled, issues_handled, last_activity_at, imported_at) values
  (1, 'github.com', 'acme', 'hello', 'https://github.com/acme/hello', null, 2, 1, 1, 2, ${at(500, '.25')}, null),
  (2, 'github.com', 'acme', 'hello', 'http://github.com/acme/hello', 1, 0, 0, 0, 0, null, ${at(0)}),
  (3, 'gitlab.com', 'group/sub', 'tool', 'https://gitlab.com/group/sub/tool', null, 1, 0, 0, 0, null, null),
  (4, 'github.com', 'acme', '100%_sure', 'https://github.com/acme/100%25_sure', null, 0, 0, 0, 0, null, null);
insert into anitya_projects (id, anitya_id, name, package) values (1, 4321, 'hello', 'hello-pkg');
insert into triggers (id, kind, project_id, anitya_project_id, number, name, title, author, url, base_ref, head_ref, head_repo, open, commit_hash) values
  (1, 'pull_request', 1, null, 41, null, 'Say hello louder', 'jdoe', 'https://github.com/acme/hello/pull/41', 'main', 'louder', 'https://github.com/jdoe/hello', true, null),
  (2, 'pull_request', 2, null, 7, null, null, null, null, null, null, null, false, null),
  (3, 'branch_push', 1, null, null, 'main', null, null, null, null, null, null, true, null),
  (4, 'release', 1, null, null, '1.0', null, null, null, null, null, null, true, 'feed1000'),
  (5, 'issue', 1, null, 99, null, null, null, null, null, null, null, true, null),
  (6, 'issue', 1, null, 102, null, null, null, null, null, null, null, true, null),
  (7, 'anitya_version', null, 1, null, '2.1', null, null, null, null, null, null, true, null),
  (8, 'pull_request', 3, null, 1, null, 'First', 'jdoe', null, 'main', 'x', null, true, null)`

const PLAN = JSON.stringify({
  summary: '2 of 3 jobs were chosen to run.',
  jobs: [
    {
      package: 'hello',
      job: 'copr_build',
      on: 'pull_request',
      identifier: null,
      targets: ['fedora-43-x86_64'],
      wanted: true,
      reason: 'the pull request changed',
    },
  ],
  builds: [],
  warnings: ['metadata is old'],
  config: { secret: 'never shown' },
  configPath: '.packit.yaml',
  problem: null,
})

/**
 * Events: 1 pull request 41 at a1b2 (a monorepo of two packages); 2 main at f00d (Koji alone); 3 lost its trigger;
 * 4 the Anitya version; 5 the older head of pull request 41, replaced by event 1; 6 pull request 1 of tool;
 * 7 pull request 7 of the duplicate project.
 */
const EVENTS = `
insert into project_events (id, trigger_id, commit_sha, commit_title, base_sha, order_key, created_at, plan, superseded_by, imported_at) values
  (1, 1, 'a1b2c3d4e5f6', 'Shout', 'ba5e0000', 2, ${at(100)}, '${PLAN}'::jsonb, null, null),
  (2, 3, 'f00dcafe', null, null, 1, ${at(90)}, null, null, ${at(0)}),
  (3, null, null, null, null, 0, ${at(1)}, null, null, ${at(0)}),
  (4, 7, null, null, null, 0, ${at(2)}, null, null, ${at(0)}),
  (5, 1, '01d0', null, null, 1, ${at(80)}, null, 1, null),
  (6, 8, 'cafe', null, null, 1, ${at(300)}, null, null, null),
  (7, 2, 'd00d', null, null, 1, ${at(3)}, null, null, ${at(0)});
insert into deliveries (id, source, delivery_id, event, action, received_at, state, decision, reasons, project_id, event_id) values
  (1, 'github', 'abc-1', 'pull_request', 'synchronize', ${at(99, '.5')}, 'decided', '2 of 3 jobs were chosen to run.', '{"tests: no such job"}', 1, 1),
  (2, 'git', 'abc-2', 'push', null, ${at(99)}, 'received', null, '{}', null, null)`

/**
 * SRPMs and builds of pull request 41: package hello (SRPM 1) has two builds (chroots of group 1 by id 11 and 12, and
 * group 2), and its tests ran twice; hello-libs (SRPM 2) failed, so its build never began. SRPM 3 is from an import and
 * lost its event. SRPM 4 was made for the older head. SRPM 5 waits, its build with it.
 */
const BUILDS = `
insert into srpm_builds (id, event_id, package, status, state, reason, submitted_at, started_at, ended_at, nvr, file_key, log_key, log_size, cause, copr_build_id, logs_url, imported_at) values
  (1, 1, 'hello', 'success', 'success', null, ${at(101)}, ${at(102)}, ${at(103, '.5')}, 'hello-1-1', 'srpm/1/hello-1-1.src.rpm', 'srpm/1/build.log', 20, null, null, null, null),
  (2, 1, 'hello-libs', 'failure', 'failure', 'no spec file', ${at(101)}, ${at(102)}, ${at(103)}, null, null, 'srpm/2/build.log', 3, '{"kind":"spec","section":"%prep","summary":"no spec file","line":3,"lines":[{"number":3,"text":"oops"}]}', null, null, null),
  (3, null, null, 'success', 'success', null, ${at(1)}, null, null, null, null, null, 0, null, '777', 'https://copr.example/log', ${at(0)}),
  (4, 5, 'hello', 'canceled', 'canceled', 'superseded', ${at(81)}, null, ${at(82)}, null, null, null, 0, null, null, null, null),
  (5, 6, null, 'pending', 'pending', null, ${at(301)}, null, null, null, null, null, 0, null, null, null, null);
insert into build_groups (id, submitted_at, imported_at) values
  (1, ${at(101)}, null), (2, ${at(101)}, null), (3, ${at(101)}, null), (4, ${at(301)}, null), (5, ${at(1)}, ${at(0)});
insert into builds (id, group_id, builder, build_id, listed_id, project_name, owner, web_url, imported_at) values
  (1, 1, 'copr', '9104421', 11, 'acme-hello-41', 'packit', 'https://copr.example/9104421', null),
  (2, 2, 'local', '2', 13, 'acme-hello-41-extra', null, null, null),
  (3, 3, 'local', null, null, 'acme-hello-41', null, null, null),
  (4, 4, 'local', null, null, 'gitlab.com-group-sub-tool-1', null, null, null),
  (5, 5, 'copr', '500', 17, 'old', 'packit', null, ${at(0)});
insert into build_targets (id, group_id, build_row_id, target, identifier, status, state, submitted_at, started_at, ended_at, log_key, log_size, logs_url, web_url, built_packages, files, cause, imported_at) values
  (11, 1, 1, 'fedora-43-x86_64', null, 'success', 'success', ${at(104)}, ${at(105)}, ${at(110, '.75')}, 'builds/11.log', 5, null, null,
    '[{"name":"hello","epoch":0,"version":"1","release":"1","arch":"x86_64"},{"name":"hello-debuginfo","epoch":0,"version":"1","release":"1","arch":"x86_64"}]',
    '[{"name":"hello-1-1.x86_64.rpm","key":"builds/1/hello-1-1.x86_64.rpm","size":7}]', null, null),
  (12, 1, 1, 'fedora-42-x86_64', null, 'failure', 'failure', ${at(104)}, ${at(105)}, ${at(109)}, 'builds/12.log', 6, null, null, null, null,
    '{"kind":"check","section":"%check","summary":"1 test failed","line":1,"lines":[{"number":1,"text":"FAIL"}]}', null),
  (13, 2, 2, 'host-debian-12-x86_64', 'extra', 'pending', 'running', ${at(104)}, ${at(106)}, null, 'builds/13.log', 0, null, null, null, null, null, null),
  (14, 3, 3, 'fedora-43-x86_64', null, 'failure', 'failure', ${at(101)}, null, ${at(103)}, null, 0, null, null, null, null, null, null),
  (15, 4, 4, 'fedora-43-x86_64', null, 'waiting_for_srpm', 'pending', ${at(301)}, null, null, null, 0, null, null, null, null, null, null),
  (16, null, null, 'fedora-30-x86_64', null, 'success', 'success', ${at(1)}, null, null, null, 0, 'https://copr.example/16', null, null, null, null, ${at(0)}),
  (17, 5, 5, null, null, 'success', 'success', ${at(1)}, ${at(1)}, ${at(2)}, null, 0, 'https://copr.example/17', 'https://copr.example/b17', null, null, null, ${at(0)}),
  (18, 5, 5, 'fedora-30-x86_64', null, 'error', 'error', ${at(1)}, ${at(1)}, ${at(2)}, null, 0, null, null, null, null, null, ${at(0)});
insert into test_groups (id, submitted_at) values (1, ${at(111)}), (2, ${at(400)});
insert into test_targets (id, group_id, pipeline_id, status, target, web_url, submitted_at) values
  (21, 1, '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90', 'failed', 'fedora-43-x86_64', 'https://artifacts.example/1', ${at(111)}),
  (22, 2, null, 'cancel-requested', 'fedora-43-x86_64', null, ${at(400)});
insert into koji_build_groups (id, submitted_at) values (1, ${at(91)});
insert into koji_build_targets (id, group_id, task_id, status, target, web_url, submitted_at, scratch) values
  (31, 1, '134567890', 'success', 'f43', 'https://koji.example/1', ${at(91)}, false);
insert into log_detective_groups (id, submitted_at) values (1, ${at(112)});
insert into log_detective_runs (id, group_id, analysis_id, status, target, target_build, build_system, response, submitted_at, build_target_id) values
  (41, 1, '0b6c1e5f-9a34-4c52-8d77-0e6f3b2a1c90', 'complete', 'fedora-42-x86_64', '9104421', 'copr', '{"explanation":"a test failed"}', ${at(112)}, 12),
  (42, null, '1b6c1e5f-9a34-4c52-8d77-0e6f3b2a1c90', 'error', null, null, null, null, ${at(113)}, null)`

/**
 * What carries releases downstream: 51 and 52 are tag requests, 61 and 62 updates, sync run 1 proposes release 1.0 (one
 * branch twice), 2 pulls the Anitya version; scan 91 is of build 11, 92 lost its build.
 */
const RELEASES = `
insert into tag_request_groups (id, submitted_at) values (1, ${at(92)});
insert into tag_request_targets (id, group_id, task_id, target, web_url, submitted_at, sidetag, nvr) values
  (51, 1, '134567891', 'f43', 'https://koji.example/2', ${at(92)}, 'f43-build-side-1', 'hello-1-1.fc43');
insert into tag_request_targets (id, task_id, target, submitted_at, imported_at) values (52, '1', 'f30', ${at(1)}, ${at(0)});
insert into bodhi_update_groups (id, submitted_at) values (1, ${at(93)});
insert into bodhi_update_targets (id, group_id, status, target, web_url, koji_nvrs, sidetag, alias, submitted_at, update_created_at, data) values
  (61, 1, 'success', 'f43', 'https://bodhi.example/1', 'hello-1-1.fc43', null, 'FEDORA-2026-0a1b2c3d4e', ${at(93)}, ${at(94, '.9')}, null),
  (62, 1, 'error', 'f42', null, 'hello-1-1.fc42', null, null, ${at(93)}, null, '{"error":"no such build"}');
insert into sync_runs (id, status, job_type, submitted_at) values
  (1, 'finished', 'propose_downstream', ${at(95)}), (2, 'running', 'pull_from_upstream', ${at(96)}), (3, 'error', 'propose_downstream', ${at(97)});
insert into sync_targets (id, sync_run_id, branch, status, submitted_at, started_at, ended_at, log_key) values
  (71, 1, 'f43', 'retry', ${at(95)}, ${at(95)}, null, null), (72, 1, 'f43', 'submitted', ${at(95)}, ${at(96)}, ${at(97, '.6')}, 'sync/72.log'),
  (73, 1, 'rawhide', 'error', ${at(95)}, null, null, null), (74, 2, 'f43', 'queued', ${at(96)}, null, null, null);
insert into sync_pull_requests (id, number, project_id, is_fast_forward, target_branch, url) values
  (1, 7, 4, false, 'f43', 'https://src.example/7'), (2, 8, 4, true, 'f42', 'https://src.example/8');
insert into sync_target_pull_requests (sync_target_id, sync_pull_request_id) values (72, 1), (72, 2);
insert into vm_images (id, build_id, status, target, submitted_at) values (81, 'x', 'building', 'fedora-43-x86_64', ${at(98)});
insert into allowlist (namespace, status, fas_account) values
  ('github.com/acme', 'approved_automatically', 'jdoe'), ('gitlab.com/group/sub', 'waiting', null), ('github.com/acme/hello.git', 'denied', null);
insert into installations (id, account_login, account_id, account_url, account_type, sender_id, sender_login, created_at) values
  (5, 'acme', 17, 'https://github.com/acme', 'Organization', 4, 'jdoe', '2026-05-04T10:00:00Z');
insert into scans (id, task_id, status, url, issues_added_count, submitted_at, build_target_id, imported_at) values
  (91, 4711, 'succeeded', 'https://scans.example/4711', 2, ${at(114)}, 11, null), (92, null, 'pending', null, null, ${at(2)}, null, ${at(0)})`

/**
 * Runs: 1 = pipelines 1, 2 (the other build of the same SRPM), 6 (tests again); 3 = hello-libs; 4 = Koji alone;
 * 5 = the older head; 7 waits; 8 is from an import and lost its event; 9 has an event without a trigger; 10 hangs on an
 * Anitya version; 11 was imported and is not yet sorted into a run; 12 = the duplicate project's.
 */
const PIPELINES = `
insert into pipelines (id, event_id, package, identifier, attempt, cause, created_at, merged_run_id, srpm_build_id, build_group_id, koji_build_group_id, test_group_id, state, reason, ended_at, repository_name, repository_key, published_at, imported_at) values
  (1, 1, 'hello', '', 1, 'delivery', ${at(101)}, 1, 1, 1, null, 1, 'running', null, null, 'acme-hello-41', 'repos/acme-hello-41/runs/1', ${at(111)}, null),
  (2, 1, 'hello', 'extra', 1, 'delivery', ${at(101)}, 1, 1, 2, null, null, 'running', null, null, 'acme-hello-41-extra', null, null, null),
  (3, 1, 'hello-libs', '', 1, 'delivery', ${at(101)}, 3, 2, 3, null, null, 'failure', 'no spec file', ${at(103)}, 'acme-hello-41', null, null, null),
  (4, 2, '', '', 1, 'import', ${at(91)}, 4, null, null, 1, null, null, null, null, null, null, null, ${at(0)}),
  (5, 5, 'hello', '', 1, 'delivery', ${at(81)}, 5, 4, null, null, null, 'canceled', 'superseded', ${at(82)}, 'acme-hello-41', null, null, null),
  (6, 1, 'hello', 'retest', 2, 'command', ${at(400)}, 1, 1, 1, null, 2, null, null, null, null, null, null, null),
  (7, 6, '', '', 1, 'delivery', ${at(301)}, 7, 5, 4, null, null, 'pending', null, null, 'gitlab.com-group-sub-tool-1', null, null, null),
  (8, null, '', '', 1, 'import', ${at(1)}, 8, 3, 5, null, null, null, null, null, null, null, null, ${at(0)}),
  (9, 3, '', '', 1, 'import', ${at(1)}, 9, null, null, null, null, null, null, null, null, null, null, ${at(0)}),
  (10, 4, '', '', 1, 'import', ${at(2)}, 10, null, null, null, null, null, null, null, null, null, null, ${at(0)}),
  (11, 2, '', '', 2, 'import', ${at(3)}, null, null, null, null, null, null, null, null, null, null, null, ${at(0)}),
  (12, 7, '', '', 1, 'import', ${at(3)}, 12, null, null, null, null, 'skipped', null, ${at(3)}, null, null, null, ${at(0)});
update pipelines set log_detective_group_id = 1 where id = 1;
update pipelines set state = 'error' where id in (4, 8);
update pipelines set state = 'skipped' where id = 9;
update pipelines set state = 'pending' where id = 10;
update builds b set submitted_at = t.submitted_at from build_targets t where t.id = b.listed_id;
update pipelines set tag_request_group_id = 1, bodhi_update_group_id = 1, vm_image_id = 81 where id = 4;
update pipelines set sync_run_id = 2 where id = 10;
insert into checks (event_id, name, state, title, summary, link) values
  (1, 'rpm-build:fedora-43-x86_64', 'success', 'Built', '', null), (1, 'packit', 'running', 'Building', 'x', 'https://example/1')`

/** Writes all of it. */
export async function insertHardRows(db: Db): Promise<void> {
  for (const part of [PROJECTS, EVENTS, BUILDS, RELEASES, PIPELINES]) {
    for (const statement of part.split(';\n')) await db.execute(sql.raw(statement))
  }
  for (const table of SCOPED_TABLES) await fillScope(db, table)
  await copyListedId(db, sql`true`)
  await fillUsageDays(db, { from: 0, to: 1000 })
}
