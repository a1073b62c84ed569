// Rows as a service has them after a while: projects, pull requests, and runs of three targets, of which some failed.
import { sql } from 'drizzle-orm'
import type { Db } from '../server/src/db/database.ts'

export interface Size {
  projects: number
  pullRequests: number
  runs: number
}

/** The data of a service with so many runs. */
export function sizeOf(runs: number): Size {
  return { runs, pullRequests: Math.ceil(runs / 5), projects: Math.ceil(runs / 40) }
}

/** Words that names are made of: each is part of the names of some projects. */
export const WORDS = ['net', 'lib', 'disk', 'mail', 'font', 'audio', 'graph', 'kernel', 'shell', 'text']
const words = `(array['${WORDS.join("','")}'])`

const PLAN = JSON.stringify({
  summary: '1 of 2 jobs runs.',
  jobs: ['pull_request', 'commit'].map((on) => ({
    package: '',
    job: 'copr_build',
    on,
    identifier: null,
    targets: ['fedora-rawhide-x86_64', 'fedora-45-x86_64', 'epel-10-x86_64'],
    wanted: on === 'pull_request',
    reason: on === 'pull_request' ? 'the pull request changed' : 'only for pushes to main',
  })),
  builds: [],
  warnings: [],
  config: { specfile_path: 'tool.spec', jobs: [], upstream_package_name: 'tool' },
  configPath: '.packit.yaml',
  problem: null,
})

/** Runs are a minute apart; `n` is the number of the run. */
const at = (seconds: number) => `to_timestamp(1780000000 + n * 60 + ${seconds})`
const pull = (size: Size) => `((n - 1) % ${size.pullRequests} + 1)`

/** One run in seven fails in its third target; a row is numbered by its run, a target by run and chroot. */
function statements(size: Size): string[] {
  const { projects, pullRequests, runs } = size
  const each = (count: number, name = 'n') => `generate_series(1, ${count}) as ${name}`
  return [
    `insert into projects (id, forge, namespace, name, url, prs_handled, last_activity_at)
      select n, 'github.com', 'team-' || n % 97, ${words}[n % 10 + 1] || '-' || ${words}[n / 10 % 10 + 1] || '-' || n,
        'https://github.com/team-' || n % 97, ${Math.ceil(pullRequests / projects)}, ${at(0)} from ${each(projects)}`,
    `insert into triggers (id, kind, project_id, number, title, author, url, base_ref, head_ref, order_key)
      select n, 'pull_request', (n - 1) % ${projects} + 1, n, 'Change how ' || ${words}[n % 10 + 1] || ' is read', 'author-' || n % 50,
        'https://github.com/pull/' || n, 'main', 'change-' || n, n from ${each(pullRequests)}`,
    `insert into project_events (id, trigger_id, commit_sha, commit_title, base_sha, order_key, created_at, plan)
      select n, ${pull(size)}, md5(n::text) || '00000000', 'Commit ' || n, md5('base') || '00000000', n, ${at(0)}, '${PLAN}'::jsonb
      from ${each(runs)}`,
    `insert into deliveries (id, source, delivery_id, event, action, received_at, state, decision, trigger_id, event_id)
      select n, 'github', 'delivery-' || n, 'pull_request', 'synchronize', ${at(0)}, 'decided', '1 of 2 jobs runs.', ${pull(size)}, n
      from ${each(runs)}`,
    `insert into srpm_builds (id, event_id, state, submitted_at, started_at, ended_at, nvr, file_key, log_key, log_size)
      select n, n, 'success', ${at(0)}, ${at(1)}, ${at(3)}, 'tool-1-' || n, 'srpm/' || n || '/tool-1-' || n || '.src.rpm',
        'srpm/' || n || '/build.log', 2000 from ${each(runs)}`,
    `insert into build_groups (id, submitted_at) select n, ${at(3)} from ${each(runs)}`,
    `insert into builds (id, group_id, builder, build_id, listed_id, project_name, owner)
      select n, n, 'copr', n::text, n * 3, 'tool-' || n, 'packit' from ${each(runs)}`,
    `insert into build_targets (id, group_id, build_row_id, target, state, submitted_at, started_at, ended_at, log_key, log_size, built_packages)
      select n * 3 + c, n, n, (array['fedora-rawhide-x86_64', 'fedora-45-x86_64', 'epel-10-x86_64'])[c + 1],
        case when c = 2 and n % 7 = 0 then 'failure' else 'success' end, ${at(3)}, ${at(4)}, ${at(40)},
        'builds/' || n || '/' || c || '/build.log', 100000,
        '[{"name":"tool","epoch":0,"version":"1","release":"1","arch":"x86_64"},{"name":"tool-libs","epoch":0,"version":"1","release":"1","arch":"x86_64"}]'::jsonb
      from ${each(runs)}, generate_series(0, 2) as c`,
    `insert into pipelines (id, event_id, created_at, merged_run_id, srpm_build_id, build_group_id, state, ended_at, repository_name, repository_key, published_at)
      select n, n, ${at(0)}, n, n, n, case when n % 7 = 0 then 'failure' else 'success' end, ${at(42)}, 'team-tool-' || ${pull(size)},
        'repos/team-tool-' || ${pull(size)} || '/runs/' || n, ${at(42)} from ${each(runs)}`,
    `insert into checks (event_id, name, state, title, link)
      select n, 'rpm-build:' || c, 'success', 'Built', 'https://packit.example/jobs/' || n
      from ${each(runs)}, unnest(array['fedora-rawhide-x86_64', 'fedora-45-x86_64', 'epel-10-x86_64', 'packit']) as c`,
  ]
}

const TABLES =
  'projects,triggers,project_events,deliveries,srpm_builds,build_groups,builds,build_targets,pipelines'.split(',')

/** Fills an empty database; ids are counted from 1. */
export async function generate(db: Db, size: Size): Promise<void> {
  for (const statement of statements(size)) await db.execute(sql.raw(statement))
  // the ids were given: what comes next must not meet them
  for (const table of TABLES) {
    await db.execute(sql.raw(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`))
  }
  await db.execute(sql.raw('analyze'))
}
