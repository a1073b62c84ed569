import Type, { type Static } from 'typebox'
import {
  dictionary,
  instant,
  instantOrNull,
  nullable,
  ref,
  State,
  Trigger,
  text,
  textOrNull,
  whole,
  wholeOrNull,
  words,
} from './common.ts'
import { LatestRun } from './projects.ts'

export const GridCell = Type.Object(
  {
    state: ref(State),
    run_id: whole('Id of the run (merged_run_id)'),
    build_id: whole('Id of the build (GET /copr-builds/{id})'),
    page: text('Path of the page of the build'),
    package: textOrNull('Package of a configuration with several'),
    ended_at: instantOrNull(),
    builds: whole(
      'How many builds it stands for: of several packages or jobs, the state of all and the build to look at',
    ),
  },
  { $id: 'GridCell' },
)

export const GridEntry = Type.Object(
  {
    kind: words(['pull_request', 'branch', 'release']),
    pr_id: wholeOrNull('Number of the pull request'),
    branch_name: textOrNull(),
    release: textOrNull('Tag of the release'),
    title: textOrNull(),
    author: textOrNull(),
    url: textOrNull('Its page on the forge'),
    open: Type.Boolean(),
    commit: textOrNull('SHA of its newest head'),
    commit_title: textOrNull(),
    state: ref(State),
    active_at: instant(),
    latest: Type.Array(ref(LatestRun), { description: 'The newest run of each package, of the newest head' }),
    cells: dictionary(ref(GridCell), 'By target: the newest build of the newest head'),
  },
  {
    $id: 'GridEntry',
    description: 'A row of the grid: a pull request, branch or release; its cells are the columns that it has.',
    examples: [
      {
        kind: 'pull_request',
        pr_id: 41,
        branch_name: null,
        release: null,
        title: 'Say hello louder',
        author: 'jdoe',
        url: 'https://github.com/acme/hello/pull/41',
        open: true,
        commit: 'a1b2c3d4e5f6',
        commit_title: 'Shout',
        state: 'failure',
        active_at: 1780000101,
        latest: [{ merged_run_id: 1, package: null, state: 'failure', commit: 'a1b2c3d4e5f6', created_at: 1780000101 }],
        cells: {
          'fedora-43-x86_64': {
            state: 'failure',
            run_id: 1,
            build_id: 11,
            page: '/jobs/copr/11',
            package: null,
            ended_at: 1780000110.75,
            builds: 1,
          },
        },
      },
    ],
  },
)
export type GridEntry = Static<typeof GridEntry>

const seconds = (description: string) => nullable(Type.Number({ description }))

export const StepStatistics = Type.Object(
  {
    runs: whole('How many succeeded, failed or broke'),
    success: whole(),
    failure: whole(),
    error: whole('Faults of this service or of a builder'),
    success_rate: seconds('From 0 to 1, of those that succeeded or failed'),
    median_s: seconds('Median duration in seconds, of those that succeeded or failed'),
    p90_s: seconds('90th percentile of the duration in seconds'),
    latest: Type.Array(Type.Object({ id: whole(), state: ref(State), page: text(), ended_at: instantOrNull() }), {
      description: 'The newest 20 that ended, the oldest of them first',
    }),
    flaky: Type.Boolean({ description: 'Whether the same commit failed once and passed once' }),
    flaky_commits: Type.Array(Type.String(), { description: 'Up to five such commits, the newest first' }),
  },
  { $id: 'StepStatistics', description: 'How often and how fast a step succeeded.' },
)
export type StepStatistics = Static<typeof StepStatistics>

export const ProjectStatistics = Type.Object(
  {
    days: whole(),
    since: instant(),
    whole: Type.Boolean({
      description:
        'Whether all of the days were looked at; of a busy project only the newest 500 builds, back to since',
    }),
    srpm: ref(StepStatistics),
    targets: Type.Array(Type.Intersect([Type.Object({ target: text('The chroot') }), ref(StepStatistics)]), {
      description: 'By name',
    }),
  },
  {
    $id: 'ProjectStatistics',
    examples: [
      {
        ...{ days: 30, since: 1780000000, whole: true },
        srpm: {
          ...{ runs: 3, success: 2, failure: 1, error: 0, success_rate: 0.667, median_s: 12.5, p90_s: 20 },
          ...{ latest: [], flaky: false, flaky_commits: [] },
        },
        targets: [],
      },
    ],
  },
)
export type ProjectStatistics = Static<typeof ProjectStatistics>

const note = Type.Object({
  message: text(),
  line: wholeOrNull('From 1'),
  column: wholeOrNull('From 1'),
  text: textOrNull('The line as it is written'),
})

export const ProjectConfig = Type.Object(
  {
    event_id: whole(),
    run_id: whole('A run of the event'),
    trigger: ref(Trigger),
    commit: textOrNull('SHA'),
    decided_at: instant(),
    config_path: textOrNull('The file; null where none was found'),
    summary: text('What was decided, in a sentence'),
    jobs: Type.Array(
      Type.Object({
        package: text(),
        job: text(),
        trigger: text('The kind of trigger that it runs on'),
        identifier: textOrNull(),
        configured_targets: Type.Array(Type.String(), { description: 'As written; none is fedora-stable' }),
        targets: Type.Array(Type.String(), { description: 'What they stand for; empty for a job that did not run' }),
        wanted: Type.Boolean({ description: 'Whether it was part of this event' }),
        reason: text(),
      }),
    ),
    errors: Type.Array(note, { description: 'Why the file was refused' }),
    warnings: Type.Array(note),
    problem: nullable(Type.Object({ kind: text(), title: text(), summary: text() })),
  },
  {
    $id: 'ProjectConfig',
    description: 'The package configuration as it was understood when the newest event of the project was decided.',
  },
)
export type ProjectConfig = Static<typeof ProjectConfig>

export const projectViewModels = [GridCell, GridEntry, StepStatistics, ProjectStatistics, ProjectConfig]
