import Type, { type Static } from 'typebox'
import {
  dictionary,
  epochOrNull,
  instantOrNull,
  nullable,
  ref,
  State,
  TestCase,
  TestCounts,
  TestQueue,
  text,
  textOrNull,
  triggerKeys,
  whole,
  wholeOrNull,
} from './common.ts'

/** What job objects have beside the contract's keys. */
const jobKeys = {
  state: ref(State),
  reason: textOrNull('Why, where the state alone does not say it'),
  package: textOrNull('Package of a configuration with several'),
  identifier: textOrNull('Identifier of the job in the configuration'),
  run_id: wholeOrNull('Id of the run (merged_run_id)'),
}

const ids = (description: string) => Type.Array(Type.Integer(), { description })
const runIds = { run_ids: ids('Pipelines it belongs to') }
const submitted = { submitted_time: epochOrNull() }

/** Keys of a project that are left out when it is not known. */
const optionalProject = {
  project_url: Type.Optional(textOrNull()),
  repo_namespace: Type.Optional(textOrNull()),
  repo_name: Type.Optional(textOrNull()),
}
const triggerOfList = { pr_id: wholeOrNull(), branch_name: textOrNull(), release: textOrNull() }

// ---- Tests ----

export const TestEntry = Type.Object(
  {
    packit_id: whole(),
    pipeline_id: textOrNull('Id of the request at the test runner'),
    ref: textOrNull('Commit'),
    status: textOrNull(),
    target: textOrNull(),
    web_url: textOrNull(),
    ...submitted,
    repo_namespace: textOrNull(),
    repo_name: textOrNull(),
    project_url: textOrNull(),
    ...triggerOfList,
    ...jobKeys,
  },
  { $id: 'TestEntry', description: 'Tests of built packages on one target.' },
)
export type TestEntry = Static<typeof TestEntry>

export const Test = Type.Object(
  {
    pipeline_id: textOrNull('Id of the request at the test runner'),
    status: textOrNull(),
    chroot: textOrNull(),
    commit_sha: textOrNull(),
    web_url: textOrNull(),
    copr_build_ids: ids('Rows of copr-builds that are tested'),
    koji_build_ids: ids('Rows of koji-builds that are tested'),
    ...runIds,
    ...submitted,
    ...triggerKeys,
    ranch: textOrNull('Part of the test runner: public or redhat'),
    ...jobKeys,
    cancel_reason: textOrNull('Who asked for its end, and why, as long as it has not ended'),
    started_at: instantOrNull(),
    ended_at: instantOrNull(),
    tries: whole('How often it was asked for anew, since the runner broke or lost it'),
    queue: nullable(ref(TestQueue)),
    counts: nullable(ref(TestCounts)),
    results: nullable(
      Type.Array(ref(TestCase), {
        description: 'What each test said, at most 2,000; null as long as nothing is known',
      }),
    ),
    log: textOrNull('Path of the log in this API'),
    log_size: wholeOrNull('Bytes; grows while the tests run'),
    log_url: textOrNull('The log at the test runner'),
  },
  { $id: 'Test' },
)
export type Test = Static<typeof Test>

// ---- Koji ----

const kojiBuild = {
  task_id: textOrNull(),
  scratch: Type.Union([Type.Boolean(), Type.Null()]),
  status: textOrNull(),
  build_submitted_time: epochOrNull(),
  chroot: textOrNull('Koji target, or branch of the distribution'),
  web_url: textOrNull(),
  build_logs_urls: Type.Unknown({
    description: 'Addresses by architecture; old rows may hold something else, or null',
  }),
}

export const KojiBuildEntry = Type.Object(
  {
    packit_id: whole(),
    ...kojiBuild,
    ...triggerOfList,
    ...optionalProject,
    sidetag: textOrNull(),
    nvr: textOrNull(),
    ...jobKeys,
  },
  { $id: 'KojiBuildEntry' },
)
export type KojiBuildEntry = Static<typeof KojiBuildEntry>

export const KojiBuild = Type.Object(
  {
    ...kojiBuild,
    build_start_time: epochOrNull(),
    build_finished_time: epochOrNull(),
    commit_sha: textOrNull(),
    srpm_build_id: wholeOrNull(),
    ...runIds,
    build_submission_stdout: textOrNull('What the submit command printed; its last megabyte'),
    error_message: textOrNull(),
    log_detective_runs: ids('Rows of log-detective about this build'),
    ...triggerKeys,
    sidetag: textOrNull(),
    nvr: textOrNull(),
    ...jobKeys,
  },
  { $id: 'KojiBuild' },
)
export type KojiBuild = Static<typeof KojiBuild>

const tagRequest = {
  task_id: textOrNull(),
  tag_request_submitted_time: epochOrNull(),
  chroot: textOrNull(),
  sidetag: textOrNull(),
  nvr: textOrNull(),
  web_url: textOrNull(),
}
const stateless = { package: jobKeys.package, run_id: jobKeys.run_id }

export const TagRequestEntry = Type.Object(
  { packit_id: whole(), ...tagRequest, ...triggerOfList, ...optionalProject, ...stateless },
  { $id: 'TagRequestEntry', description: 'A build to be tagged into a side tag.' },
)
export type TagRequestEntry = Static<typeof TagRequestEntry>

export const TagRequest = Type.Object(
  { ...tagRequest, commit_sha: textOrNull(), ...runIds, ...triggerKeys, ...stateless },
  { $id: 'TagRequest' },
)
export type TagRequest = Static<typeof TagRequest>

// ---- Releases ----

const bodhiUpdate = {
  status: textOrNull(),
  branch: textOrNull('Branch of the distribution'),
  web_url: textOrNull(),
  koji_nvrs: textOrNull('Name-version-release of the builds, separated by blanks'),
  alias: textOrNull('FEDORA-…'),
  ...submitted,
  update_creation_time: epochOrNull('When it existed in Bodhi'),
}

export const BodhiUpdateEntry = Type.Object(
  { packit_id: whole(), ...bodhiUpdate, ...triggerOfList, ...optionalProject, sidetag: textOrNull(), ...jobKeys },
  { $id: 'BodhiUpdateEntry' },
)
export type BodhiUpdateEntry = Static<typeof BodhiUpdateEntry>

export const BodhiUpdate = Type.Object(
  { ...bodhiUpdate, ...runIds, error_message: textOrNull(), ...triggerKeys, sidetag: textOrNull(), ...jobKeys },
  { $id: 'BodhiUpdate' },
)
export type BodhiUpdate = Static<typeof BodhiUpdate>

export const SyncRunEntry = Type.Object(
  {
    packit_id: whole('Id of the run; details are asked for by the ids of packit_id_per_downstream_pr'),
    status: textOrNull(),
    ...submitted,
    status_per_downstream_pr: dictionary(textOrNull(), 'By branch'),
    packit_id_per_downstream_pr: dictionary(whole(), 'By branch'),
    pr_id: wholeOrNull(),
    issue_id: wholeOrNull(),
    release: textOrNull(),
    anitya_version: textOrNull(),
    repo_namespace: textOrNull(),
    repo_name: textOrNull(),
    project_url: textOrNull(),
    anitya_project_id: wholeOrNull(),
    anitya_project_name: textOrNull(),
    anitya_package: textOrNull(),
    non_git_upstream: Type.Boolean(),
    ...jobKeys,
  },
  { $id: 'SyncRunEntry', description: 'A release on its way into the distribution, all its branches.' },
)
export type SyncRunEntry = Static<typeof SyncRunEntry>

export const SyncTarget = Type.Object(
  {
    status: textOrNull(),
    branch: text('Branch of the distribution'),
    downstream_prs: Type.Array(
      Type.Object({
        pr_id: wholeOrNull(),
        branch: textOrNull(),
        is_fast_forward: Type.Boolean(),
        url: textOrNull(),
      }),
    ),
    downstream_pr_project: textOrNull('Address of the project of the first of them'),
    ...submitted,
    start_time: epochOrNull(),
    finished_time: epochOrNull(),
    logs: textOrNull('The last megabyte'),
    ...triggerKeys,
    sync_run_id: whole('Id of its entry in the list'),
    ...jobKeys,
  },
  { $id: 'SyncTarget', description: 'One branch that a release is brought to.' },
)
export type SyncTarget = Static<typeof SyncTarget>

// ---- Analyses ----

const scan = {
  task_id: wholeOrNull('Task at OpenScanHub'),
  status: textOrNull(),
  url: textOrNull(),
  issues_added_count: wholeOrNull(),
  issues_added_url: textOrNull(),
  issues_fixed_url: textOrNull(),
  scan_results_url: textOrNull(),
  copr_build_target_id: wholeOrNull('Row of copr-builds that was scanned'),
  ...submitted,
  ...triggerKeys,
  ...jobKeys,
}
export const ScanEntry = Type.Object({ packit_id: whole(), ...scan }, { $id: 'ScanEntry' })
export type ScanEntry = Static<typeof ScanEntry>
export const Scan = Type.Object(scan, { $id: 'Scan', description: 'A scan of a build by OpenScanHub.' })
export type Scan = Static<typeof Scan>

export const Analysis = Type.Object(
  {
    packit_id: whole(),
    analysis_id: text('Id at the analysis service'),
    status: text(),
    chroot: textOrNull(),
    commit_sha: textOrNull(),
    log_detective_response: Type.Unknown({ description: 'What the service answered, when it is complete; else null' }),
    error_msg: textOrNull(),
    target_build: textOrNull('Id of the Copr build, or of the Koji task'),
    ...runIds,
    ...submitted,
    ...triggerKeys,
    build_system: textOrNull('copr or koji'),
    copr_build_target_id: wholeOrNull('Row of copr-builds it is about'),
    koji_build_target_id: wholeOrNull('Row of koji-builds it is about'),
    group_id: wholeOrNull(),
    ...jobKeys,
  },
  { $id: 'Analysis', description: 'What Log Detective makes of the log of a failed build.' },
)
export type Analysis = Static<typeof Analysis>

// ---- Groups ----

const group = { submitted_time: epochOrNull(), ...runIds }
const groupOf = <K extends string>(key: K, $id: string) =>
  Type.Object(
    { ...group, ...({ [key]: ids('Rows of the group') } as Record<K, ReturnType<typeof ids>>), ...triggerKeys },
    { $id, description: 'Jobs that were submitted together.' },
  )
export const BuildGroup = groupOf('build_target_ids', 'BuildGroup')
export const TagRequestGroup = groupOf('tag_request_target_ids', 'TagRequestGroup')
export const UpdateGroup = groupOf('update_target_ids', 'UpdateGroup')
export const TestGroup = groupOf('test_target_ids', 'TestGroup')
export const AnalysisGroup = Type.Object(
  { packit_id: whole(), ...group, log_detective_target_ids: ids('Rows of the group'), ...triggerKeys },
  { $id: 'AnalysisGroup', description: 'Analyses that were asked for together.' },
)

export const jobModels = [
  TestEntry,
  Test,
  KojiBuildEntry,
  KojiBuild,
  TagRequestEntry,
  TagRequest,
  BodhiUpdateEntry,
  BodhiUpdate,
  SyncRunEntry,
  SyncTarget,
  ScanEntry,
  Scan,
  Analysis,
  BuildGroup,
  TagRequestGroup,
  UpdateGroup,
  TestGroup,
  AnalysisGroup,
]
