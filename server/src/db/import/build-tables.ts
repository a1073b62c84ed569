import { POINTERS } from './derive.ts'
import { type ByBorder, type ImportedTable, joinFirst, json, LIVING, SCOPE, time, timeOf } from './table.ts'
import { stateSql } from './words.ts'

const BUILD_TIMES = {
  submitted_at: timeOf('x.submitted_time', 'x.build_start_time'),
  started_at: time('x.build_start_time'),
  ended_at: time('x.build_finished_time'),
}

/** A submission: nothing but its time. */
function group(table: string, pointer: (typeof POINTERS)[number]['pointer'], border: number): ImportedTable {
  const source = POINTERS.find((one) => one.pointer === pointer)?.table
  return {
    table,
    columns: { submitted_at: `coalesce(${time('x.submitted_time')}, f.created_at, 'epoch'::timestamptz)` },
    from: `s_${source} x ${joinFirst(pointer, 'x.id')} where x.id < ${border}`,
  }
}

/** Groups of all kinds of jobs, SRPMs, builds and their targets. */
export const buildTables: ByBorder = (border) => [
  group('build_groups', 'build_group_id', border),
  group('koji_build_groups', 'koji_build_group_id', border),
  group('tag_request_groups', 'tag_request_group_id', border),
  group('bodhi_update_groups', 'bodhi_update_group_id', border),
  group('log_detective_groups', 'log_detective_group_id', border),
  withRanch(group('test_groups', 'test_group_id', border)),
  {
    table: 'srpm_builds',
    hasScope: true,
    columns: {
      ...SCOPE,
      ...BUILD_TIMES,
      status: 'x.status',
      state: stateSql('x.status'),
      url: 'x.url',
      logs_url: 'x.logs_url',
      copr_build_id: 'x.copr_build_id',
      copr_web_url: 'x.copr_web_url',
    },
    from: `s_srpm_builds x ${joinFirst('srpm_build_id', 'x.id')} where x.id < ${border}`,
    living: "t.state in ('pending', 'running')",
    text: { key: 'log_key', size: 'log_size' },
  },
  {
    table: 'builds',
    hasScope: true,
    columns: {
      ...SCOPE,
      group_id: 'g.id',
      identifier: 'x.identifier',
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      builder: "'copr'",
      build_id: 'x.build_id',
      listed_id: 'b.listed_id',
      project_name: 'x.project_name',
      owner: 'x.owner',
      web_url: 'x.web_url',
    },
    from: `d_builds b join s_copr_build_targets x on x.id = b.id
      left join s_copr_build_groups g on g.id = x.copr_build_group_id and g.id < ${border}
      ${joinFirst('build_group_id', 'g.id')}`,
    always: ['build_id', 'listed_id', 'project_name', 'owner', 'web_url'],
  },
  {
    table: 'build_targets',
    columns: {
      ...BUILD_TIMES,
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      group_id: 'g.id',
      build_row_id: 'd.build_row_id',
      listed_id: 'd.listed_id',
      target: 'x.target',
      identifier: 'x.identifier',
      status: 'x.status',
      state: stateSql('x.status'),
      logs_url: 'x.build_logs_url',
      web_url: 'x.web_url',
      built_packages: 'pg_temp.packit_packages(x.built_packages)',
      task_accepted_at: time('x.task_accepted_time'),
      data: json('x.data'),
    },
    from: `s_copr_build_targets x join d_targets d on d.id = x.id
      left join s_copr_build_groups g on g.id = x.copr_build_group_id and g.id < ${border}`,
    living: "t.state in ('pending', 'running')",
    always: ['build_row_id', 'listed_id'],
  },
  {
    table: 'koji_build_targets',
    hasScope: true,
    columns: {
      ...SCOPE,
      ...BUILD_TIMES,
      submitted_at: timeOf('x.submitted_time', 'g.submitted_time'),
      group_id: 'g.id',
      task_id: 'x.task_id',
      status: 'x.status',
      target: 'x.target',
      web_url: 'x.web_url',
      build_logs_urls: json('x.build_logs_urls'),
      data: json('x.data'),
      sidetag: 'x.sidetag',
      nvr: 'x.nvr',
      scratch: 'x.scratch',
    },
    from: inGroup('koji_build_targets', 'koji_build_groups', 'koji_build_group_id', 'koji_build_group_id', border),
    living: LIVING,
    text: { key: 'submission_log_key' },
  },
  {
    table: 'tag_request_targets',
    hasScope: true,
    columns: {
      ...SCOPE,
      group_id: 'g.id',
      task_id: 'x.task_id',
      target: 'x.target',
      web_url: 'x.web_url',
      submitted_at: timeOf('x.tag_request_submitted_time', 'g.submitted_time'),
      sidetag: 'x.sidetag',
      nvr: 'x.nvr',
    },
    from: inGroup(
      'koji_tag_request_targets',
      'koji_tag_request_groups',
      'koji_tag_request_group_id',
      'tag_request_group_id',
      border,
    ),
    living: 't.task_id is null or t.nvr is null',
  },
]

function withRanch(table: ImportedTable): ImportedTable {
  return { ...table, columns: { ...table.columns, ranch: 'x.ranch' } }
}

/** Targets with their group `g`, if it is there, and the first pipeline of that. */
export function inGroup(
  targets: string,
  groups: string,
  column: string,
  pointer: (typeof POINTERS)[number]['pointer'],
  border: number,
): string {
  return `s_${targets} x left join s_${groups} g on g.id = x.${column} and g.id < ${border}
    ${joinFirst(pointer, 'g.id')} where x.id < ${border}`
}
