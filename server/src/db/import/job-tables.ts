import { inGroup } from './build-tables.ts'
import { POINTERS } from './derive.ts'
import { type ByBorder, joinFirst, json, LIVING, SCOPE, time, timeOf } from './table.ts'
import { testStatus } from './words.ts'

/** Tests, updates, releases brought downstream, and what looks at builds. */
export const jobTables: ByBorder = (border) => [
  {
    table: 'test_targets',
    hasScope: true,
    columns: {
      ...SCOPE,
      group_id: 'g.id',
      pipeline_id: 'x.pipeline_id',
      identifier: 'x.identifier',
      status: testStatus('x.status'),
      target: 'x.target',
      web_url: 'x.web_url',
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      data: json('x.data'),
    },
    from: inGroup('tft_test_run_targets', 'tft_test_run_groups', 'tft_test_run_group_id', 'test_group_id', border),
    living: LIVING,
  },
  {
    table: 'test_target_builds',
    key: ['test_target_id', 'build_target_id'],
    columns: { test_target_id: 'x.tft_id', build_target_id: 'x.copr_id' },
    from: `s_tf_copr_build_association_table x
      join s_tft_test_run_targets a on a.id = x.tft_id and a.id < ${border}
      join s_copr_build_targets b on b.id = x.copr_id and b.id < ${border}`,
  },
  {
    table: 'test_target_koji_builds',
    key: ['test_target_id', 'koji_build_target_id'],
    columns: { test_target_id: 'x.tft_id', koji_build_target_id: 'x.koji_id' },
    from: `s_tf_koji_build_association_table x
      join s_tft_test_run_targets a on a.id = x.tft_id and a.id < ${border}
      join s_koji_build_targets b on b.id = x.koji_id and b.id < ${border}`,
  },
  {
    table: 'bodhi_update_targets',
    hasScope: true,
    columns: {
      ...SCOPE,
      group_id: 'g.id',
      status: 'x.status',
      target: 'x.target',
      web_url: 'x.web_url',
      koji_nvrs: 'x.koji_nvrs',
      sidetag: 'x.sidetag',
      alias: 'x.alias',
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      update_created_at: time('x.update_creation_time'),
      data: json('x.data'),
    },
    from: inGroup(
      'bodhi_update_targets',
      'bodhi_update_groups',
      'bodhi_update_group_id',
      'bodhi_update_group_id',
      border,
    ),
    living: LIVING,
  },
  {
    table: 'sync_runs',
    hasScope: true,
    columns: {
      ...SCOPE,
      submitted_at: `coalesce(${time('x.submitted_time')}, f.created_at, 'epoch'::timestamptz)`,
      status: 'x.status',
      job_type: "coalesce(x.job_type, 'propose_downstream')",
    },
    from: `s_sync_release_runs x ${joinFirst('sync_run_id', 'x.id')} where x.id < ${border}`,
    living: LIVING,
  },
  {
    table: 'sync_targets',
    columns: {
      sync_run_id: 'g.id',
      branch: "coalesce(x.branch, 'unknown')",
      status: 'x.status',
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      started_at: time('x.start_time'),
      ended_at: time('x.finished_time'),
      downstream_pr_url: 'x.downstream_pr_url',
    },
    from: `s_sync_release_run_targets x left join s_sync_release_runs g on g.id = x.sync_release_id and g.id < ${border}
      where x.id < ${border}`,
    living: LIVING,
    text: { key: 'log_key' },
  },
  {
    table: 'scans',
    hasScope: true,
    columns: {
      ...SCOPE,
      task_id: 'x.task_id',
      status: 'x.status',
      url: 'x.url',
      issues_added_url: 'x.issues_added_url',
      issues_fixed_url: 'x.issues_fixed_url',
      scan_results_url: 'x.scan_results_url',
      issues_added_count: 'x.issues_added_count',
      submitted_at: timeOf('x.submitted_time', 'b.submitted_time'),
      build_target_id: 'b.id',
    },
    from: `s_scans x left join s_copr_build_targets b on b.id = x.copr_build_target_id and b.id < ${border}
      ${joinFirst('build_group_id', 'b.copr_build_group_id')} where x.id < ${border}`,
    living: "coalesce(t.status, 'pending') in ('pending', 'running')",
  },
  {
    table: 'log_detective_runs',
    mayConflict: true,
    hasScope: true,
    columns: {
      ...SCOPE,
      group_id: 'g.id',
      analysis_id: 'x.analysis_id',
      status: 'x.status',
      identifier: 'x.identifier',
      target_build: 'x.target_build',
      target: 'x.target',
      response: json('x.log_detective_response'),
      error_message: 'x.error_msg',
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      build_system: 'x.build_system',
      build_target_id: 'b.id',
      koji_build_target_id: 'k.id',
    },
    from: `s_log_detective_run x
      left join s_log_detective_run_groups g on g.id = x.log_detective_run_group_id and g.id < ${border}
      left join s_copr_build_targets b on b.id = x.copr_build_target_id and b.id < ${border}
      left join s_koji_build_targets k on k.id = x.koji_build_target_id and k.id < ${border}
      ${joinFirst('log_detective_group_id', 'g.id')} where x.id < ${border}`,
    living: "t.status = 'running'",
  },
]

/** Pipelines come last: a run is there only with all its jobs. */
export const pipelineTables: ByBorder = () => [
  {
    table: 'pipelines',
    hasScope: true,
    columns: {
      event_id: 'x.event_id',
      trigger_id: 'x.trigger_id',
      project_id: 'x.project_id',
      trigger_key: 'x.trigger_key',
      package: 'x.package',
      cause: "'import'",
      created_at: 'x.created_at',
      merged_run_id: 'r.id',
      ...Object.fromEntries(POINTERS.map(({ pointer }) => [pointer, `x.${pointer}`])),
      state: 'r.state',
      ended_at: "case when r.state not in ('pending', 'running') then r.ended_at end",
    },
    from: `d_pipelines x left join d_merged m on m.id = x.srpm_build_id
      left join d_runs r on r.id = coalesce(m.run, x.id)`,
    always: [...POINTERS.map(({ pointer }) => pointer), 'merged_run_id', 'state', 'ended_at'],
  },
]
