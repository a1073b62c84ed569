import Type, { type Static } from 'typebox'
import {
  BuiltPackage,
  Cause,
  epochOrNull,
  instant,
  instantOrNull,
  nullable,
  ref,
  State,
  TestCounts,
  TestQueue,
  Trigger,
  text,
  textOrNull,
  whole,
  wholeOrNull,
  words,
} from './common.ts'

const part = Type.Object({ packit_id: whole(), target: textOrNull(), status: textOrNull() }, { $id: 'RunPart' })
const parts = (description: string) => Type.Array(ref(part), { description })

const entryKeys = {
  merged_run_id: whole(),
  srpm: nullable(Type.Object({ packit_id: whole(), status: textOrNull() })),
  copr: parts('RPM builds of any builder'),
  koji: parts('Koji builds'),
  test_run: parts('Tests'),
  bodhi_update: parts('Bodhi updates'),
  propose_downstream: parts('Branches a release is proposed to'),
  pull_from_upstream: parts('Branches a release is pulled into'),
  vm_image_build: parts('VM images'),
  time_submitted: Type.Optional(epochOrNull()),
  trigger: Type.Optional(ref(Trigger)),
  state: ref(State),
  reason: textOrNull('Why, where the state alone does not say it'),
  package: textOrNull('Package of a configuration with several'),
  title: textOrNull('Title of the pull request'),
  author: textOrNull(),
  commit: nullable(Type.Object({ sha: text(), url: textOrNull(), title: textOrNull() })),
  created_at: instant(),
  ended_at: instantOrNull(),
}

export const RunEntry = Type.Object(entryKeys, {
  $id: 'RunEntry',
  description: 'All pipelines that share an SRPM, or one pipeline without.',
})
export type RunEntry = Static<typeof RunEntry>

const decision = Type.Object(
  {
    summary: text(),
    jobs: Type.Array(
      Type.Object({
        package: text(),
        job: text(),
        trigger: text(),
        identifier: textOrNull(),
        targets: Type.Array(Type.String()),
        wanted: Type.Boolean(),
        reason: text(),
      }),
    ),
    warnings: Type.Array(Type.String()),
    config_path: textOrNull(),
  },
  { $id: 'Decision', description: 'Why these jobs run, and why not those.' },
)

export const RunStep = Type.Object(
  {
    kind: words(['decision', 'srpm', 'build', 'repository', 'test']),
    id: wholeOrNull(),
    name: text('e.g. SRPM, a chroot, Repository'),
    target: textOrNull('The chroot'),
    state: ref(State),
    reason: textOrNull(),
    cancel_reason: textOrNull('Who asked for its end, and why, as long as it has not ended'),
    queued_at: instantOrNull(),
    started_at: instantOrNull(),
    ended_at: instantOrNull(),
    log: textOrNull('Path of the log in this API'),
    log_size: wholeOrNull('Bytes; grows while the step runs'),
    page: textOrNull('Path of the page of the step'),
    packages: Type.Array(ref(BuiltPackage)),
    files: Type.Array(Type.Object({ name: text(), url: textOrNull('Null until published'), size: whole() })),
    tests: nullable(ref(TestCounts)),
    queue: nullable(ref(TestQueue)),
  },
  { $id: 'RunStep', description: 'One row of the timeline.' },
)
export type RunStep = Static<typeof RunStep>

export const Run = Type.Object(
  {
    ...entryKeys,
    event_id: wholeOrNull('Id of the project event: the external_id of its check runs'),
    attempt: whole(),
    cause_of_run: words(['delivery', 'command', 'retry', 'import', 'try']),
    forge: textOrNull(),
    base: nullable(Type.Object({ ref: textOrNull(), sha: textOrNull() })),
    head: nullable(Type.Object({ ref: textOrNull(), repository_url: textOrNull() })),
    trigger_url: textOrNull(),
    superseded_by: wholeOrNull('Id of the run that replaced this one'),
    decision: ref(decision),
    steps: Type.Array(ref(RunStep)),
    causes: Type.Array(ref(Cause)),
    checks: Type.Array(
      Type.Object({
        name: text(),
        state: ref(State),
        title: text(),
        summary: text('Markdown'),
        link: textOrNull(),
        attempt: whole(),
        shown_at: instantOrNull('When the forge was last told of it'),
        shown_state: nullable(ref(State)),
        is_shown: Type.Boolean({ description: 'Whether the forge was told all of it' }),
        forge_id: textOrNull("The forge's id of the check run"),
        is_status: Type.Boolean({ description: 'Shown as a commit status: checks are not to be had there' }),
        waits_until: instantOrNull('When the forge is asked again'),
        waits_for: textOrNull('Why the forge does not show it yet; without a time, why it will not'),
      }),
    ),
    install: Type.Array(Type.String(), { description: 'Commands that install what was built; empty until published' }),
    install_note: textOrNull('What to know before one uses these commands'),
    repository: nullable(
      Type.Object({ name: text(), url: text(), repo_file: textOrNull(), published_at: instantOrNull() }),
    ),
    expired_at: instantOrNull('When packages of this run were removed; a retry builds them again'),
    queue: nullable(
      Type.Object({
        position: whole('From 1'),
        expected_start: instantOrNull('By how long such steps took lately; null where none like them were done'),
        expected_end: instantOrNull(),
      }),
    ),
    siblings: Type.Array(Type.Object({ merged_run_id: whole(), package: textOrNull(), state: ref(State) }), {
      description: 'Other runs of the same event',
    }),
  },
  { $id: 'Run' },
)
export type Run = Static<typeof Run>

export const Pipeline = Type.Object(
  {
    run_id: whole(),
    trigger: ref(Trigger),
    srpm_build_id: wholeOrNull(),
    copr_build_group_id: wholeOrNull(),
    koji_build_group_id: wholeOrNull(),
    test_run_group_id: wholeOrNull(),
    bodhi_update_group_id: wholeOrNull(),
    merged_run_id: wholeOrNull(),
    package: textOrNull(),
    identifier: textOrNull(),
    attempt: whole(),
    created_at: instant(),
  },
  { $id: 'Pipeline', description: 'One attempt to serve one package of an event.' },
)
export type Pipeline = Static<typeof Pipeline>

export const runModels = [part, RunEntry, decision, RunStep, Run, Pipeline]
