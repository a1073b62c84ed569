// Projects with what happens to them, and the jobs of the way upstream: SRPMs, builds, tests, scans.
import { oneOf, pick, WORDS, weighted } from './pick.ts'

/** The moment of a row of a temporary table, and some seconds. */
const at = (table: string, seconds: number | string = 0) => `to_timestamp(${table}.at + ${seconds})`

/** The columns of `db/scope.ts`, of jobs that belong to pipeline `g`. */
export const SCOPE = 'event_id, trigger_id, project_id, trigger_key, package'
export const SCOPE_OF_G = `g.event_id, g.trigger_id, g.project, g.key, nullif(g.package, '')`

/** From the most common to the rarest; a project has the first ones. */
export const CHROOTS = [
  'fedora-rawhide-x86_64',
  'fedora-45-x86_64',
  'fedora-44-x86_64',
  'epel-10-x86_64',
  'epel-9-x86_64',
  'fedora-rawhide-aarch64',
  'centos-stream-10-x86_64',
  'fedora-rawhide-s390x',
]
const chroot = (project: string, c: string) => `case when ${c} = 1 and ${pick(project, 50, 25)} = 0
    then ${weighted(project, 51, { 'opensuse-tumbleweed-x86_64': 90, 'mageia-9-x86_64': 10 })}
  else (array['${CHROOTS.join("','")}'])[${c}] end`

const PLAN = JSON.stringify({
  summary: '1 of 2 jobs runs.',
  jobs: ['pull_request', 'commit'].map((on) => ({
    package: '',
    job: 'copr_build',
    on,
    identifier: null,
    targets: CHROOTS.slice(0, 3),
    wanted: on === 'pull_request',
    reason: on === 'pull_request' ? 'the pull request changed' : 'only for pushes to main',
  })),
  builds: [],
  warnings: [],
  config: { specfile_path: 'tool.spec', jobs: [], upstream_package_name: 'tool' },
  configPath: '.packit.yaml',
  problem: null,
})

const sha = (text: string) => `md5(${text}) || substr(md5('x' || ${text}), 1, 8)`
const projectUrl = `'https://' || p.forge || '/' || p.namespace || '/' || p.name`

const PROJECTS = [
  `insert into projects (id, forge, namespace, name, url, prs_handled, branches_handled, releases_handled, issues_handled, last_activity_at)
    select p.id, p.forge, p.namespace, p.name, ${projectUrl}, coalesce(t.prs, 0), coalesce(t.branches, 0), coalesce(t.releases, 0),
      coalesce(t.issues, 0), to_timestamp(t.last)
    from gen_projects p left join (
      select e.project, count(distinct trigger_id) filter (where kind = 'pull_request') as prs, max(at) as last,
        count(distinct trigger_id) filter (where kind = 'branch_push') as branches,
        count(distinct trigger_id) filter (where kind = 'release') as releases,
        count(distinct trigger_id) filter (where kind = 'issue') as issues
      from gen_events e group by e.project) t on t.project = p.id`,
  `insert into anitya_projects (id, anitya_id, name, package)
    select anitya, 4000 + anitya, 'upstream-' || anitya, 'tool-' || anitya from gen_triggers where anitya is not null group by anitya`,
  `insert into triggers (id, kind, project_id, anitya_project_id, number, name, title, author, url, base_ref, head_ref, open, order_key, commit_hash,
      task_id, target, last_pipeline_at)
    select t.id, t.kind, t.project, t.anitya, t.number, t.name,
      case when number is not null then 'Change how ' || ${oneOf('t.id', 52, WORDS)} || ' is read by ' || ${oneOf('t.id', 53, WORDS)} || ' ' || t.id end,
      case when number is not null then 'author-' || ${pick('t.id', 54, 4000)} end,
      case when number is not null then ${projectUrl} || '/pull/' || t.number end,
      case when t.kind = 'pull_request' then 'main' end, case when t.kind = 'pull_request' then 'change-' || t.id end,
      t.kind = 'branch_push' or ${pick('t.id', 55, 100)} < 3, t.id, case when t.kind = 'release' then ${sha("'t' || t.id")} end,
      case when t.kind = 'koji_build_tag' then (70000000 + t.k)::text end, case when t.kind = 'koji_build_tag' then 'f45' end, to_timestamp(e.last)
    from gen_triggers t left join gen_projects p on p.id = t.project
    left join (select trigger_id, max(at) as last from gen_events group by trigger_id) e on e.trigger_id = t.id`,
  `insert into project_events (id, trigger_id, commit_sha, commit_title, base_sha, order_key, created_at, plan, superseded_by)
    select e.id, e.trigger_id, ${sha('e.id::text')}, 'Commit ' || e.id, ${sha("'base'")}, e.id, ${at('e')}, '${PLAN}'::jsonb,
      case when e.newness > 1 then lead(e.id) over (partition by e.trigger_id order by e.j) end
    from gen_events e`,
  // two in three deliveries are nothing for us
  `insert into deliveries (id, source, delivery_id, event, action, received_at, state, decision, reasons, project_id, trigger_id, event_id)
    select row_number() over (order by d.at, d.event_id nulls first, n), 'github', md5('delivery' || row_number() over (order by d.at, d.event_id nulls first, n)),
      case when d.event_id is null then 'issue_comment' when d.kind = 'pull_request' then 'pull_request' else 'push' end,
      case when d.event_id is null then 'created' when d.kind = 'pull_request' then 'synchronize' end, ${at('d')}, 'decided',
      case when d.event_id is null then 'This comment asks for nothing.' else '1 of 2 jobs runs.' end, '{}', d.project, d.trigger_id, d.event_id
    from (select id as event_id, trigger_id, project, kind, at - 2 as at, 0 as n from gen_events
      union all select null, null, project, kind, at - 60 * n, n from gen_events, generate_series(1, 2) as n) d`,
]

const srpmStatus = `case when live and outcome = 'pending' then 'pending' when live then 'running' else srpm_state end`
const SRPMS = `insert into srpm_builds (id, ${SCOPE}, status, state, submitted_at, started_at, ended_at, nvr, file_key, log_key, log_size)
  select g.srpm_id, ${SCOPE_OF_G}, case when live then 'pending' else srpm_state end, ${srpmStatus}, ${at('g')}, ${at('g', 1)},
    case when not live then ${at('g', 20)} end,
    case when srpm_state = 'success' then coalesce(nullif(g.package, ''), p.name) || '-1.' || g.srpm_id || '-1' end,
    case when srpm_state = 'success' then 'srpm/' || g.srpm_id || '/tool-1-' || g.srpm_id || '.src.rpm' end,
    'srpm/' || g.srpm_id || '/build.log', 2000
  from gen_pipelines g join gen_projects p on p.id = g.project where g.flow = 'srpm' and g.variant = 0 order by g.id`

/** A build never begins when its SRPM failed, or isn't there yet: then the list leaves it out. */
const GEN_BUILDS = `create temp table gen_builds as
  select g.*, sum(n) over (order by g.id) - n as before,
    srpm_state = 'success' and not (live and outcome = 'pending') as begun
  from (select g.*, 1 + ${pick('g.project', 56, 8)} as n from gen_pipelines g where g.build_id is not null) g`

const BUILDS = [
  GEN_BUILDS,
  'analyze gen_builds',
  'insert into build_groups (id, submitted_at) select g.build_id, to_timestamp(g.at) from gen_builds g order by g.id',
  `insert into builds (id, group_id, ${SCOPE}, identifier, submitted_at, builder, build_id, listed_id, project_name, owner, web_url)
    select g.build_id, g.build_id, ${SCOPE_OF_G}, nullif(g.identifier, ''), ${at('g')}, ${weighted('g.build_id', 57, { copr: 19, local: 1 })},
      case when begun then (9000000 + g.build_id)::text end, case when begun then before + 1 end,
      'project-' || g.project || '-' || g.trigger_id, 'packit', 'https://copr.example/build/' || g.build_id
    from gen_builds g order by g.id`,
  `insert into build_targets (id, group_id, build_row_id, listed_id, target, identifier, status, state, submitted_at, started_at, ended_at, log_key, log_size,
      web_url, built_packages)
    select t.before + c, t.build_id, t.build_id, case when begun then before + 1 end, ${chroot('t.project', 'c')}, nullif(t.identifier, ''),
      case when t.target_state in ('pending', 'running') then case when begun then 'pending' else 'waiting_for_srpm' end
        when t.target_state = 'skipped' then 'canceled' else t.target_state end,
      t.target_state, ${at('t', 20)}, case when begun and t.target_state not in ('pending', 'skipped') then ${at('t', 25)} end,
      case when not live then ${at('t', '120 + 20 * c')} end,
      case when begun then 'builds/' || t.build_id || '/' || c || '/build.log' end, 100000, 'https://copr.example/build/' || t.build_id,
      case when t.target_state = 'success' then '[{"name":"tool","epoch":0,"version":"1","release":"1","arch":"x86_64"},{"name":"tool-libs","epoch":0,"version":"1","release":"1","arch":"x86_64"}]'::jsonb end
    from (select g.*, c, case when srpm_state <> 'success' then 'failure' when state in ('failure', 'error') and c > 1 and ${pick('g.build_id * 8 + c', 58, 3)} > 0 then 'success'
        when state = 'running' and c > 1 then 'pending' else state end as target_state
      from gen_builds g, generate_series(1, g.n) as c) t order by t.before, c`,
  `insert into checks (event_id, name, state, title, link)
    select g.event_id, c.name, g.state, 'Build ' || g.state, 'https://packit.example/runs/' || g.merged_run_id
    from gen_builds g cross join lateral unnest(array['packit', 'rpm-build:fedora-rawhide-x86_64', 'rpm-build:fedora-45-x86_64', 'rpm-build:epel-10-x86_64']) with ordinality as c(name, i)
    where g.variant = 0 and g.package_no = 1 and (c.i = 1 or g.srpm_state = 'success') order by g.id, c.i`,
  // each successful build of the newest Fedora may be scanned
  `insert into scans (id, ${SCOPE}, task_id, status, url, issues_added_count, submitted_at, build_target_id)
    select row_number() over (order by g.id), ${SCOPE_OF_G}, 1000000 + g.id, ${weighted('g.id', 59, { succeeded: 90, failed: 6, canceled: 3, running: 1 })},
      'https://scans.example/' || g.id, ${pick('g.id', 60, 9)}, ${at('g', 400)}, g.before + 1
    from gen_builds g where begun and not live and state = 'success' and ${pick('g.id', 61, 5)} = 0`,
  'insert into log_detective_groups (id, submitted_at) select g.analysis_id, to_timestamp(g.at + 500) from gen_builds g where g.analysis_id is not null order by g.id',
  `insert into log_detective_runs (id, ${SCOPE}, group_id, analysis_id, status, identifier, target_build, target, response, submitted_at, build_system, build_target_id)
    select row_number() over (order by g.id), ${SCOPE_OF_G}, g.analysis_id, md5('analysis' || g.id), ${weighted('g.id', 62, { complete: 90, error: 8, running: 1, unknown: 1 })},
      nullif(g.identifier, ''), (9000000 + g.build_id)::text, ${chroot('g.project', '1')}, '{"explanation":{"text":"A file is missing."}}', ${at('g', 500)}, 'copr', g.before + 1
    from gen_builds g where g.analysis_id is not null`,
]

const TESTS = [
  `create temp table gen_tests as select g.*, sum(n) over (order by g.id) - n as before
    from (select g.*, 1 + ${pick('g.project', 63, 7)} as n from gen_pipelines g where g.test_group_id is not null) g`,
  'analyze gen_tests',
  'insert into test_groups (id, submitted_at) select g.test_group_id, to_timestamp(g.at) from gen_tests g order by g.id',
  `insert into test_targets (id, ${SCOPE}, group_id, pipeline_id, identifier, status, state, target, web_url, submitted_at, started_at, ended_at)
    select t.before + c, t.event_id, t.trigger_id, t.project, t.key, nullif(t.package, ''), t.test_group_id, md5('test' || t.before + c)::uuid::text, nullif(t.identifier, ''), t.word,
      case t.word when 'passed' then 'success' when 'failed' then 'failure' when 'needs_inspection' then 'failure' when 'queued' then 'pending'
        when 'new' then 'pending' else t.word end,
      ${chroot('t.project', 'c')}, 'https://tests.example/' || t.test_group_id, ${at('t', 300)}, ${at('t', 310)},
      case when not live then ${at('t', '600 + c')} end
    from (select g.*, c, case when live then ${weighted('g.id * 8 + c', 64, { running: 3, queued: 2, new: 1 })}
        else ${weighted('g.id * 8 + c', 65, { passed: 157, failed: 30, error: 6, skipped: 4, canceled: 2, needs_inspection: 1 })} end as word
      from gen_tests g, generate_series(1, g.n) as c) t order by t.before, c`,
  `insert into test_target_builds (test_target_id, build_target_id)
    select t.before + c, b.before + c from gen_tests t join gen_builds b on b.id = t.id
    cross join lateral generate_series(1, least(t.n, b.n)) as c`,
]

export const UPSTREAM: readonly string[] = [...PROJECTS, SRPMS, ...BUILDS, ...TESTS]
