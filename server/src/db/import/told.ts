// Rows of the source that could not be placed, or not whole: counted by table and reason, and all of them written down.
import { TRIGGER_TABLES, triggerId } from './derive.ts'
import type { Session } from './session.ts'
import { columnsOf, hasId, SOURCE_TABLE_NAMES, type SourceTable } from './source-tables.ts'
import { staged } from './stage.ts'
import { json } from './table.ts'

export interface ToldReason {
  outcome: 'left out' | 'kept'
  /** The table, as the source calls it; ours where a row of ours is in the way. */
  source: string
  reason: string
  count: number
  /** The first ten, in order. */
  ids: string[]
}

/** One row of the report. */
export interface ToldRow {
  outcome: string
  source: string
  id: string
  reason: string
}

const FIRST_IDS = 10
const PART_ROWS = 10_000

/** Makes the list of rows to tell, with all that is known before anything is written. */
export async function tellRows(session: Session, border: number): Promise<void> {
  await session.run(
    'create temp table told (n bigint generated always as identity primary key, outcome text, source text, id text, reason text)',
  )
  for (const rule of [...beyondBorder(border), ...leftOut(border), ...keptWithout(border)]) await tell(session, rule)
}

async function tell(session: Session, rule: Rule): Promise<void> {
  await session.run(`insert into told (outcome, source, id, reason)
    select '${rule.outcome}', '${rule.table}', ${rule.id ?? 'x.id'}, '${rule.reason}' from ${staged(rule.table)} x
    ${rule.join ?? ''} where ${rule.where} order by 3`)
}

/** Adds builds whose packages were not kept whole; called once they are written, since to look at each takes long. */
export async function tellPackages(session: Session, border: number): Promise<void> {
  const [counts] = await session.run<{ whole: boolean }>(`
    select (select coalesce(sum(length(built_packages) - length(replace(built_packages, '{', ''))), 0)
      + count(*) filter (where built_packages not like '[%' and built_packages <> 'null') from s_copr_build_targets)
      = (select coalesce(sum(jsonb_array_length(built_packages)), 0) from build_targets where id < ${border}) as whole`)
  if (counts?.whole) return
  await tell(session, {
    outcome: 'kept',
    table: 'copr_build_targets',
    reason: 'members of its built_packages are no packages',
    where: `x.id < ${border} and pg_temp.packit_packages(x.built_packages) is distinct from ${json('x.built_packages')}`,
  })
}

interface Rule {
  outcome: 'left out' | 'kept'
  table: SourceTable
  reason: string
  join?: string
  where: string
  /** What names a row that has no id. */
  id?: string
}

function beyondBorder(border: number): Rule[] {
  return SOURCE_TABLE_NAMES.filter(hasId).map((table) => ({
    outcome: 'left out',
    table,
    reason: `its id is not below ${border}, where ids of this service begin`,
    where: `x.id >= ${border}`,
  }))
}

function leftOut(border: number): Rule[] {
  const withoutProject = TRIGGER_TABLES.map(
    (table): Rule => ({
      outcome: 'left out',
      table,
      reason: table.startsWith('anitya') ? 'it has no Anitya project' : 'it has no project',
      join: `left join ${table.startsWith('anitya') ? 'd_anitya' : 'd_projects'} p on p.id = x.project_id`,
      where: `p.id is null and x.id < ${border}`,
    }),
  )
  const tooLong = TRIGGER_TABLES.map(
    (table): Rule => ({
      outcome: 'left out',
      table,
      reason: 'its name is too long',
      join: `join ${table.startsWith('anitya') ? 'd_anitya' : 'd_projects'} p on p.id = x.project_id
        left join d_triggers t on t.id = ${triggerId(table, 'x.id')}`,
      where: `t.id is null and x.id < ${border}`,
    }),
  )
  const association = (table: SourceTable, [a, ofA]: [string, SourceTable], [b, ofB]: [string, SourceTable]): Rule => ({
    outcome: 'left out',
    table,
    reason: 'it points at a row that is not there',
    id: `x.${a} || '-' || x.${b}`,
    join: `left join ${staged(ofA)} a on a.id = x.${a} and a.id < ${border}
      left join ${staged(ofB)} b on b.id = x.${b} and b.id < ${border}`,
    where: 'a.id is null or b.id is null',
  })
  const unnamed = (table: SourceTable, column: string): Rule => ({
    outcome: 'left out',
    table,
    reason: `it has no ${column}`,
    where: `x.${column} is null`,
  })
  const tests: [string, SourceTable] = ['tft_id', 'tft_test_run_targets']
  return [
    ...withoutProject,
    ...tooLong,
    unnamed('anitya_projects', 'project_id'),
    unnamed('allowlist', 'namespace'),
    unnamed('sidetag_groups', 'name'),
    association('tf_copr_build_association_table', ['copr_id', 'copr_build_targets'], tests),
    association('tf_koji_build_association_table', ['koji_id', 'koji_build_targets'], tests),
    association(
      'sync_release_pr_association',
      ['sync_release_target_id', 'sync_release_run_targets'],
      ['sync_release_pr_id', 'sync_release_pull_request'],
    ),
  ]
}

/** Which column of a table points at which other table. */
const LINKS: [SourceTable, string, SourceTable, string][] = [
  ['pipelines', 'project_event_id', 'project_events', 'event'],
  ['copr_build_targets', 'copr_build_group_id', 'copr_build_groups', 'group'],
  ['koji_build_targets', 'koji_build_group_id', 'koji_build_groups', 'group'],
  ['koji_tag_request_targets', 'koji_tag_request_group_id', 'koji_tag_request_groups', 'group'],
  ['tft_test_run_targets', 'tft_test_run_group_id', 'tft_test_run_groups', 'group'],
  ['bodhi_update_targets', 'bodhi_update_group_id', 'bodhi_update_groups', 'group'],
  ['log_detective_run', 'log_detective_run_group_id', 'log_detective_run_groups', 'group'],
  ['sync_release_run_targets', 'sync_release_id', 'sync_release_runs', 'sync release run'],
  ['sync_release_pull_request', 'project_id', 'git_projects', 'project'],
  ['scans', 'copr_build_target_id', 'copr_build_targets', 'build'],
  ['source_git_pr_dist_git_pr', 'source_git_pull_request_id', 'pull_requests', 'source-git pull request'],
  ['source_git_pr_dist_git_pr', 'dist_git_pull_request_id', 'pull_requests', 'dist-git pull request'],
  ['sidetags', 'sidetag_group_id', 'sidetag_groups', 'group'],
]

/** Groups and what else pipelines point at. */
const POINTED: [SourceTable, string][] = [
  ['srpm_builds', 'srpm_build_id'],
  ['copr_build_groups', 'build_group_id'],
  ['koji_build_groups', 'koji_build_group_id'],
  ['koji_tag_request_groups', 'tag_request_group_id'],
  ['tft_test_run_groups', 'test_group_id'],
  ['bodhi_update_groups', 'bodhi_update_group_id'],
  ['log_detective_run_groups', 'log_detective_group_id'],
  ['sync_release_runs', 'sync_run_id'],
  ['vm_image_build_targets', 'vm_image_id'],
]

const JSON_COLUMNS: [SourceTable, string][] = [
  ['copr_build_targets', 'data'],
  ['copr_build_targets', 'built_packages'],
  ['koji_build_targets', 'data'],
  ['koji_build_targets', 'build_logs_urls'],
  ['tft_test_run_targets', 'data'],
  ['bodhi_update_targets', 'data'],
  ['vm_image_build_targets', 'data'],
  ['log_detective_run', 'log_detective_response'],
]

const hasSubmission = (table: SourceTable) => columnsOf(table).some(([column]) => column === 'submitted_time')

function keptWithout(border: number): Rule[] {
  const kept = (rule: Omit<Rule, 'outcome'>): Rule => ({
    ...rule,
    outcome: 'kept',
    where: `(${rule.where}) and x.id < ${border}`,
  })
  return [
    kept({
      table: 'git_projects',
      reason: 'it lacks a part of its name: "-" stands there',
      where: 'x.namespace is null or x.repo_name is null or x.instance_url is null',
    }),
    kept({
      table: 'project_events',
      reason: 'what set it off is not there',
      join: 'left join d_events e on e.id = x.id',
      where: 'e.trigger_id is null',
    }),
    ...LINKS.map(([table, column, to, what]) =>
      kept({
        table,
        reason: `it has no ${what}`,
        join: `left join ${staged(to)} g on g.id = x.${column} and g.id < ${border}`,
        where: 'g.id is null',
      }),
    ),
    ...POINTED.map(([table, pointer]) =>
      kept({
        table,
        reason: 'no pipeline has it',
        join: `left join d_of_${pointer} f on f.id = x.id`,
        where: 'f.id is null',
      }),
    ),
    ...SOURCE_TABLE_NAMES.filter(hasSubmission).map((table) =>
      kept({
        table,
        reason: 'it has no time of submission: the next best stands there',
        where: 'x.submitted_time is null',
      }),
    ),
    ...JSON_COLUMNS.map(([table, column]) =>
      kept({
        table,
        reason: `its ${column} can not be kept as it is`,
        // only these escapes and numbers are beyond what the database can hold
        where: `x.${column} ~ '\\\\u(0000|[dD][89a-fA-F])|[0-9][eE][+-]?[0-9]{3}' and not pg_temp.packit_fits(x.${column})`,
      }),
    ),
  ]
}

/** What there is to tell, by table and reason, what was left out first. */
export async function summarizeTold(session: Session): Promise<ToldReason[]> {
  const rows = await session.run<Omit<ToldReason, 'count'> & { count: string | number }>(`
    select outcome, source, reason, count(*) as count, (array_agg(id order by n))[1:${FIRST_IDS}] as ids
    from told group by outcome, source, reason order by outcome desc, source, reason`)
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** All of it, in parts. */
export async function* listTold(session: Session): AsyncGenerator<ToldRow[]> {
  let last = 0
  for (;;) {
    const rows = await session.run<ToldRow & { n: string | number }>(
      `select n, outcome, source, id, reason from told where n > ${last} order by n limit ${PART_ROWS}`,
    )
    const end = rows.at(-1)
    if (!end) return
    last = Number(end.n)
    yield rows
  }
}
