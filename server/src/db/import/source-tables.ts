// The tables of a Packit Service database, as its migrations up to `ALEMBIC_HEAD` leave them.

/** The newest migration of the existing service that this import was made for. */
export const ALEMBIC_HEAD = 'b4e11a52ea52'

/** How a column is read: as this type; `bytes` stands for a long text of which only the length is read at first. */
export type StagedType = 'bigint' | 'text' | 'timestamp' | 'boolean' | 'bigint[]' | 'text[]' | 'bytes'

export type SourceTable = keyof typeof SOURCE_TABLES

const id = { id: 'bigint' } as const
const group = { ...id, submitted_time: 'timestamp' } as const
const times = { submitted_time: 'timestamp', build_start_time: 'timestamp', build_finished_time: 'timestamp' } as const

/**
 * What is read of each table. Enums come as the names of their members, JSON as text, times without a zone in UTC. Left
 * out: what the existing service keeps for a day only (`packages_config`), or put into a table of its own later
 * (`downstream_pr_url` is read, since old rows have nothing else).
 */
export const SOURCE_TABLES = {
  git_projects: {
    ...id,
    namespace: 'text',
    repo_name: 'text',
    project_url: 'text',
    instance_url: 'text',
    onboarded_downstream: 'boolean',
  },
  anitya_projects: { ...id, project_id: 'bigint', project_name: 'text', package: 'text' },
  pull_requests: { ...id, pr_id: 'bigint', project_id: 'bigint' },
  git_branches: { ...id, name: 'text', project_id: 'bigint' },
  project_releases: { ...id, tag_name: 'text', commit_hash: 'text', project_id: 'bigint' },
  project_issues: { ...id, issue_id: 'bigint', project_id: 'bigint' },
  koji_build_tags: { ...id, task_id: 'text', koji_tag_name: 'text', target: 'text', project_id: 'bigint' },
  anitya_versions: { ...id, version: 'text', project_id: 'bigint' },
  anitya_multiple_versions: { ...id, versions: 'text[]', project_id: 'bigint' },
  project_events: { ...id, type: 'text', event_id: 'bigint', commit_sha: 'text' },
  pipelines: {
    ...id,
    datetime: 'timestamp',
    project_event_id: 'bigint',
    package_name: 'text',
    srpm_build_id: 'bigint',
    copr_build_group_id: 'bigint',
    koji_build_group_id: 'bigint',
    koji_tag_request_group_id: 'bigint',
    vm_image_build_id: 'bigint',
    test_run_group_id: 'bigint',
    sync_release_run_id: 'bigint',
    bodhi_update_group_id: 'bigint',
    log_detective_run_group_id: 'bigint',
  },
  srpm_builds: {
    ...id,
    ...times,
    status: 'text',
    logs: 'bytes',
    url: 'text',
    logs_url: 'text',
    copr_build_id: 'text',
    copr_web_url: 'text',
  },
  copr_build_groups: group,
  copr_build_targets: {
    ...id,
    ...times,
    build_id: 'text',
    status: 'text',
    target: 'text',
    web_url: 'text',
    build_logs_url: 'text',
    task_accepted_time: 'timestamp',
    project_name: 'text',
    owner: 'text',
    data: 'text',
    built_packages: 'text',
    identifier: 'text',
    copr_build_group_id: 'bigint',
  },
  koji_build_groups: group,
  koji_build_targets: {
    ...id,
    ...times,
    task_id: 'text',
    status: 'text',
    target: 'text',
    web_url: 'text',
    build_logs_urls: 'text',
    build_submission_stdout: 'bytes',
    data: 'text',
    sidetag: 'text',
    nvr: 'text',
    scratch: 'boolean',
    koji_build_group_id: 'bigint',
  },
  koji_tag_request_groups: group,
  koji_tag_request_targets: {
    ...id,
    task_id: 'text',
    target: 'text',
    web_url: 'text',
    tag_request_submitted_time: 'timestamp',
    sidetag: 'text',
    nvr: 'text',
    koji_tag_request_group_id: 'bigint',
  },
  tft_test_run_groups: { ...group, ranch: 'text' },
  tft_test_run_targets: {
    ...id,
    pipeline_id: 'text',
    identifier: 'text',
    status: 'text',
    target: 'text',
    web_url: 'text',
    submitted_time: 'timestamp',
    data: 'text',
    tft_test_run_group_id: 'bigint',
  },
  tf_copr_build_association_table: { copr_id: 'bigint', tft_id: 'bigint' },
  tf_koji_build_association_table: { koji_id: 'bigint', tft_id: 'bigint' },
  bodhi_update_groups: group,
  bodhi_update_targets: {
    ...id,
    status: 'text',
    target: 'text',
    web_url: 'text',
    koji_nvrs: 'text',
    sidetag: 'text',
    alias: 'text',
    submitted_time: 'timestamp',
    update_creation_time: 'timestamp',
    data: 'text',
    bodhi_update_group_id: 'bigint',
  },
  sync_release_runs: { ...group, status: 'text', job_type: 'text' },
  sync_release_run_targets: {
    ...id,
    branch: 'text',
    status: 'text',
    submitted_time: 'timestamp',
    start_time: 'timestamp',
    finished_time: 'timestamp',
    logs: 'bytes',
    downstream_pr_url: 'text',
    sync_release_id: 'bigint',
  },
  sync_release_pull_request: {
    ...id,
    pr_id: 'bigint',
    project_id: 'bigint',
    is_fast_forward: 'boolean',
    target_branch: 'text',
    url: 'text',
  },
  sync_release_pr_association: { sync_release_target_id: 'bigint', sync_release_pr_id: 'bigint' },
  vm_image_build_targets: {
    ...id,
    ...times,
    build_id: 'text',
    project_url: 'text',
    project_name: 'text',
    owner: 'text',
    status: 'text',
    target: 'text',
    pr_id: 'text',
    task_accepted_time: 'timestamp',
    data: 'text',
  },
  scans: {
    ...id,
    task_id: 'bigint',
    status: 'text',
    url: 'text',
    issues_added_url: 'text',
    issues_fixed_url: 'text',
    scan_results_url: 'text',
    issues_added_count: 'bigint',
    submitted_time: 'timestamp',
    copr_build_target_id: 'bigint',
  },
  log_detective_run_groups: group,
  log_detective_run: {
    ...id,
    status: 'text',
    identifier: 'text',
    target_build: 'text',
    target: 'text',
    log_detective_response: 'text',
    error_msg: 'text',
    submitted_time: 'timestamp',
    analysis_id: 'text',
    build_system: 'text',
    copr_build_target_id: 'bigint',
    koji_build_target_id: 'bigint',
    log_detective_run_group_id: 'bigint',
  },
  allowlist: { ...id, namespace: 'text', status: 'text', fas_account: 'text' },
  github_installations: {
    ...id,
    account_login: 'text',
    account_id: 'bigint',
    account_url: 'text',
    account_type: 'text',
    sender_id: 'bigint',
    sender_login: 'text',
    created_at: 'timestamp',
    repositories: 'bigint[]',
  },
  project_authentication_issue: { ...id, issue_created: 'boolean', project_id: 'bigint' },
  source_git_pr_dist_git_pr: { ...id, source_git_pull_request_id: 'bigint', dist_git_pull_request_id: 'bigint' },
  sidetag_groups: { ...id, name: 'text' },
  sidetags: { ...id, koji_name: 'text', target: 'text', sidetag_group_id: 'bigint' },
} as const satisfies Record<string, Record<string, StagedType>>

/** The tables, in the order in which they are read. */
export const SOURCE_TABLE_NAMES = Object.keys(SOURCE_TABLES) as SourceTable[]

/** The columns of a table with the type each is read as. */
export function columnsOf(table: SourceTable): [name: string, type: StagedType][] {
  return Object.entries(SOURCE_TABLES[table])
}

/** Association tables have no id of their own. */
export function hasId(table: SourceTable): boolean {
  return 'id' in SOURCE_TABLES[table]
}
