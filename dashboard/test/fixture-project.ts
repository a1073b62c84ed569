// A project with pull requests in several targets, a history, and a configuration with an error.
import type {
  GridEntry,
  ProjectConfig,
  ProjectStatistics,
  ProjectUsage,
  StepStatistics,
} from '../src/api/project-queries.ts'
import type { State } from '../src/api/types.ts'
import { NOW, SHA, triggerOf } from './fixtures.ts'

const TARGETS = [
  'fedora-44-x86_64',
  'fedora-45-x86_64',
  'fedora-rawhide-x86_64',
  'fedora-rawhide-aarch64',
  'epel-9-x86_64',
  'epel-10-x86_64',
  'centos-stream-10-x86_64',
]

/** `over` says what is special about a row; `states` are those of the targets, in their order. */
export function makeRow(number: number, states: readonly (State | null)[], over: Partial<GridEntry> = {}): GridEntry {
  const cells = states.map((state, index) => [TARGETS[index], state && makeCell(number, index, state)] as const)
  return {
    kind: 'pull_request',
    pr_id: number,
    branch_name: null,
    release: null,
    title: `Greet the whole world, attempt ${number}`,
    author: 'ada',
    url: `https://github.com/acme/hello/pull/${number}`,
    open: true,
    commit: SHA,
    commit_title: 'Greet politely',
    state: states.includes('failure') ? 'failure' : 'success',
    active_at: NOW - 1000 * (100 - number),
    latest: [{ merged_run_id: number, package: null, state: 'success', commit: SHA, created_at: NOW - 1000 }],
    cells: Object.fromEntries(cells.filter(([, cell]) => cell !== null)) as GridEntry['cells'],
    ...over,
  }
}

function makeCell(number: number, index: number, state: State): GridEntry['cells'][string] {
  const id = number === 42 ? 31 : number * 10 + index
  return {
    state,
    run_id: number,
    build_id: id,
    page: `/jobs/copr/${id}`,
    package: null,
    ended_at: NOW - 900,
    builds: 1,
  }
}

export function sampleGrid(): GridEntry[] {
  const run = (id: number, name: string, state: State) => {
    return { merged_run_id: id, package: name, state, commit: SHA, created_at: NOW - 1000 }
  }
  return [
    makeRow(44, ['success', 'success', 'success', 'success', 'success', 'success', 'success'], { open: false }),
    makeRow(43, ['success', 'running', 'running', 'pending', 'success', 'pending', null], { state: 'running' }),
    makeRow(42, ['success', 'success', 'failure', 'success', 'error', 'success', 'canceled'], {
      latest: [run(42, 'hello', 'failure'), run(41, 'hello-libs-of-a-very-long-name-that-tells-all', 'success')],
    }),
    makeRow(1, ['success', 'success', 'success', null, null, null, null], {
      ...{ kind: 'branch', pr_id: null, branch_name: 'main', title: null, author: null, url: null },
    }),
  ]
}

function makeStep(success: number, failure: number, over: Partial<StepStatistics> = {}): StepStatistics {
  const latest = Array.from({ length: Math.min(20, success + failure) }, (_, index) => {
    const state: State = index < failure ? 'failure' : 'success'
    return { id: index + 1, state, page: `/jobs/copr/${index + 1}`, ended_at: NOW - 86_400 * (20 - index) }
  })
  return {
    runs: success + failure,
    success,
    failure,
    error: 0,
    success_rate: success + failure === 0 ? null : success / (success + failure),
    median_s: 92.5,
    p90_s: 412,
    latest,
    flaky: false,
    flaky_commits: [],
    ...over,
  }
}

export function sampleStatistics(days: number): ProjectStatistics {
  return {
    days,
    since: NOW - 86_400 * Math.min(days, 40),
    whole: days < 40,
    srpm: makeStep(40, 1, { median_s: 4.2, p90_s: 9.1 }),
    targets: TARGETS.map((target, index) => ({
      target,
      ...makeStep(38 - 3 * index, index, index === 3 ? { flaky: true, flaky_commits: [SHA], error: 2 } : {}),
    })),
  }
}

const JOB = { package: 'hello', identifier: null, wanted: true, reason: 'the pull request changed' }

export const CONFIG: ProjectConfig = {
  event_id: 7,
  run_id: 42,
  trigger: triggerOf('acme', 'hello', 42),
  commit: SHA,
  decided_at: NOW - 600,
  config_path: '.packit.yaml',
  summary: '2 of 3 jobs were chosen to run.',
  jobs: [
    {
      ...{ ...JOB, job: 'copr_build', trigger: 'pull_request' },
      ...{ configured_targets: ['fedora-all', 'epel-9'], targets: TARGETS },
    },
    {
      ...{ ...JOB, job: 'tests', trigger: 'pull_request', identifier: 'integration' },
      ...{ configured_targets: ['fedora-rawhide'], targets: ['fedora-rawhide-x86_64'] },
    },
    {
      ...{ ...JOB, job: 'copr_build', trigger: 'release', wanted: false, reason: 'only for releases' },
      ...{ configured_targets: [], targets: [] },
    },
  ],
  errors: [],
  warnings: [{ message: '“notifications” is not known: it is ignored.', line: 14, column: 1, text: 'notifications:' }],
  problem: null,
}

const NONE = { events_handled: null, position: null }
const runs = (count: number | null) => ({ job_runs: count, position: count === null ? null : 12 })

export const PROJECT_USAGE = {
  events_handled: {
    events_handled: 12,
    position: 3,
    per_event: {
      pull_request: { events_handled: 9, position: 2 },
      branch_push: { events_handled: 3, position: 5 },
      release: NONE,
    },
  },
  jobs: { srpm_builds: runs(40), copr_build_groups: runs(38), koji_build_groups: runs(null) },
} as unknown as ProjectUsage

export const BADGE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="110" height="20"><rect width="110" height="20" rx="3" fill="#2e7d32"/></svg>'

/** The cursor is the place of a row, from 1. */
export function gridAnswer(all: GridEntry[], query: URLSearchParams) {
  const [kind, after, per] = [query.get('kind'), Number(query.get('after') ?? 0), Number(query.get('per_page') ?? 10)]
  const rows = all.filter((row) => kind === null || row.kind === kind)
  const body = rows.slice(after, after + per)
  const next = after + per < rows.length ? `</api/grid?after=${after + per}>; rel="next", ` : ''
  return { status: 206, body, headers: { link: `${next}</api/grid>; rel="first"` } }
}
