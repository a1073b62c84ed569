import Type, { type Static } from 'typebox'
import { STEP_CHANGES } from '../../domain/compare.ts'
import { instant, instantOrNull, nullable, ref, State, Trigger, text, textOrNull, whole, words } from './common.ts'

export const ComparedRun = Type.Object(
  {
    merged_run_id: whole(),
    page: text('Path of its page'),
    state: ref(State),
    package: textOrNull('Package of a configuration with several'),
    nvr: textOrNull('Of its SRPM'),
    commit: textOrNull('SHA'),
    title: textOrNull('Title of the pull request'),
    trigger: ref(Trigger),
    created_at: instant(),
    ended_at: instantOrNull(),
  },
  { $id: 'ComparedRun' },
)

const side = nullable(
  Type.Object({
    id: whole(),
    state: ref(State),
    duration_s: nullable(Type.Number({ description: 'Seconds from begin to end' })),
    page: textOrNull('Path of its page'),
  }),
)

export const ComparedStep = Type.Object(
  {
    kind: words(['srpm', 'build', 'test']),
    target: textOrNull('The chroot'),
    identifier: textOrNull('Identifier of the job in the configuration'),
    change: words(STEP_CHANGES, {
      description:
        'What became of it from a to b; "not comparable" where one of them did not come to a verdict about the change',
    }),
    a: side,
    b: side,
    slower_s: nullable(Type.Number({ description: 'How many seconds longer b took; negative when it was faster' })),
    packages: Type.Array(
      Type.Object({
        name: text(),
        arch: text(),
        a: textOrNull('Version and release, before them an epoch if there is one'),
        b: textOrNull(),
        change: words(['new', 'gone', 'changed', 'same']),
      }),
    ),
  },
  { $id: 'ComparedStep' },
)

export const Comparison = Type.Object(
  {
    a: ref(ComparedRun),
    b: ref(ComparedRun),
    steps: Type.Array(ref(ComparedStep), { description: 'In the order of b; what only a had comes last' }),
  },
  {
    $id: 'Comparison',
    examples: [
      {
        a: {
          ...{
            merged_run_id: 1,
            page: '/pipeline/1',
            state: 'success',
            package: null,
            nvr: 'hello-1-1',
            commit: 'a1b2',
          },
          ...{ title: null, trigger: {}, created_at: 1780000101, ended_at: 1780000111 },
        },
        b: {
          ...{
            merged_run_id: 9,
            page: '/pipeline/9',
            state: 'failure',
            package: null,
            nvr: 'hello-2-1',
            commit: 'c3d4',
          },
          ...{ title: null, trigger: {}, created_at: 1780000201, ended_at: 1780000213 },
        },
        steps: [
          {
            ...{ kind: 'build', target: 'fedora-43-x86_64', identifier: null, change: 'new failure', slower_s: 2.5 },
            a: { id: 11, state: 'success', duration_s: 5.5, page: '/jobs/copr/11' },
            b: { id: 31, state: 'failure', duration_s: 8, page: '/jobs/copr/31' },
            packages: [{ name: 'hello', arch: 'x86_64', a: '1-1', b: null, change: 'gone' }],
          },
        ],
      },
    ],
  },
)
export type Comparison = Static<typeof Comparison>

export const compareModels = [ComparedRun, ComparedStep, Comparison]
