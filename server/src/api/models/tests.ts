import Type, { type Static } from 'typebox'
import {
  instantOrNull,
  nullable,
  ref,
  TestCase,
  TestCounts,
  TestQueue,
  textOrNull,
  triggerKeys,
  whole,
  wholeOrNull,
} from './common.ts'
import { ids, jobKeys, runIds, submitted, triggerOfList } from './job-keys.ts'

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
