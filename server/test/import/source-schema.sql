-- A Packit Service database as its migrations up to b4e11a52ea52 leave it: types, tables, keys.
create type buildstatus as enum ('success', 'pending', 'failure', 'error', 'waiting_for_srpm', 'retry', 'canceled');
create type testingfarmresult as enum ('new', 'queued', 'running', 'passed', 'failed', 'skipped', 'error', 'unknown',
  'needs_inspection', 'retry', 'complete', 'canceled', 'cancel_requested', 'cancel-requested');
create type projecteventmodeltype as enum ('pull_request', 'branch_push', 'release', 'issue', 'koji_build_tag',
  'anitya_version', 'anitya_multiple_versions');
create type syncreleasestatus as enum ('running', 'finished', 'error');
create type syncreleasetargetstatus as enum ('queued', 'running', 'error', 'retry', 'submitted', 'skipped');
create type syncreleasejobtype as enum ('pull_from_upstream', 'propose_downstream');
create type allowliststatus as enum ('approved_automatically', 'waiting', 'approved_manually', 'denied');
create type vmimagebuildstatus as enum ('success', 'pending', 'building', 'uploading', 'registering', 'failure', 'error');
create type oshscanstatus as enum ('pending', 'running', 'succeeded', 'failed', 'canceled');
create type logdetectiveresult as enum ('complete', 'running', 'unknown', 'error');
create type logdetectivebuildsystem as enum ('copr', 'koji');

create table alembic_version (version_num varchar(32) primary key);
insert into alembic_version values ('b4e11a52ea52');

create table git_projects (id serial primary key, namespace varchar, repo_name varchar, project_url varchar,
  instance_url varchar not null, onboarded_downstream boolean);
create table anitya_projects (id serial primary key, project_id integer, project_name varchar, package varchar);
create table pull_requests (id serial primary key, pr_id integer, project_id integer references git_projects);
create table git_branches (id serial primary key, name varchar, project_id integer references git_projects);
create table project_releases (id serial primary key, tag_name varchar, commit_hash varchar,
  project_id integer references git_projects);
create table project_issues (id serial primary key, issue_id integer, project_id integer references git_projects);
create table koji_build_tags (id serial primary key, task_id varchar, koji_tag_name varchar, target varchar,
  project_id integer references git_projects);
create table anitya_versions (id serial primary key, version varchar, project_id integer references anitya_projects);
create table anitya_multiple_versions (id serial primary key, versions varchar[] not null,
  project_id integer references anitya_projects);
create table project_events (id serial primary key, type projecteventmodeltype, event_id integer, commit_sha varchar,
  packages_config json);

create table srpm_builds (id serial primary key, status buildstatus, logs text, submitted_time timestamp,
  build_start_time timestamp, build_finished_time timestamp, url varchar, logs_url varchar, copr_build_id varchar,
  copr_web_url varchar);
create table copr_build_groups (id serial primary key, submitted_time timestamp);
create table copr_build_targets (id serial primary key, build_id varchar, status buildstatus, target varchar,
  web_url varchar, build_logs_url varchar, task_accepted_time timestamp, submitted_time timestamp,
  build_start_time timestamp, build_finished_time timestamp, project_name varchar, owner varchar, data json,
  built_packages json, identifier varchar, copr_build_group_id integer references copr_build_groups);
create table koji_build_groups (id serial primary key, submitted_time timestamp);
create table koji_build_targets (id serial primary key, task_id varchar, status varchar, target varchar,
  web_url varchar, build_logs_urls json, submitted_time timestamp, build_start_time timestamp,
  build_finished_time timestamp, build_submission_stdout text, data json, sidetag varchar, nvr varchar,
  scratch boolean, koji_build_group_id integer references koji_build_groups);
create table koji_tag_request_groups (id serial primary key, submitted_time timestamp);
create table koji_tag_request_targets (id serial primary key, task_id varchar, target varchar, web_url varchar,
  tag_request_submitted_time timestamp, sidetag varchar, nvr varchar,
  koji_tag_request_group_id integer references koji_tag_request_groups);
create table tft_test_run_groups (id serial primary key, submitted_time timestamp, ranch varchar);
create table tft_test_run_targets (id serial primary key, pipeline_id varchar, identifier varchar,
  status testingfarmresult, target varchar, web_url varchar, submitted_time timestamp, data json,
  tft_test_run_group_id integer references tft_test_run_groups);
create table tf_copr_build_association_table (copr_id integer references copr_build_targets,
  tft_id integer references tft_test_run_targets, primary key (copr_id, tft_id));
create table tf_koji_build_association_table (koji_id integer references koji_build_targets,
  tft_id integer references tft_test_run_targets, primary key (koji_id, tft_id));
create table bodhi_update_groups (id serial primary key, submitted_time timestamp);
create table bodhi_update_targets (id serial primary key, status varchar, target varchar, web_url varchar,
  koji_nvrs varchar, sidetag varchar, alias varchar, submitted_time timestamp, update_creation_time timestamp,
  data json, bodhi_update_group_id integer references bodhi_update_groups);
create table sync_release_runs (id serial primary key, status syncreleasestatus, submitted_time timestamp,
  job_type syncreleasejobtype default 'propose_downstream');
create table sync_release_run_targets (id serial primary key, branch varchar default 'unknown',
  status syncreleasetargetstatus, submitted_time timestamp, start_time timestamp, finished_time timestamp, logs text,
  downstream_pr_url varchar, sync_release_id integer references sync_release_runs);
create table sync_release_pull_request (id serial primary key, pr_id integer,
  project_id integer references git_projects, is_fast_forward boolean default false, target_branch varchar, url varchar);
create table sync_release_pr_association (sync_release_target_id integer references sync_release_run_targets,
  sync_release_pr_id integer references sync_release_pull_request,
  primary key (sync_release_target_id, sync_release_pr_id));
create table vm_image_build_targets (id serial primary key, build_id varchar, project_url varchar,
  project_name varchar, owner varchar, status vmimagebuildstatus, target varchar, pr_id varchar,
  task_accepted_time timestamp, submitted_time timestamp, build_start_time timestamp, build_finished_time timestamp,
  data json);
create table scans (id serial primary key, task_id integer unique, status oshscanstatus, url varchar,
  issues_added_url varchar, issues_fixed_url varchar, scan_results_url varchar, issues_added_count integer,
  submitted_time timestamp, copr_build_target_id integer unique references copr_build_targets);
create table log_detective_run_groups (id serial primary key, submitted_time timestamp);
create table log_detective_run (id serial primary key, status logdetectiveresult not null, identifier varchar,
  target_build varchar, target varchar, log_detective_response json, error_msg varchar, submitted_time timestamp,
  analysis_id varchar not null unique, build_system logdetectivebuildsystem,
  copr_build_target_id integer references copr_build_targets on delete cascade,
  koji_build_target_id integer references koji_build_targets on delete cascade,
  log_detective_run_group_id integer references log_detective_run_groups);

create table pipelines (id serial primary key, datetime timestamp, project_event_id integer references project_events,
  package_name varchar, srpm_build_id integer references srpm_builds,
  copr_build_group_id integer references copr_build_groups, koji_build_group_id integer references koji_build_groups,
  koji_tag_request_group_id integer references koji_tag_request_groups,
  vm_image_build_id integer references vm_image_build_targets,
  test_run_group_id integer references tft_test_run_groups, sync_release_run_id integer references sync_release_runs,
  bodhi_update_group_id integer references bodhi_update_groups,
  log_detective_run_group_id integer references log_detective_run_groups);

create table allowlist (id serial primary key, namespace varchar, status allowliststatus, fas_account varchar);
create table github_installations (id serial primary key, account_login varchar, account_id integer,
  account_url varchar, account_type varchar, sender_id integer, sender_login varchar, created_at timestamp,
  repositories integer[]);
create table project_authentication_issue (id serial primary key, issue_created boolean,
  project_id integer references git_projects);
create table source_git_pr_dist_git_pr (id serial primary key,
  source_git_pull_request_id integer unique references pull_requests,
  dist_git_pull_request_id integer unique references pull_requests);
create table sidetag_groups (id serial primary key, name varchar unique);
create table sidetags (id serial primary key, koji_name varchar unique, target varchar,
  sidetag_group_id integer references sidetag_groups);
