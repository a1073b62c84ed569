// What our tables have and the source's have not: which rows are duplicates, which event each job belongs to, what is a run
// and how it stands. Temporary tables made from the staged ones, each in one statement.
import type { Session } from './session.ts'
import { staged } from './stage.ts'
import { combinedSql, stateBitSql, testStatus } from './words.ts'

/** The kinds of triggers: where each comes from, and what it is known by within its project. */
const TRIGGER_KINDS = [
  { kind: 'pull_request', from: 'pull_requests', number: 'pr_id', identity: 'pr_id::text' },
  { kind: 'branch_push', from: 'git_branches', name: 'name', identity: 'name' },
  {
    kind: 'release',
    from: 'project_releases',
    name: 'tag_name',
    identity: 'tag_name',
    more: { commit_hash: 'commit_hash' },
  },
  { kind: 'issue', from: 'project_issues', number: 'issue_id', identity: 'issue_id::text' },
  {
    kind: 'koji_build_tag',
    from: 'koji_build_tags',
    name: 'koji_tag_name',
    identity: "task_id || ' ' || koji_tag_name",
    more: { task_id: 'task_id', target: 'target' },
  },
  { kind: 'anitya_version', from: 'anitya_versions', name: 'version', identity: 'version' },
  {
    kind: 'anitya_multiple_versions',
    from: 'anitya_multiple_versions',
    identity: 'versions::text',
    more: { versions: 'versions' },
  },
] as const

/** The tables of the source that become triggers. */
export const TRIGGER_TABLES = TRIGGER_KINDS.map(({ from }) => from)

/** Rows of seven tables share one: a trigger's id tells the table and the row. Nobody else sees it. */
export function triggerId(table: (typeof TRIGGER_TABLES)[number], id: string): string {
  return `${id} * 8 + ${TRIGGER_TABLES.indexOf(table)}`
}

/** Ids of triggers of the source lie below this. */
export const triggerBorder = (border: number) => (border + 1) * 8

/** What an index of ours can hold of a name, with room for the other columns. */
const MAX_NAME_BYTES = 2000

/**
 * Makes the derived tables, all named `d_…`.
 *
 * @param border  ids of the source lie below it
 * @param onTable  told before each; throws when the import is to stop
 */
export async function deriveTables(session: Session, border: number, onTable: (name: string) => void): Promise<void> {
  const make = async (name: string, select: string) => {
    onTable(name)
    await session.run(`create temp table ${name} as ${select}`)
    await session.run(`create index on ${name} (id)`)
    await session.run(`analyze ${name}`)
  }
  await make('d_projects', projects(border))
  await make('d_anitya', `select * from s_anitya_projects where id < ${border} and project_id is not null`)
  await make('d_triggers', triggers(border))
  await make('d_events', events(border))
  await make('d_pipelines', pipelines(border))
  await make('d_merged', MERGED)
  await make('d_runs', RUNS)
  for (const { pointer } of POINTERS) await make(`d_of_${pointer}`, firstPipeline(pointer))
  await make('d_targets', buildTargets(border))
  await make('d_builds', BUILDS)
  await make('d_last', LAST_PIPELINES)
}

/** Of rows that mean the same project the smallest id counts; one that counts already goes on to. */
function projects(border: number): string {
  return `
    select p.*, coalesce(x.id, min(p.id) over (partition by p.forge, p.namespace, p.name)) as home
    from (select id, coalesce(instance_url, substring(project_url from '://([^/:]+)'), '-') as forge,
        coalesce(namespace, '-') as namespace, coalesce(repo_name, '-') as name, project_url as url,
        coalesce(onboarded_downstream, false) as onboarded_downstream
      from s_git_projects where id < ${border}) p
    left join projects x on x.forge = p.forge and x.namespace = p.namespace and x.name = p.name and x.same_as is null`
}

/** Pull requests, branches, … of projects that are there; duplicates by what they are known by. */
function triggers(border: number): string {
  const selects = TRIGGER_KINDS.map((kind) => {
    const more: Partial<Record<string, string>> = 'more' in kind ? kind.more : {}
    const isAnitya = kind.kind.startsWith('anitya')
    return `select ${triggerId(kind.from, 'o.id')} as id, '${kind.kind}' as kind, o.id as source_id,
      ${isAnitya ? 'null::bigint' : 'o.project_id'} as project_id,
      ${isAnitya ? 'o.project_id' : 'null::bigint'} as anitya_project_id,
      ${'number' in kind ? `o.${kind.number}` : 'null::bigint'} as number, ${'name' in kind ? `o.${kind.name}` : 'null'} as name,
      ${more.versions ?? 'null::text[]'} as versions, ${more.commit_hash ?? 'null'} as commit_hash,
      ${more.task_id ?? 'null'} as task_id, ${more.target ?? 'null'} as target, ${kind.identity} as identity
      from ${staged(kind.from)} o where o.id < ${border}`
  })
  return `
    select o.*, p.home, ${TRIGGER_KEY} as key, coalesce(x.id, case when o.identity is null then o.id else
      min(o.id) over (partition by o.kind, p.home, o.anitya_project_id, o.identity) end) as counting
    from (${selects.join(' union all ')}) o
    left join d_projects p on p.id = o.project_id left join d_anitya a on a.id = o.anitya_project_id
    left join (${EXISTING_TRIGGERS}) x on x.kind = o.kind and x.identity = o.identity
      and coalesce(x.home, -x.anitya_project_id) = coalesce(p.home, -o.anitya_project_id)
    where (p.id is not null or a.id is not null) and coalesce(octet_length(o.identity), 0) <= ${MAX_NAME_BYTES}`
}

/** As the generated column \`triggers.key\`. */
const TRIGGER_KEY = `case o.kind when 'pull_request' then 'pr:' || o.number when 'issue' then 'issue:' || o.number
  when 'branch_push' then 'branch:' || o.name when 'koji_build_tag' then 'branch:' || o.target
  when 'release' then 'release:' || o.name when 'anitya_version' then 'version:' || o.name end`

const EXISTING_TRIGGERS = `
  select t.id, t.kind, coalesce(p.same_as, p.id) as home, t.anitya_project_id, case
    when t.kind in ('pull_request', 'issue') then t.number::text
    when t.kind = 'koji_build_tag' then t.task_id || ' ' || t.name
    when t.kind = 'anitya_multiple_versions' then t.versions::text else t.name end as identity
  from triggers t left join projects p on p.id = t.project_id where t.same_as is null`

/** The kind of an event names the table that its object lies in. */
function events(border: number): string {
  const whens = TRIGGER_KINDS.map(({ kind, from }) => `when '${kind}' then ${triggerId(from, 'e.event_id')}`)
  return `
    select e.id, e.commit_sha, t.id as trigger_id, t.counting, t.home, t.key,
      coalesce(f.first, 'epoch'::timestamp) at time zone 'UTC' as created_at
    from s_project_events e left join d_triggers t on t.id = case e.type ${whens.join(' ')} end
    left join (select project_event_id, min(datetime) as first from s_pipelines group by 1) f on f.project_event_id = e.id
    where e.id < ${border}`
}

/** What pipelines point at: our column, the source's, its table, and how to get at the status of its parts. */
export const POINTERS = [
  {
    pointer: 'srpm_build_id',
    column: 'srpm_build_id',
    table: 'srpm_builds',
    parts: { table: 'srpm_builds', key: 'id', ended: 'build_finished_time' },
  },
  {
    pointer: 'build_group_id',
    column: 'copr_build_group_id',
    table: 'copr_build_groups',
    parts: { table: 'copr_build_targets', key: 'copr_build_group_id', ended: 'build_finished_time' },
  },
  {
    pointer: 'koji_build_group_id',
    column: 'koji_build_group_id',
    table: 'koji_build_groups',
    parts: { table: 'koji_build_targets', key: 'koji_build_group_id', ended: 'build_finished_time' },
  },
  {
    pointer: 'tag_request_group_id',
    column: 'koji_tag_request_group_id',
    table: 'koji_tag_request_groups',
    parts: undefined,
  },
  {
    pointer: 'vm_image_id',
    column: 'vm_image_build_id',
    table: 'vm_image_build_targets',
    parts: { table: 'vm_image_build_targets', key: 'id', ended: 'build_finished_time' },
  },
  {
    pointer: 'test_group_id',
    column: 'test_run_group_id',
    table: 'tft_test_run_groups',
    parts: { table: 'tft_test_run_targets', key: 'tft_test_run_group_id', ended: 'null::timestamp' },
  },
  {
    pointer: 'sync_run_id',
    column: 'sync_release_run_id',
    table: 'sync_release_runs',
    parts: { table: 'sync_release_run_targets', key: 'sync_release_id', ended: 'finished_time' },
  },
  {
    pointer: 'bodhi_update_group_id',
    column: 'bodhi_update_group_id',
    table: 'bodhi_update_groups',
    parts: { table: 'bodhi_update_targets', key: 'bodhi_update_group_id', ended: 'null::timestamp' },
  },
  {
    pointer: 'log_detective_group_id',
    column: 'log_detective_run_group_id',
    table: 'log_detective_run_groups',
    parts: undefined,
  },
] as const

/** Pipelines with what follows from their event, the bits of the states of all that they point at, and its last end. */
function pipelines(border: number): string {
  const joins = POINTERS.map(({ table, column, parts }, n) => {
    const there = `left join ${staged(table)} g${n} on g${n}.id = p.${column} and g${n}.id < ${border}`
    if (!parts) return there
    return `${there} left join (select ${parts.key} as id, bit_or(${stateBitSql(testStatus('status'))}) as bits, max(${parts.ended}) as ended
      from ${staged(parts.table)} where ${parts.key} is not null and id < ${border} group by 1) k${n} on k${n}.id = g${n}.id`
  })
  const parted = POINTERS.flatMap(({ parts }, n) => (parts ? [n] : []))
  return `
    select p.id, e.id as event_id, e.counting as trigger_id, e.home as project_id, e.key as trigger_key,
      coalesce(p.package_name, '') as package, coalesce(p.datetime, 'epoch'::timestamp) at time zone 'UTC' as created_at,
      ${POINTERS.map(({ pointer }, n) => `g${n}.id as ${pointer}`).join(', ')},
      ${parted.map((n) => `coalesce(k${n}.bits, 0)`).join(' | ')} as bits,
      greatest(${parted.map((n) => `k${n}.ended`).join(', ')}) at time zone 'UTC' as ended_at
    from s_pipelines p left join d_events e on e.id = p.project_event_id ${joins.join(' ')}
    where p.id < ${border}`
}

/** The run of each SRPM: its smallest pipeline, or what it was at an earlier import. */
const MERGED = `
  select srpm_build_id as id, min(pipeline) as run from (
    select srpm_build_id, id as pipeline from d_pipelines
    union all select srpm_build_id, merged_run_id from pipelines where imported_at is not null
  ) p where srpm_build_id is not null group by 1`

const RUNS = `
  select coalesce(m.run, p.id) as id, ${combinedSql('bit_or(p.bits)')} as state, max(p.ended_at) as ended_at
  from d_pipelines p left join d_merged m on m.id = p.srpm_build_id group by 1`

/** What a job belongs to is told by the first pipeline that points at it; as `db/scope.ts` has it. */
function firstPipeline(pointer: string): string {
  return `select distinct on (${pointer}) ${pointer} as id, event_id, trigger_id, project_id, trigger_key,
      nullif(package, '') as package, created_at
    from d_pipelines where ${pointer} is not null order by ${pointer}, id`
}

/**
 * Targets by build. The source shows one entry for each build id, whichever groups its rows belong to; without a build id
 * those of one group belong together. A build has the id of its smallest target, and is listed under the smallest one
 * that ever was a build.
 */
function buildTargets(border: number): string {
  const isListed = `build_id is not null and status is not null and status <> 'waiting_for_srpm'
    and not (status = 'failure' and build_start_time is null and build_logs_url is null)`
  return `
    select id, min(id) over same as build_row_id, min(case when ${isListed} then id end) over same as listed_id
    from s_copr_build_targets where id < ${border}
    window same as (partition by build_id, case when build_id is null then
      concat_ws(' ', coalesce(copr_build_group_id, 0), project_name, owner) end)`
}

const BUILDS = 'select distinct build_row_id as id, listed_id from d_targets'

/** When something last ran for each trigger that counts. */
const LAST_PIPELINES = `
  select trigger_id as id, max(project_id) as project_id, max(created_at) as at from d_pipelines
  where trigger_id is not null group by 1`
