// A Packit Service database as it is after some years, made by SQL: 1,080,000 rows at the size of 60,000 events.

/** Statements that fill the tables of a source; `n` counts events, each with its pipelines, SRPM, builds and tests. */
export function sourceRows(events: number): string[] {
  const projects = 2000
  const pulls = Math.ceil(events / 2.2)
  const each = (count: number, name = 'n') => `generate_series(1, ${Math.ceil(count)}) as ${name}`
  const at = (seconds: number) => `timestamp '2022-01-01' + n * interval '30 min' + interval '${seconds} s'`
  const chroots =
    "(array['fedora-rawhide-x86_64', 'fedora-43-x86_64', 'fedora-42-x86_64', 'epel-9-x86_64', 'epel-10-x86_64', 'fedora-43-aarch64'])"
  const status = "(case when n % 7 = 0 and c = 2 then 'failure' when n % 97 = 0 then 'canceled' else 'success' end)"
  const packages =
    '[{"name":"tool","epoch":0,"version":"1","release":"1.20220101120000123456.main.5.g0123abc.fc43","arch":"x86_64"},{"name":"tool-libs","epoch":0,"version":"1","release":"1.20220101120000123456.main.5.g0123abc.fc43","arch":"x86_64"}]'
  return [
    `insert into git_projects select n, 'team-' || n % 297, 'tool-' || n, 'https://github.com/team-' || n % 297 || '/tool-' || n,
      'github.com', n % 50 = 0 from ${each(projects)}`,
    `insert into pull_requests select n, n, (n - 1) % ${projects} + 1 from ${each(pulls)}`,
    `insert into git_branches select n, 'main', n from ${each(projects)}`,
    `insert into project_events select n, (case when n % 10 = 0 then 'branch_push' else 'pull_request' end)::projecteventmodeltype,
      case when n % 10 = 0 then (n - 1) % ${projects} + 1 else (n - 1) % ${pulls} + 1 end, md5(n::text) || '01234567' from ${each(events)}`,
    `insert into srpm_builds select n, 'success', case when n > ${events} - 2000 then repeat('a line of a log' || chr(10), 2000) end,
      ${at(0)}, ${at(1)}, ${at(60)}, 'https://download.example/srpm/' || n || '/tool-1.src.rpm',
      'https://download.example/log/' || n, n::text, 'https://copr.example/build/' || n from ${each(events)}`,
    `insert into copr_build_groups select n, ${at(61)} from ${each(events)}`,
    `insert into copr_build_targets select n * 6 + c, (5000000 + n)::text, ${status}::buildstatus, ${chroots}[c + 1],
      'https://copr.example/build/' || (5000000 + n), 'https://download.example/log/' || n || '-' || c, null, ${at(61)}, ${at(62)},
      ${at(300)}, 'team-tool-' || n % ${projects}, 'packit', null,
      case when ${status} = 'success' then '${packages}'::json end, null, n from ${each(events)}, generate_series(0, 5) as c`,
    `insert into tft_test_run_groups select n, ${at(301)}, 'public' from ${each(events)}`,
    `insert into tft_test_run_targets select n * 2 + c, md5(n::text || c)::uuid::text, null,
      (case when n % 9 = 0 then 'failed' else 'passed' end)::testingfarmresult, ${chroots}[c + 1],
      'https://artifacts.example/' || n, ${at(301)}, '{"base_project_url": "https://github.com/team/tool"}', n
      from ${each(events)}, generate_series(0, 1) as c`,
    `insert into tf_copr_build_association_table select n * 6 + c, n * 2 + c from ${each(events)}, generate_series(0, 1) as c`,
    `insert into koji_build_groups select n, ${at(400)} from ${each(events / 6)}`,
    `insert into koji_build_targets select n, n::text, 'success', 'f43', 'https://koji.example/' || n, '{"x86_64": "https://koji.example/log"}',
      ${at(400)}, ${at(401)}, ${at(900)}, case when n % 5 = 0 then 'Created task: ' || n end, null, null, 'tool-1-1.fc43', n % 2 = 0, n from ${each(events / 6)}`,
    `insert into bodhi_update_groups select n, ${at(901)} from ${each(events / 12)}`,
    `insert into bodhi_update_targets select n, 'success', 'f43', 'https://bodhi.example/' || n, 'tool-1-1.fc43', null, 'FEDORA-2026-' || n,
      ${at(901)}, ${at(902)}, null, n from ${each(events / 12)}`,
    `insert into sync_release_runs select n, 'finished', ${at(950)}, 'pull_from_upstream' from ${each(events / 12)}`,
    `insert into sync_release_run_targets select n * 3 + c, ${chroots}[c + 1], 'submitted', ${at(950)}, ${at(951)}, ${at(960)},
      case when n % 5 = 0 then repeat('synced', 500) end, null, n from ${each(events / 12)}, generate_series(0, 2) as c`,
    // every second event was tried again in a clone of its pipeline
    `insert into pipelines select n, ${at(0)}, n, null, n, n, null, null, null, n, null, null, null from ${each(events)}`,
    `insert into pipelines select ${events} + n, ${at(10)}, n * 2, null, n * 2, n * 2, case when n <= ${Math.floor(events / 6)} then n end,
      null, null, null, case when n <= ${Math.floor(events / 12)} then n end, case when n <= ${Math.floor(events / 12)} then n end, null from ${each(events / 2)}`,
  ]
}
