import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Selection } from '../../domain/selection.ts'
import { describeCommands } from '../decide-plan.ts'
import { BUILD, checksOf, context, decide, MONOREPO, readAll, reasons } from './test-plan.ts'

const MANY = `${BUILD}- {job: copr_build, trigger: pull_request, targets: [fedora-45], identifier: full, manual_trigger: true}
- {job: tests, trigger: pull_request, identifier: full, labels: [slow, full]}
- {job: tests, trigger: pull_request, identifier: quick, labels: [fast], manual_trigger: true}
`

/** What is asked for, the checks that follow, and why one of the jobs is not among them. */
const ASKED: [string, Partial<Selection>, string[], [number, RegExp]?][] = [
  [
    'everything that is not manual',
    { includeManual: false },
    ['rpm-build:fedora-45-x86_64', 'rpm-build:epel-9-x86_64', 'testing-farm:fedora-45-x86_64:full'],
    [1, /it runs only when it is asked for/],
  ],
  [
    'builds, which their tests follow but for those that are run by hand',
    { kinds: ['build'] },
    [
      'rpm-build:fedora-45-x86_64',
      'rpm-build:epel-9-x86_64',
      'rpm-build:fedora-45-x86_64:full',
      'testing-farm:fedora-45-x86_64:full',
    ],
    [3, /^it tests, but only builds were asked for$/],
  ],
  [
    'an identifier',
    { identifier: 'quick' },
    ['testing-farm:fedora-45-x86_64:quick', 'testing-farm:centos-stream-9-x86_64:quick'],
    [0, /^it has no identifier, but only quick was asked for$/],
  ],
  [
    'labels',
    { kinds: ['test'], labels: ['slow', 'other'] },
    ['testing-farm:fedora-45-x86_64:full'],
    [3, /^it has the labels fast, but only one of the labels slow, other was asked for$/],
  ],
  [
    'a chroot, which tests of its packages go with',
    { targets: ['epel-9-x86_64'] },
    ['rpm-build:epel-9-x86_64', 'testing-farm:centos-stream-9-x86_64:quick'],
    [1, /^it runs on fedora-45-x86_64, but only epel-9-x86_64 was asked for$/],
  ],
  ['a test target', { targets: ['centos-stream-9-x86_64'] }, ['testing-farm:centos-stream-9-x86_64:quick']],
  ['an alias', { kinds: ['build'], targets: ['epel-9'] }, ['rpm-build:epel-9-x86_64']],
  ['a check', { checks: ['testing-farm:fedora-45-x86_64:full'] }, ['testing-farm:fedora-45-x86_64:full']],
  ['nothing at all', { targets: [] }, [], [0, /but only nothing was asked for$/]],
  ['a package that there is not', { packages: ['other'] }, [], [0, /^it is for the package hello, but only other was/]],
]

for (const [what, selection, checks, why] of ASKED) {
  test(`what was asked for is done, and nothing else: ${what}`, () => {
    const plan = decide(MANY, { runsTests: true, selection: { includeManual: true, ...selection } })
    assert.deepEqual(checksOf(plan), checks)
    if (why) assert.match(plan.jobs[why[0]]?.reason ?? '', why[1])
    assert.ok(plan.jobs.every(({ wanted, reason }) => !wanted || /asked for$/.test(reason)))
  })
}

test('a bare test command means what the jobs say of it', () => {
  const text = `${BUILD}- {job: tests, trigger: pull_request, identifier: a, test_command: {default_identifier: b}}
- {job: tests, trigger: pull_request, identifier: b, labels: [quick], test_command: {default_labels: [quick]}}
`
  const ask = (set: Partial<Selection>) =>
    decide(text, { runsTests: true, selection: { kinds: ['test'], includeManual: true, ...set } })
  assert.deepEqual(
    ask({}).tests.map((one) => one.identifier),
    ['b'],
  )
  assert.match(reasons(ask({}))[1] ?? '', /a bare test command means b \(test_command.default_identifier\)/)
  assert.deepEqual(
    ask({ identifier: 'a' }).tests.map((one) => one.identifier),
    ['a'],
  )
})

test('help lists what there is to ask for, and what runs by itself', () => {
  const choice = describeCommands(readAll(MANY), '.packit.yaml', { ...context, commitMessage: '[skip ci]' })
  assert.deepEqual(
    [choice.packages, choice.identifiers, choice.labels, choice.chroots, choice.testTargets, choice.runsTests],
    [
      [],
      ['full', 'quick'],
      ['slow', 'full', 'fast'],
      ['fedora-45-x86_64', 'epel-9-x86_64'],
      ['fedora-45-x86_64', 'centos-stream-9-x86_64'],
      false,
    ],
  )
  assert.deepEqual(
    choice.jobs.map(({ kind, identifier, manual }) => [kind, identifier, manual]),
    [
      ['build', null, false],
      ['build', 'full', true],
      ['test', 'full', false],
      ['test', 'quick', true],
    ],
  )
  const several = describeCommands(readAll(MONOREPO), '.packit.yaml', context)
  assert.deepEqual(several.packages, ['server', 'client', 'all'])
})
