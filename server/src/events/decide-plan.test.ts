import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { readPackageConfig } from '../domain/package-config/read.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import { type Plan, toPlan } from '../domain/plan.ts'
import { decidePlan, describeChosen } from './decide-plan.ts'
import { BUILD, checksOf, context, decide, reasons, TESTS } from './plan/test-plan.ts'

function read(jobs: string[]): PackageConfig {
  const text = `specfile_path: hello.spec\njobs:\n${jobs.map((job) => `- {job: copr_build, trigger: pull_request, targets: [fedora-stable], ${job}}\n`).join('')}`
  const found = readPackageConfig(text, { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] })
  return found.ok ? found.config : assert.fail(JSON.stringify(found.errors[0]))
}

test('thousands of patterns, each a little slower than is good, are given up together', () => {
  const config = read(Array.from({ length: 1000 }, () => 'branch: "(?:.?){15}(?:.?){15}!"'))
  const ms = cpuMs(() => assert.throws(() => decidePlan(config, '.packit.yaml', context), / ms to match/))
  assert.ok(ms < 3000, `${ms} ms`)
})

test('a template of a check name knows its own words alone', () => {
  const plan = decidePlan(read(['status_name_template: "{constructor}:{chroot}"']), '.packit.yaml', context)
  assert.ok(Object.values(plan.builds[0]?.checks ?? {}).every((name) => name.startsWith('rpm-build:fedora-')))
})

test('each job has a reason, whether it runs or not', () => {
  const plan = decide(`
- {job: copr_build, trigger: pull_request, targets: [epel-9]}
- {job: copr_build, trigger: commit, targets: [epel-9]}
- {job: copr_build, trigger: ignore, targets: [epel-9]}
- {job: copr_build, trigger: pull_request, targets: [epel-9], branch: stable}
- {job: copr_build, trigger: pull_request, targets: [epel-9], manual_trigger: true}
- {job: copr_build, trigger: pull_request, targets: [epel-9], packit_instances: [stg]}
- {job: copr_build, trigger: pull_request, targets: [epel-9], require: {label: {present: [ready]}}}
- {job: vm_image_build, trigger: pull_request}
`)
  assert.deepEqual(reasons(plan), [
    'copr_build: yes, it runs on pull requests',
    'copr_build: no, it runs on pushes, not on pull requests',
    'copr_build: no, it never runs (trigger: ignore)',
    'copr_build: no, its branch "stable" does not match main',
    'copr_build: no, it runs only when it is asked for (manual_trigger)',
    'copr_build: no, it is for the instances stg, and this is prod',
    'copr_build: no, it needs one of the labels ready',
    'vm_image_build: no, this installation does not run jobs of type vm_image_build',
  ])
})

test('tests are planned with targets and names of their own, and wait for a runner', () => {
  const text = `${BUILD}- {job: tests, trigger: pull_request, identifier: quick, labels: [fast]}\n`
  const plan = decide(text)
  assert.deepEqual(reasons(plan)[1], 'tests: no, no test runner is set up on this installation')
  assert.deepEqual(plan.tests, [
    {
      package: '',
      identifier: 'quick',
      jobIndex: 1,
      targets: ['fedora-45-x86_64', 'centos-stream-9-x86_64'],
      chroots: { 'fedora-45-x86_64': ['fedora-45-x86_64'], 'centos-stream-9-x86_64': ['epel-9-x86_64'] },
      checks: {
        'fedora-45-x86_64': 'testing-farm:fedora-45-x86_64:quick',
        'centos-stream-9-x86_64': 'testing-farm:centos-stream-9-x86_64:quick',
      },
      build: '',
      skipBuild: false,
      labels: ['fast'],
      manual: false,
      notRun: 'no test runner is set up on this installation',
    },
  ])
  assert.deepEqual(
    plan.skipped.map(({ name, reason }) => [name, reason]),
    [
      ['testing-farm:fedora-45-x86_64:quick', 'no test runner is set up on this installation'],
      ['testing-farm:centos-stream-9-x86_64:quick', 'no test runner is set up on this installation'],
    ],
  )
  const able = decide(text, { runsTests: true })
  assert.deepEqual([able.tests[0]?.notRun, able.skipped, able.summary], [null, [], 'Both jobs were chosen to run.'])
})

test('how many jobs run is said well in all numbers, and stays true when they have run', () => {
  const said = [
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 3],
    [3, 3],
  ] as const
  assert.deepEqual(
    said.map(([chosen, all]) => describeChosen(chosen, all)),
    [
      'The only job was chosen to run.',
      '1 of 2 jobs was chosen to run.',
      'Both jobs were chosen to run.',
      '2 of 3 jobs were chosen to run.',
      'All 3 jobs were chosen to run.',
    ],
  )
  assert.equal(decide(BUILD, { on: 'release' }).summary, 'The only job does not run on this release.')
  assert.match(decide(`${BUILD}${TESTS}`, { on: 'release' }).summary, /^None of the 2 jobs runs on this release\./)
})

test('a push, and a release, are part of the names of checks', () => {
  const push = { on: 'commit', label: 'a:b', branch: 'a:b', isDefaultBranch: true, runsTests: true } as const
  assert.deepEqual(checksOf(decide(`${BUILD}${TESTS}`.replaceAll('pull_request', 'commit'), push)), [
    'rpm-build:a-b:fedora-45-x86_64',
    'rpm-build:a-b:epel-9-x86_64',
    'testing-farm:a-b:fedora-45-x86_64',
    'testing-farm:a-b:centos-stream-9-x86_64',
  ])
})

test('distributions of a target take the place of the default, and two chroots may share a test target', () => {
  const [tests] = decide(
    `${BUILD}- job: tests
  trigger: pull_request
  targets:
    epel-10-all: {}
    fedora-45: {distros: [centos-stream-10, Fedora-latest]}
`,
    { runsTests: true },
  ).tests
  assert.deepEqual(tests?.chroots, {
    'centos-stream-10-x86_64': ['rhel+epel-10-x86_64', 'epel-10-x86_64', 'fedora-45-x86_64'],
    'Fedora-latest-x86_64': ['fedora-45-x86_64'],
  })
})

test('tests that need a build, and have no build job, are told so; those that need none run', () => {
  const plan = decide(TESTS, { runsTests: true })
  assert.equal(plan.problem?.state, 'skipped')
  assert.match(plan.summary, / Test job requires build job definition in the configuration\.$/)
  assert.deepEqual(
    [...new Set(plan.skipped.map(({ reason }) => reason))],
    ['Test job requires build job definition in the configuration.'],
  )
  const other = decide(`${TESTS}${BUILD.replace('pull_request', 'commit')}`, { runsTests: true })
  assert.equal(other.tests[0]?.notRun, 'Test job requires build job definition in the configuration.')
  const alone = decide(TESTS.replace('}', ', skip_build: true}'), { runsTests: true })
  assert.deepEqual([alone.problem, alone.tests[0]?.notRun], [null, null])
})

test('tests go with their build: where it does not run, they do not', () => {
  const manual = BUILD.replace('}', ', manual_trigger: true}')
  const plan = decide(`${manual}${TESTS}`, { runsTests: true })
  assert.match(reasons(plan)[1] ?? '', /no, its build does not run: it runs only when it is asked for/)
  // who asks for tests may have what was built before
  const asked = decide(`${manual}${TESTS}`, { runsTests: true, selection: { kinds: ['test'], includeManual: true } })
  assert.deepEqual([asked.builds, asked.tests.length], [[], 1])
})

test('unknown targets keep a check of their own, which says what may have been meant', () => {
  const plan = decide('- {job: copr_build, trigger: pull_request, targets: [fedora-stabel, epel-9]}\n')
  assert.deepEqual(checksOf(plan), ['rpm-build:epel-9-x86_64'])
  assert.equal(plan.skipped[0]?.name, 'rpm-build:fedora-stabel')
  assert.match(plan.skipped[0]?.reason ?? '', /^There is no target "fedora-stabel"\. Did you mean fedora-stable/)
  assert.deepEqual(plan.warnings, [plan.skipped[0]?.reason])
  const none = decide('- {job: copr_build, trigger: pull_request, targets: [nonsense]}\n')
  assert.deepEqual([none.problem?.state, none.skipped.length], ['skipped', 1])
  assert.match(reasons(none)[0] ?? '', /There is no target "nonsense"/)
})

test('a configuration of thousands of wrong names is told quickly', () => {
  const names = Array.from({ length: 4000 }, (_, i) => `fedora-stabel-${i}`)
  const text = `- {job: copr_build, trigger: pull_request, targets: [epel-9, ${names.join(', ')}]}\n`
  let plan: Plan | undefined
  const ms = cpuMs(() => {
    plan = decide(text)
  })
  assert.ok(ms < 4000, `${ms} ms`)
  assert.equal(plan?.skipped.length, context.maxTargets)
  assert.ok(plan?.warnings.some((warning) => /further skipped checks are not shown/.test(warning)))
})

test('no two checks have one name, and none that of the summary', () => {
  const plan = decide(
    `- {job: copr_build, trigger: pull_request, targets: [fedora-45, epel-9], status_name_template: packit}
- {job: tests, trigger: pull_request, targets: [epel-9], skip_build: true}
- {job: tests, trigger: pull_request, targets: [epel-9], skip_build: true, tmt_plan: other}
- {job: copr_build, trigger: pull_request, targets: [epel-9], identifier: x, status_name_template: "{job_name}:{chroot}"}
- {job: copr_build, trigger: pull_request, targets: [epel-9], identifier: y, status_name_template: "{job_name}:{chroot}"}
`,
    { runsTests: true },
  )
  assert.deepEqual(checksOf(plan).toSorted(), [
    'packit:epel-9-x86_64',
    'packit:fedora-45-x86_64',
    'rpm-build:epel-9-x86_64',
    'rpm-build:epel-9-x86_64:y',
    'testing-farm:centos-stream-9-x86_64',
    'testing-farm:centos-stream-9-x86_64:hello',
  ])
  assert.ok(plan.warnings.some((warning) => /^the checks of job 5 .*"rpm-build:epel-9-x86_64:y"/.test(warning)))
})

test('what is asked for does not change the names of checks', () => {
  const text = `- {job: copr_build, trigger: pull_request, targets: [epel-9], identifier: x, status_name_template: same}
- {job: copr_build, trigger: pull_request, targets: [epel-9], identifier: y, status_name_template: same}
`
  assert.deepEqual(checksOf(decide(text)), ['same', 'same:epel-9-x86_64'])
  const asked = decide(text, { selection: { checks: ['same:epel-9-x86_64'], includeManual: true } })
  assert.deepEqual(checksOf(asked), ['same:epel-9-x86_64'])
  assert.equal(asked.builds[0]?.identifier, 'y')
})

test('tests count among the targets of a run, where they are run', () => {
  const set = { maxTargets: 3 }
  assert.equal(decide(`${BUILD}${TESTS}`, set).problem, null)
  const plan = decide(`${BUILD}${TESTS}`, { ...set, runsTests: true })
  assert.equal(plan.problem?.kind, 'too-many-targets')
  assert.match(plan.problem?.summary ?? '', /asks for 4 targets/)
})

test('a plan of an earlier version has no tests', () => {
  const { tests: _, skipped: __, ...stored } = decide(BUILD)
  assert.deepEqual([toPlan(stored).tests, toPlan(stored).skipped], [[], []])
})
