// What happens, as temporary tables that everything else is made from: projects, triggers, events, pipelines. Ids are
// in the order of time.
import { fraction, oneOf, pick, skewed, WORDS, weighted } from './pick.ts'
import type { Size } from './size.ts'

/** Five years, in seconds since 1970. */
const START = 1_622_000_000
const SPAN_S = 157_680_000

/** The moment of row `k` of `count` that are spread over the five years. */
const spread = (k: string, count: number) => `(${START} + ${SPAN_S}::float8 * ${k} / ${count})`
const each = (count: number, name = 'k') => `generate_series(1, ${count}) as ${name}`

/**
 * `gen_projects`: four in five at one forge; one in eight is a package repository of the distribution, all of them in one
 * namespace. `rank` counts from the most active, upstream and downstream each by itself; one upstream project in twenty
 * is a monorepo of four packages.
 */
function projects({ projects: count }: Size): string {
  const kind = 'k % 25'
  return `create temp table gen_projects as
    with named as (select k as id, ${kind} >= 22 as downstream,
      case when ${kind} >= 22 then 'src.fedoraproject.org' when ${kind} = 20 or (${kind} = 21 and k % 2 = 0) then 'gitlab.com'
        when ${kind} = 21 then 'codeberg.org' else 'github.com' end as forge,
      case when ${kind} >= 22 then 'rpms' when ${kind} = 20 then 'group-' || k % 7 || '/sub-' || k % 3
        else 'team-' || floor(${Math.ceil(count / 5)} * power(${fraction('k', 1)}, 2)) end as namespace,
      ${oneOf('k', 2, WORDS)} || '-' || ${oneOf('k', 3, WORDS)} || '-' || k as name
      from ${each(count)}),
    ranked as (select *, row_number() over (partition by downstream order by ${fraction('id', 4)}, id)::int as rank from named)
    select *, case when not downstream and rank % 20 = 3 then 4 else 1 end as packages,
      case when not downstream and rank % 40 = 11 then 'v' else '' end as tag_prefix from ranked`
}

/** The project of a row, by its rank. */
const project = (rank: string, downstream: string) =>
  `join gen_projects p on p.downstream = ${downstream} and p.rank = ${rank}`
const UPSTREAM = '(select count(*) from gen_projects where not downstream)'
const DOWNSTREAM = '(select count(*) from gen_projects where downstream)'

/** `gen_triggers`: `j` counts the triggers of a kind in a project (or at Anitya), `at` is when it came to be. */
function triggers(size: Size): string {
  const { pullRequests, releases, versions, issues, kojiTags, projects: projectCount } = size
  const branches = `select 'branch_push' as kind, p.id as project, null::int as anitya, p.id as k, branch as name, ${START}::float8 as at
    from gen_projects p cross join lateral unnest(case when p.downstream then array['rawhide', 'f45', 'f44', 'epel9', 'epel10.1']
      when p.id % 4 = 0 then array['main', 'stable'] else array['main'] end) as branch`
  const pulls = `select 'pull_request', p.id, null, k, null, ${spread('k', pullRequests)}
    from ${each(pullRequests)} ${project(
      `case when ${pick('k', 10, 100)} < 12 then ${skewed('k', 11, DOWNSTREAM)} else ${skewed('k', 11, UPSTREAM)} end`,
      `(${pick('k', 10, 100)} < 12)`,
    )}`
  const other = (kind: string, count: number, salt: number, downstream = false) =>
    `select '${kind}', p.id, null, k, null, ${spread('k', count)} from ${each(count)}
      ${project(skewed('k', salt, downstream ? DOWNSTREAM : UPSTREAM), String(downstream))}`
  const anityas = Math.max(1, Math.floor(projectCount / 10))
  return `create temp table gen_triggers as
    with found as (${branches} union all ${pulls} union all ${other('release', releases, 12)}
      union all ${other('issue', issues, 13)} union all ${other('koji_build_tag', kojiTags, 14, true)}
      union all select 'anitya_version', null, 1 + ${pick('k', 15, anityas)}, k, null, ${spread('k', versions)} from ${each(versions)}),
    counted as (select *, row_number() over (partition by kind, project, anitya order by k, name)::int as j from found)
    select row_number() over (order by c.at, c.kind, c.k, c.name) as id, c.kind, c.project, c.anitya, c.k, c.j, c.at,
      case c.kind when 'pull_request' then c.j * 2 when 'issue' then c.j * 2 - 1 end as number,
      case c.kind when 'release' then p.tag_prefix || '1.' || c.j when 'anitya_version' then '1.' || c.j
        when 'koji_build_tag' then 'f45-build-side-' || c.k else c.name end as name
    from counted c left join gen_projects p on p.id = c.project`
}

/** What lists are filtered by, as `triggers.key` has it. */
const KEY = `case t.kind when 'pull_request' then 'pr:' || t.number when 'issue' then 'issue:' || t.number
  when 'branch_push' then 'branch:' || t.name when 'koji_build_tag' then 'branch:f45'
  when 'release' then 'release:' || t.name when 'anitya_version' then 'version:' || t.name end`

/** `gen_events`: pushes to pull requests (two each, some many), pushes to branches, and one event for all else. */
function events({ pushes, downstreamPushes }: Size): string {
  const branch = `case when p.id % 4 = 0 and ${pick('i', 22, 12)} = 0 then 'stable' else 'main' end`
  const downstreamBranch = weighted('i', 23, { rawhide: 50, f45: 25, f44: 15, epel9: 9, 'epel10.1': 1 })
  const push = (count: number, salt: number, rank: string, name: string, downstream: boolean) =>
    `select t.id, t.kind, t.project, 0, ${spread('i', count)} from ${each(count, 'i')}
      ${project(skewed('i', salt, rank), String(downstream))}
      join gen_triggers t on t.project = p.id and t.kind = 'branch_push' and t.name = ${name}`
  return `create temp table gen_events as
    with found as (
      select t.id as trigger_id, t.kind, t.project, push as j, t.at + push * 7200 as at from gen_triggers t
        cross join lateral generate_series(0, ${pick('t.k', 20, 3)} + case when ${pick('t.k', 21, 120)} = 0 then 12 else 0 end) as push
        where t.kind = 'pull_request'
      union all ${push(pushes, 24, UPSTREAM, branch, false)}
      union all ${push(downstreamPushes, 25, DOWNSTREAM, downstreamBranch, true)}
      union all select id, kind, project, 0, at from gen_triggers where kind not in ('pull_request', 'branch_push'))
    select row_number() over (order by f.at, trigger_id, f.j) as id, f.*, ${KEY} as key,
      case when f.kind = 'pull_request' then row_number() over (partition by trigger_id order by f.j desc) else 1 end as newness
    from found f join gen_triggers t on t.id = f.trigger_id`
}

/**
 * `gen_pipelines`: an event has one pipeline for each package; some have another one that builds the same SRPM under an
 * identifier, or that tests it again. Downstream a push is built in Koji and, mostly, goes on to a Bodhi update.
 */
const PIPELINES = `create temp table gen_pipelines as
  with base as (
    select e.id as event_id, e.trigger_id, e.key, e.kind, coalesce(p.downstream, false) as downstream, e.project, n as package_no, v.*,
      case when p.packages = 4 then p.name || (array['', '-libs', '-docs', '-tools'])[n] else '' end as package,
      e.at + v.delay as at
    from gen_events e left join gen_projects p on p.id = e.project
    cross join lateral generate_series(1, coalesce(p.packages, 1)) as n
    cross join lateral (
      select 0 as variant, case when e.kind in ('issue', 'anitya_version') then 'sync' when p.downstream then 'koji' else 'srpm' end as flow,
        0 as delay
      union all select 1, 'srpm', 0 where not p.downstream and e.kind <> 'issue' and ${pick('e.id * 4 + n', 30, 100)} < 17
      union all select 2, 'srpm', 3600 where not p.downstream and e.kind <> 'issue' and ${pick('e.id * 4 + n', 31, 100)} < 8
      union all select 3, 'sync', 60 where e.kind = 'release' and n = 1
      union all select 4, 'bodhi', 9000 where p.downstream and e.kind in ('branch_push', 'koji_build_tag') and ${pick('e.id', 32, 10)} < 7
      union all select 5, 'tag', 1800 where p.downstream and e.kind = 'branch_push' and ${pick('e.id', 33, 4)} = 0
    ) v),
  numbered as (select row_number() over (order by at, event_id, package_no, variant) as id, b.* from base b),
  counted as (select n.*,
      count(*) filter (where flow = 'srpm' and variant = 0) over (order by id) as srpm_no,
      case when flow = 'srpm' then min(id) over (partition by event_id, package_no, flow) else id end as merged_run_id,
      case variant when 1 then ${weighted('id', 34, { extra: 60, lint: 38, nightly: 1, experimental: 1 })} when 2 then 'tests' when 3 then 'sync' when 4 then 'bodhi' when 5 then 'tag' else '' end as identifier,
      id > (select count(*) - greatest(4, count(*) / 2000) from numbered) as live
    from numbered n),
  judged as (select c.*,
      case when flow = 'srpm' then first_value(srpm_no) over (partition by event_id, package_no, flow order by variant) end as srpm_id,
      case when live then ${weighted('id', 35, { running: 1, pending: 1 })}
        else ${weighted('id', 36, { success: 78, failure: 16, error: 2, canceled: 3, skipped: 1 })} end as outcome
    from counted c),
  known as (select j.*, case when live then 'success' else ${weighted('srpm_id', 37, { success: 186, failure: 9, error: 2, canceled: 3 })} end as srpm_state
    from judged j)
  select k.*, case when flow = 'srpm' and srpm_state <> 'success' then srpm_state else outcome end as state,
    case when has_build then count(*) filter (where has_build) over w end as build_id,
    case when has_test then count(*) filter (where has_test) over w end as test_group_id,
    case when has_analysis then count(*) filter (where has_analysis) over w end as analysis_id,
    case when flow = 'koji' then count(*) filter (where flow = 'koji') over w end as koji_id,
    case when flow = 'sync' then count(*) filter (where flow = 'sync') over w end as sync_id,
    case when flow = 'bodhi' then count(*) filter (where flow = 'bodhi') over w end as bodhi_id,
    case when flow = 'tag' then count(*) filter (where flow = 'tag') over w end as tag_id
  from (select *, flow = 'srpm' and variant < 2 as has_build,
      flow = 'srpm' and variant < 2 and srpm_state = 'success' and outcome = 'failure' and ${pick('id', 39, 2)} = 0 as has_analysis,
      flow = 'srpm' and srpm_state = 'success' and (variant = 2 or ${pick('project', 38, 5)} < 2) as has_test from known) k
  window w as (order by id)`

/** Statements that make the temporary tables; ids of jobs are settled here too. */
export function planStatements(size: Size): string[] {
  return [
    projects(size),
    'analyze gen_projects',
    triggers(size),
    'analyze gen_triggers',
    events(size),
    'analyze gen_events',
    PIPELINES,
    'analyze gen_pipelines',
  ]
}
