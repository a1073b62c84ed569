// Pipelines, and the jobs of the way downstream: Koji, tags, Bodhi, pull requests to package repositories; and who may use the service.
import { pick, weighted } from './pick.ts'
import { SCOPE, SCOPE_OF_G } from './upstream.ts'

const groups = (table: string, id: string) =>
  `insert into ${table} (id, submitted_at) select g.${id}, to_timestamp(g.at) from gen_pipelines g where g.${id} is not null order by g.id`

/** The branch of a package repository that pipeline `g` is for. */
const BRANCH = `case when g.key like 'branch:%' then substr(g.key, 8) else 'rawhide' end`
const status = (salt: number, weights: Record<string, number>) =>
  `case when g.live then 'queued' else ${weighted('g.id', salt, weights)} end`

const KOJI = [
  groups('koji_build_groups', 'koji_id'),
  `insert into koji_build_targets (id, ${SCOPE}, group_id, task_id, status, target, web_url, submitted_at, started_at, ended_at, nvr, scratch)
    select g.koji_id, ${SCOPE_OF_G}, g.koji_id, (130000000 + g.koji_id)::text, ${status(70, { success: 170, failure: 20, error: 5, canceled: 4, retry: 1 })},
      ${BRANCH}, 'https://koji.example/' || g.koji_id, to_timestamp(g.at), to_timestamp(g.at + 30), case when not g.live then to_timestamp(g.at + 900) end,
      p.name || '-1.' || g.koji_id || '-1.fc45', g.kind = 'pull_request'
    from gen_pipelines g join gen_projects p on p.id = g.project where g.koji_id is not null order by g.id`,
  groups('tag_request_groups', 'tag_id'),
  `insert into tag_request_targets (id, ${SCOPE}, group_id, task_id, target, web_url, submitted_at, sidetag, nvr)
    select g.tag_id, ${SCOPE_OF_G}, g.tag_id, (140000000 + g.tag_id)::text, ${BRANCH}, 'https://koji.example/tag/' || g.tag_id, to_timestamp(g.at),
      'f45-build-side-' || g.tag_id, 'tool-1.' || g.tag_id || '-1.fc45'
    from gen_pipelines g where g.tag_id is not null order by g.id`,
  groups('bodhi_update_groups', 'bodhi_id'),
  `insert into bodhi_update_targets (id, ${SCOPE}, group_id, status, target, web_url, koji_nvrs, alias, submitted_at, update_created_at)
    select g.bodhi_id, ${SCOPE_OF_G}, g.bodhi_id, ${status(71, { success: 180, error: 12, skipped: 7, retry: 1 })}, ${BRANCH},
      'https://bodhi.example/' || g.bodhi_id, 'tool-1.' || g.bodhi_id || '-1.fc45', 'FEDORA-2026-' || substr(md5(g.bodhi_id::text), 1, 10),
      to_timestamp(g.at), to_timestamp(g.at + 40)
    from gen_pipelines g where g.bodhi_id is not null order by g.id`,
]

const BRANCHES = `array['rawhide', 'f45', 'f44', 'epel10']`
const SYNC = [
  `insert into sync_runs (id, ${SCOPE}, submitted_at, status, job_type)
    select g.sync_id, ${SCOPE_OF_G}, to_timestamp(g.at), ${status(72, { finished: 180, error: 19, running: 1 })},
      case when g.kind = 'anitya_version' then 'pull_from_upstream' else 'propose_downstream' end
    from gen_pipelines g where g.sync_id is not null order by g.id`,
  `insert into sync_targets (id, sync_run_id, branch, status, submitted_at, started_at, ended_at, downstream_pr_url)
    select row_number() over (order by g.id, c), g.sync_id, (${BRANCHES})[c],
      case when g.live then 'queued' else ${weighted('g.id * 4 + c', 73, { submitted: 80, error: 12, skipped: 6, retry: 1, running: 1 })} end,
      to_timestamp(g.at), to_timestamp(g.at + 5), case when not g.live then to_timestamp(g.at + 60) end, 'https://src.example/pull/' || g.sync_id
    from gen_pipelines g cross join lateral generate_series(1, 1 + ${pick('g.id', 74, 4)}) as c where g.sync_id is not null`,
  `insert into sync_pull_requests (id, number, project_id, target_branch, url)
    select t.id, t.id, null, t.branch, t.downstream_pr_url from sync_targets t where t.status = 'submitted' order by t.id`,
  `insert into sync_target_pull_requests (sync_target_id, sync_pull_request_id) select id, id from sync_pull_requests`,
]

/** Pipelines come last: they refer to all jobs. How a run stands is kept at its first pipeline. */
const PIPELINES = `insert into pipelines (id, event_id, package, identifier, trigger_id, project_id, trigger_key, attempt, cause, created_at, merged_run_id,
    srpm_build_id, build_group_id, test_group_id, koji_build_group_id, tag_request_group_id, sync_run_id, bodhi_update_group_id, log_detective_group_id,
    state, ended_at, repository_name, repository_key, published_at)
  select g.id, g.event_id, g.package, g.identifier, g.trigger_id, g.project, g.key, case when g.variant = 2 then 2 else 1 end,
    case when g.variant = 2 then 'command' else 'delivery' end, to_timestamp(g.at), g.merged_run_id,
    g.srpm_id, g.build_id, g.test_group_id, g.koji_id, g.tag_id, g.sync_id, g.bodhi_id, g.analysis_id,
    case when g.id = g.merged_run_id then g.state end, case when not g.live then to_timestamp(g.at + 900) end,
    case when g.build_id is not null then 'project-' || g.project || '-' || g.trigger_id end,
    case when g.build_id is not null and g.state = 'success' then 'repos/project-' || g.project || '-' || g.trigger_id || '/runs/' || g.merged_run_id end,
    case when g.build_id is not null and g.state = 'success' then to_timestamp(g.at + 900) end
  from gen_pipelines g order by g.id`

const USERS = [
  `insert into allowlist (id, namespace, status, fas_account)
    select row_number() over (order by forge, namespace), forge || '/' || namespace,
      ${weighted('min(id)', 75, { approved_automatically: 60, approved_manually: 25, waiting: 10, denied: 5 })}, 'user-' || min(id)
    from gen_projects group by forge, namespace`,
  `insert into installations (id, account_login, account_id, account_url, account_type, sender_id, sender_login, created_at, repositories)
    select row_number() over (order by namespace), namespace, 100 + min(id), 'https://github.com/' || namespace, 'Organization', min(id), 'user-' || min(id),
      to_timestamp(1622000000 + min(id)), array_agg(id::bigint order by id)
    from gen_projects where forge = 'github.com' group by namespace`,
]

export const DOWNSTREAM: readonly string[] = [...KOJI, ...SYNC, PIPELINES, ...USERS]
