import Type, { type Static } from 'typebox'
import { EVENT_TYPES, JOB_KINDS } from '../../domain/usage/counts.ts'
import { fromWords, JOBS_OF_PROJECT } from '../../domain/usage/report.ts'
import { dictionary, Problem, text, whole, wholeOrNull } from './common.ts'

const EVENTS_HANDLED =
  'Distinct objects (pull requests, branches, releases, issues, Koji tags) with at least one pipeline in the period: a pull request with twenty pushes counts once'
const JOB_RUNS =
  'Distinct SRPM builds, groups of builds or tests (not their chroots), VM images or releases synced that pipelines of the period had; one that two event types led to counts twice'
const top = (what: string) =>
  dictionary(Type.Integer(), `${what}, by address of the project, the largest first: the order of keys is the rank`)
const instances = dictionary(Type.Integer(), 'Number of projects by host name of the forge')

export const ListProblem = Type.Object(
  { ...Problem.properties, errors: Type.Array(Type.String(), { description: 'What is wrong with each parameter' }) },
  {
    $id: 'ListProblem',
    description: 'Why a parameter of usage statistics was refused.',
    examples: [
      {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'From timestamp: invalid format',
        errors: ['From timestamp: invalid format'],
        message: 'Input payload validation failed',
      },
    ],
  },
)
export type ListProblem = Static<typeof ListProblem>

const activeProjects = Type.Object(
  {
    instances,
    project_count: whole('Projects that had events handled'),
    top_projects_by_events_handled: top('Events handled'),
  },
  { description: 'Projects with at least one event handled in the period' },
)
const EXAMPLE_ACTIVE = {
  instances: { 'github.com': 311, 'gitlab.com': 4 },
  project_count: 315,
  top_projects_by_events_handled: { 'https://github.com/acme/hello': 41 },
}
const EXAMPLE_PROJECT = { 'https://github.com/acme/hello': 41 }

export const Usage = Type.Object(
  {
    active_projects: activeProjects,
    all_projects: Type.Object({ instances, project_count: whole() }, { description: 'Projects there are' }),
    events: Type.Object(
      fromWords(EVENT_TYPES, () =>
        Type.Object({ events_handled: whole(EVENTS_HANDLED), top_projects: top('Events handled') }),
      ),
      { description: 'By what set them off; Anitya versions belong to no project on a forge and are always 0' },
    ),
    jobs: Type.Object(
      fromWords(JOB_KINDS, () => Type.Object({ job_runs: whole(JOB_RUNS), top_projects_by_job_runs: top('Job runs') })),
      { description: 'By kind of job' },
    ),
  },
  {
    $id: 'Usage',
    description: 'What was done in a period. Private projects are left out.',
    examples: [
      {
        active_projects: EXAMPLE_ACTIVE,
        all_projects: { instances: { 'src.fedoraproject.org': 19340, 'github.com': 8120 }, project_count: 27460 },
        events: fromWords(EVENT_TYPES, () => ({ events_handled: 41, top_projects: EXAMPLE_PROJECT })),
        jobs: fromWords(JOB_KINDS, () => ({ job_runs: 41, top_projects_by_job_runs: EXAMPLE_PROJECT })),
      },
    ],
  },
)

export const PastUsage = Type.Object(
  {
    active_projects: activeProjects,
    jobs: Type.Object(
      fromWords(JOB_KINDS, () =>
        Type.Object({
          job_runs: whole(JOB_RUNS),
          top_projects_by_job_runs: top('Job runs of the five best'),
          active_projects: whole('Projects with at least one'),
        }),
      ),
      { description: 'By kind of job' },
    ),
    onboarded_projects_q1_2024: whole('Projects that use the service downstream; the name is historical'),
  },
  {
    $id: 'PastUsage',
    description: 'What was done since the beginning of a well-known period, at most five minutes old.',
    examples: [
      {
        active_projects: EXAMPLE_ACTIVE,
        jobs: fromWords(JOB_KINDS, () => ({
          job_runs: 41,
          top_projects_by_job_runs: EXAMPLE_PROJECT,
          active_projects: 1,
        })),
        onboarded_projects_q1_2024: 120,
      },
    ],
  },
)

const position = wholeOrNull(
  'Place among all projects, from 1; of equal ones the smaller address comes first; null: none',
)
const events = { events_handled: wholeOrNull(EVENTS_HANDLED), position }
const runs = { job_runs: wholeOrNull(JOB_RUNS), position }

export const ProjectUsage = Type.Object(
  {
    events_handled: Type.Object({
      ...events,
      per_event: Type.Object(fromWords(EVENT_TYPES, () => Type.Object(events))),
    }),
    jobs: Type.Object(
      fromWords(JOBS_OF_PROJECT, () =>
        Type.Object({ ...runs, per_event: Type.Object(fromWords(EVENT_TYPES, () => Type.Object(runs))) }),
      ),
    ),
  },
  {
    $id: 'ProjectUsage',
    description: 'What a project had in a period, and its place among all.',
    examples: [
      {
        events_handled: {
          events_handled: 6,
          position: 12,
          per_event: fromWords(EVENT_TYPES, () => ({ events_handled: null, position: null })),
        },
        jobs: fromWords(JOBS_OF_PROJECT, () => ({
          job_runs: 20,
          position: 31,
          per_event: fromWords(EVENT_TYPES, () => ({ job_runs: 18, position: 30 })),
        })),
      },
    ],
  },
)

const projects = (description: string) => dictionary(text(), `${description}: address by row id`)
export const Onboarding = Type.Object(
  {
    onboarded: projects(
      'Projects with a merged downstream pull request, a successful Bodhi update, or a successful Koji build that is no scratch build',
    ),
    almost_onboarded: projects('Projects with an open downstream pull request of the service only'),
  },
  {
    $id: 'Onboarding',
    description: 'Which projects use the service downstream; at most 10,000 of each.',
    examples: [
      {
        onboarded: { '2': 'https://src.fedoraproject.org/rpms/hello' },
        almost_onboarded: { '9': 'https://src.fedoraproject.org/rpms/tool' },
      },
    ],
  },
)

const point = Type.Object({ x: text('End of the interval: HH:MM for hours, else YYYY-MM-DD (UTC)'), y: whole() })
const series = (description: string) => Type.Array(point, { description: `${description}, the oldest first` })
const seriesOf = (words: readonly string[], description: string) =>
  Type.Object(fromWords(words, () => series(description)))
const EXAMPLE_SERIES = [
  { x: '2026-11-24', y: 3 },
  { x: '2026-11-25', y: 5 },
]

export const IntervalUsage = Type.Object(
  {
    jobs: seriesOf(JOB_KINDS, 'Job runs'),
    jobs_project_count: seriesOf(JOB_KINDS, 'Projects with such jobs'),
    jobs_project_cumulative_count: seriesOf(JOB_KINDS, 'Projects that had such a job before the end of the interval'),
    events: seriesOf(EVENT_TYPES, 'Events handled'),
    active_projects: series('Active projects'),
    active_projects_cumulative: series('Projects that were active before the end of the interval'),
    onboarded_projects: Type.Array(text(), { description: 'Projects first active within the intervals' }),
    onboarded_projects_per_job: Type.Object(
      fromWords(JOB_KINDS, () =>
        Type.Array(text(), { description: 'Projects that first had such a job within the intervals' }),
      ),
    ),
    from: text('Where the first interval begins: ISO date-time without zone (UTC)'),
    to: text('Where the last interval ends'),
  },
  {
    $id: 'IntervalUsage',
    description: 'What was done in adjacent intervals; a moment belongs to the one that begins with it.',
    examples: [
      {
        jobs: fromWords(JOB_KINDS, () => EXAMPLE_SERIES),
        jobs_project_count: fromWords(JOB_KINDS, () => EXAMPLE_SERIES),
        jobs_project_cumulative_count: fromWords(JOB_KINDS, () => EXAMPLE_SERIES),
        events: fromWords(EVENT_TYPES, () => EXAMPLE_SERIES),
        active_projects: EXAMPLE_SERIES,
        active_projects_cumulative: EXAMPLE_SERIES,
        onboarded_projects: ['https://github.com/acme/hello'],
        onboarded_projects_per_job: fromWords(JOB_KINDS, () => ['https://github.com/acme/hello']),
        from: '2026-11-23T19:00:00',
        to: '2026-11-25T19:00:00',
      },
    ],
  },
)

export const usageModels = [ListProblem, Usage, PastUsage, ProjectUsage, Onboarding, IntervalUsage]
