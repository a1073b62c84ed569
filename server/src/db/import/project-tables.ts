import { triggerId } from './derive.ts'
import { type ByBorder, time, timeOf } from './table.ts'

const count = (kind: string) => `count(*) filter (where kind = '${kind}')`
const HANDLED = `(select home, ${count('pull_request')} as prs, ${count('branch_push')} as branches,
  ${count('release')} as releases, ${count('issue')} as issues from d_triggers where counting = id group by home)`

/** Projects, what sets work off in them, and the events. */
export const projectTables: ByBorder = () => [
  {
    table: 'projects',
    mayConflict: true,
    columns: {
      forge: 'x.forge',
      namespace: 'x.namespace',
      name: 'x.name',
      url: "coalesce(x.url, 'https://' || x.forge || '/' || x.namespace || '/' || x.name)",
      same_as: 'nullif(x.home, x.id)',
      onboarded_downstream: 'x.onboarded_downstream',
      prs_handled: 'coalesce(c.prs, 0)',
      branches_handled: 'coalesce(c.branches, 0)',
      releases_handled: 'coalesce(c.releases, 0)',
      issues_handled: 'coalesce(c.issues, 0)',
      last_activity_at: 'l.at',
    },
    from: `d_projects x left join ${HANDLED} c on c.home = x.id
      left join (select project_id, max(at) as at from d_last group by 1) l on l.project_id = x.id`,
    always: ['onboarded_downstream'],
  },
  {
    table: 'anitya_projects',
    columns: { anitya_id: 'x.project_id', name: 'x.project_name', package: 'x.package' },
    from: 'd_anitya x',
  },
  {
    table: 'triggers',
    mayConflict: true,
    columns: {
      kind: 'x.kind',
      project_id: 'x.project_id',
      anitya_project_id: 'x.anitya_project_id',
      number: 'x.number',
      name: 'x.name',
      versions: 'x.versions',
      // the source does not know: the next delivery will tell
      open: "x.kind not in ('pull_request', 'issue')",
      commit_hash: 'x.commit_hash',
      task_id: 'x.task_id',
      target: 'x.target',
      same_as: 'nullif(x.counting, x.id)',
      last_pipeline_at: 'l.at',
    },
    from: 'd_triggers x left join d_last l on l.id = x.id',
  },
  {
    table: 'project_events',
    columns: { trigger_id: 'x.trigger_id', commit_sha: 'x.commit_sha', created_at: 'x.created_at' },
    from: 'd_events x',
  },
]

/** What stands beside the runs. */
export const otherTables: ByBorder = (border) => [
  {
    table: 'allowlist',
    columns: { namespace: 'x.namespace', status: "coalesce(x.status, 'waiting')", fas_account: 'x.fas_account' },
    from: `s_allowlist x where x.id < ${border} and x.namespace is not null`,
    living: "t.status = 'waiting'",
  },
  {
    table: 'installations',
    columns: {
      account_login: 'x.account_login',
      account_id: 'x.account_id',
      account_url: 'x.account_url',
      account_type: 'x.account_type',
      sender_id: 'x.sender_id',
      sender_login: 'x.sender_login',
      created_at: timeOf('x.created_at'),
      repositories: "coalesce(x.repositories, '{}')",
    },
    from: `s_github_installations x where x.id < ${border}`,
    living: 'true',
  },
  {
    table: 'authentication_issues',
    columns: { project_id: 'p.id', issue_created: 'coalesce(x.issue_created, false)' },
    from: `s_project_authentication_issue x left join d_projects p on p.id = x.project_id where x.id < ${border}`,
    living: 'not t.issue_created',
  },
  {
    table: 'source_git_links',
    columns: { source_git_trigger_id: 'a.id', dist_git_trigger_id: 'b.id' },
    from: `s_source_git_pr_dist_git_pr x
      left join d_triggers a on a.id = ${triggerId('pull_requests', 'x.source_git_pull_request_id')}
      left join d_triggers b on b.id = ${triggerId('pull_requests', 'x.dist_git_pull_request_id')}
      where x.id < ${border}`,
  },
  {
    table: 'sidetag_groups',
    mayConflict: true,
    columns: { name: 'x.name' },
    from: `s_sidetag_groups x where x.id < ${border} and x.name is not null`,
  },
  {
    table: 'sidetags',
    mayConflict: true,
    columns: { koji_name: 'x.koji_name', target: 'x.target', group_id: 'g.id' },
    from: `s_sidetags x left join s_sidetag_groups g on g.id = x.sidetag_group_id and g.id < ${border} and g.name is not null
      where x.id < ${border}`,
    living: 't.koji_name is null or t.target is null',
  },
  {
    table: 'sync_pull_requests',
    columns: {
      number: 'x.pr_id',
      project_id: 'p.id',
      is_fast_forward: 'coalesce(x.is_fast_forward, false)',
      target_branch: 'x.target_branch',
      url: 'x.url',
    },
    from: `s_sync_release_pull_request x left join d_projects p on p.id = x.project_id where x.id < ${border}`,
  },
  {
    table: 'sync_target_pull_requests',
    key: ['sync_target_id', 'sync_pull_request_id'],
    columns: { sync_target_id: 'x.sync_release_target_id', sync_pull_request_id: 'x.sync_release_pr_id' },
    from: `s_sync_release_pr_association x
      join s_sync_release_run_targets a on a.id = x.sync_release_target_id and a.id < ${border}
      join s_sync_release_pull_request b on b.id = x.sync_release_pr_id and b.id < ${border}`,
  },
  {
    table: 'vm_images',
    columns: {
      build_id: 'x.build_id',
      project_url: 'x.project_url',
      project_name: 'x.project_name',
      owner: 'x.owner',
      status: 'x.status',
      target: 'x.target',
      pr_id: 'x.pr_id',
      task_accepted_at: time('x.task_accepted_time'),
      submitted_at: timeOf('x.submitted_time', 'x.build_start_time'),
      started_at: time('x.build_start_time'),
      ended_at: time('x.build_finished_time'),
      data: 'pg_temp.packit_json(x.data)',
    },
    from: `s_vm_image_build_targets x where x.id < ${border}`,
    living: "coalesce(t.status, 'pending') in ('pending', 'building', 'uploading', 'registering')",
  },
]
