import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHECK_FAILED, type SampleTarget, samplePlan, sampleRun } from '../../test/sample-run.ts'
import type { Pipeline, Run } from '../db/runs.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import { phaseOf } from './next-step.ts'
import { endedChecks, newestRuns, wantedChecks } from './wanted-checks.ts'

const VIEW = { page: (path: string) => `https://packit.example${path}`, isSuperseded: false }
const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const HOST = 'host-debian-12-x86_64'

/** How each check is seen on a forge, by name. */
function seen(plan: Plan | null, runs: Run[], view = VIEW): Record<string, string> {
  return Object.fromEntries(
    wantedChecks(plan, runs, view).map((check) => {
      const phase = phaseOf(check)
      return [check.name, phase.status === 'completed' ? phase.conclusion : phase.status]
    }),
  )
}

const stable = (plan: Plan | null, runs: Run[], view = VIEW) => {
  const check = wantedChecks(plan, runs, view).find(({ name }) => name === 'packit')
  assert.ok(check)
  return check
}

const target = (name: string, state: SampleTarget['state'], reason?: string): SampleTarget => ({
  target: name,
  state,
  ...(reason ? { reason } : {}),
})
const problem = (kind: PlanProblem['kind'], state: PlanProblem['state'], over: Partial<PlanProblem> = {}) => ({
  problem: { kind, state, title: 'A title', summary: 'What is wrong.', lines: [], ...over },
})

test('the stable check follows all wanted targets', () => {
  const NOT_HERE = `this installation builds for ${FEDORA}`
  const cases: [says: string, run: Parameters<typeof sampleRun>[0], seen: string, title: RegExp][] = [
    [
      'accepted',
      { srpm: { state: 'pending' }, targets: [target(FEDORA, 'pending')], state: 'pending' },
      'queued',
      /^The task was accepted\.$/,
    ],
    [
      'SRPM runs',
      { srpm: { state: 'running' }, targets: [target(FEDORA, 'pending')] },
      'in_progress',
      /^Building for 1 target\.$/,
    ],
    [
      'one is built, one to come',
      { targets: [target(FEDORA, 'success'), target(EPEL, 'running')] },
      'in_progress',
      /Building for 2/,
    ],
    [
      'one failed, one to come',
      { targets: [target(FEDORA, 'failure'), target(EPEL, 'running')] },
      'in_progress',
      /Building for 2/,
    ],
    ['to be published', { state: 'running', targets: [target(FEDORA, 'success')] }, 'in_progress', /Building for 1/],
    [
      'all are built',
      { targets: [target(FEDORA, 'success'), target(EPEL, 'success')] },
      'success',
      /^All 2 targets were built\.$/,
    ],
    [
      'one failed',
      { targets: [target(FEDORA, 'success'), target(EPEL, 'failure')], state: 'failure' },
      'failure',
      /^1 of 2 targets failed: epel-10-x86_64$/,
    ],
    [
      'one broke',
      { targets: [target(FEDORA, 'success'), target(EPEL, 'error', 'the builder is gone')], state: 'error' },
      'action_required',
      /^epel-10-x86_64 could not be finished: the builder is gone$/,
    ],
    [
      'failed and broke',
      { targets: [target(FEDORA, 'failure'), target(EPEL, 'error')], state: 'failure' },
      'failure',
      /1 of 2 targets failed/,
    ],
    [
      'one was cancelled',
      { targets: [target(FEDORA, 'success'), target(EPEL, 'canceled', 'ann did it')], state: 'canceled' },
      'cancelled',
      /ann did it/,
    ],
    [
      'SRPM failed',
      { srpm: { state: 'failure' }, targets: [target(FEDORA, 'failure', 'the SRPM failed')] },
      'failure',
      /SRPM/,
    ],
    [
      'SRPM failed, only the host would build',
      { state: 'failure', srpm: { state: 'failure' }, targets: [target(FEDORA, 'skipped'), target(HOST, 'failure')] },
      'failure',
      /SRPM/,
    ],
    [
      'SRPM broke',
      { state: 'error', srpm: { state: 'error', reason: 'no tar' }, targets: [target(FEDORA, 'error')] },
      'action_required',
      /could not be made: no tar/,
    ],
    [
      'merge conflict',
      { srpm: { state: 'skipped', reason: 'Merge conflicts present' }, targets: [target(FEDORA, 'skipped')] },
      'action_required',
      /Merge conflicts present/,
    ],
    [
      'given up',
      { gaveUp: 'the repository could not be published', state: 'error', targets: [target(FEDORA, 'success')] },
      'action_required',
      /could not be published/,
    ],
    [
      'given up before there was an SRPM',
      { srpm: null, state: 'error', reason: 'the repository is away' },
      'action_required',
      /is away/,
    ],
    [
      'nothing can be built here',
      { state: 'skipped', targets: [target(FEDORA, 'skipped', NOT_HERE), target(HOST, 'success')] },
      'neutral',
      /^0 of 1 wanted targets: this installation/,
    ],
    [
      'some can be built here',
      { state: 'success', targets: [target(FEDORA, 'success'), target(EPEL, 'skipped', NOT_HERE)] },
      'neutral',
      /^1 of 2 wanted targets: this installation/,
    ],
    [
      'a host build is none of the wanted targets',
      { state: 'failure', targets: [target(FEDORA, 'success'), target(HOST, 'failure')] },
      'success',
      /^The target was built\.$/,
    ],
  ]
  for (const [says, run, expected, title] of cases) {
    const runs = [sampleRun(run)]
    assert.equal(seen(samplePlan([FEDORA, EPEL]), runs).packit, expected, says)
    assert.match(stable(samplePlan([FEDORA, EPEL]), runs).title, title, says)
  }
})

test('a plan that ended before any job says so in the stable check', () => {
  const ended = (state: 'failure' | 'error' | 'skipped') => [sampleRun({ srpm: null, state, reason: 'A title' })]
  assert.deepEqual(seen(samplePlan([FEDORA], { builds: [], ...problem('config', 'failure') }), ended('failure')), {
    packit: 'failure',
  })
  assert.deepEqual(seen(samplePlan([], { builds: [], ...problem('nothing-to-build', 'skipped') }), ended('skipped')), {
    packit: 'skipped',
  })
  assert.deepEqual(seen(samplePlan([], { builds: [], ...problem('too-many-targets', 'failure') }), ended('failure')), {
    packit: 'failure',
  })
})

test('an accepted event waits in the stable check before it has a plan', () => {
  assert.deepEqual(seen(null, []), { packit: 'queued' })
  assert.equal(stable(null, []).title, 'The task was accepted.')
})

test('a project without a package configuration sees no checks; what it saw ends as skipped', () => {
  const plan = samplePlan([], { builds: [], ...problem('no-config', 'skipped', { title: 'No package configuration' }) })
  assert.deepEqual(seen(plan, [sampleRun({ srpm: null, state: 'skipped' })]), {})
  const [ended] = endedChecks([stable(null, [])], [], plan, VIEW)
  assert.deepEqual([ended?.name, ended?.state, ended?.title], ['packit', 'skipped', 'No package configuration'])
})

test('an outsider’s change waits for leave, with a button; its targets are neutral', () => {
  const plan = samplePlan([FEDORA, EPEL], problem('not-approved', 'skipped', { summary: 'Comment /packit approve' }))
  const runs = [sampleRun({ srpm: null, state: 'skipped' })]
  assert.deepEqual(seen(plan, runs), {
    packit: 'action_required',
    [`rpm-build:${FEDORA}`]: 'neutral',
    [`rpm-build:${EPEL}`]: 'neutral',
  })
  assert.deepEqual(
    stable(plan, runs).buttons.map(({ label, word }) => [label, word]),
    [['Approve', 'approve']],
  )
  assert.match(stable(plan, runs).summary, /approve/)
  const refused = samplePlan([FEDORA], problem('not-allowed', 'skipped'))
  assert.equal(seen(refused, runs).packit, 'action_required')
  assert.deepEqual(stable(refused, runs).buttons, [], 'nobody can approve what the operator does not serve')
})

test('what a newer commit replaced ends as cancelled, with words that do not change any more', () => {
  const view = { ...VIEW, isSuperseded: true }
  const plan = samplePlan([FEDORA, EPEL])
  const living = [
    sampleRun({ srpm: { state: 'running' }, targets: [target(FEDORA, 'pending'), target(EPEL, 'running')] }),
  ]
  const ended = [
    sampleRun({ state: 'canceled', targets: [target(FEDORA, 'canceled', 'superseded'), target(EPEL, 'canceled')] }),
  ]
  assert.deepEqual(new Set(Object.values(seen(plan, living, view))), new Set(['cancelled']))
  const said = (runs: Run[]) =>
    wantedChecks(plan, runs, view).map(({ title, summary, endedAt }) => [title, summary, endedAt])
  assert.deepEqual(said(living), said(ended))
  assert.equal(
    seen(plan, [sampleRun({ targets: [target(FEDORA, 'success')] })], view).packit,
    'success',
    'it had ended',
  )
  const [early] = endedChecks([stable(null, [])], wantedChecks(null, [], view), null, view)
  assert.equal(early?.state, 'canceled', 'also before it had a plan')
})

test('SRPM and RPM build are told on each target', () => {
  const cases: [SampleTarget['state'], SampleTarget['state'], string, string][] = [
    ['pending', 'pending', 'queued', 'The task was accepted.'],
    ['running', 'pending', 'in_progress', 'SRPM build is in progress...'],
    ['success', 'pending', 'queued', 'SRPM build succeeded. Waiting for RPM build to start...'],
    ['success', 'running', 'in_progress', 'RPM build is in progress...'],
    ['success', 'success', 'success', 'RPMs were built successfully.'],
    ['success', 'failure', 'failure', 'RPMs failed to be built.'],
    ['failure', 'failure', 'failure', 'SRPM build failed, check the logs for details.'],
    ['skipped', 'skipped', 'neutral', 'Merge conflicts present'],
  ]
  for (const [srpm, state, expected, title] of cases) {
    const run = sampleRun({
      srpm: { state: srpm, ...(srpm === 'skipped' ? { reason: 'Merge conflicts present' } : {}) },
      targets: [target(FEDORA, state)],
    })
    const name = `rpm-build:${FEDORA}`
    assert.equal(seen(samplePlan([FEDORA]), [run])[name], expected, title)
    assert.equal(wantedChecks(samplePlan([FEDORA]), [run], VIEW)[1]?.title, title)
  }
})

test('an error of ours is neutral on its target', () => {
  const run = sampleRun({ targets: [target(FEDORA, 'error', 'the builder is gone')] })
  assert.equal(seen(samplePlan([FEDORA]), [run])[`rpm-build:${FEDORA}`], 'neutral')
})

test('a failure says its cause first: sentence, lines that nobody breaks out of, the way to them', () => {
  const run = sampleRun({ targets: [{ state: 'failure', cause: CHECK_FAILED, reason: CHECK_FAILED.summary }] })
  const check = wantedChecks(samplePlan([FEDORA]), [run], VIEW)[1]
  assert.equal(check?.title, CHECK_FAILED.summary)
  assert.equal(
    check?.summary,
    [
      '**%check of fedora\\-45\\-x86\\_64 failed\\: 2 tests failed**',
      '````text\n812: FAIL: test_one\n813: FAIL: test_two ``` <img src=x> @ann\n````',
      '[Line 812 in the log](https://packit.example/jobs/copr/10#L812-L813)',
      'Took: SRPM 12 s, build 4 min 5 s.',
    ].join('\n\n'),
  )
  assert.ok(stable(samplePlan([FEDORA]), [run]).summary.startsWith('**%check'))
})

test('the same cause of several targets is told once in the stable check', () => {
  const failed = [FEDORA, EPEL].map((name) => ({ target: name, state: 'failure' as const, cause: CHECK_FAILED }))
  const { summary } = stable(samplePlan([FEDORA, EPEL]), [sampleRun({ targets: failed })])
  assert.equal(summary.match(/FAIL: test_one/g)?.length, 1)
})

test('what was built can be installed by the lines of its check, whose text publishing does not change', () => {
  const run = sampleRun({ targets: [target(FEDORA, 'success')], published: true })
  const lines = /sudo dnf install hello/
  const [first, second] = wantedChecks(samplePlan([FEDORA]), [run], VIEW)
  assert.match(first?.summary ?? '', lines)
  assert.match(second?.summary ?? '', lines)
  const before = sampleRun({ targets: [target(FEDORA, 'success')] })
  const [stableBefore, targetBefore] = wantedChecks(samplePlan([FEDORA]), [before], VIEW)
  assert.doesNotMatch(stableBefore?.summary ?? '', lines)
  assert.equal(targetBefore?.summary, second?.summary)
})

test('what was not run is said with its reason, and texts of strangers make no markup', () => {
  const job = { package: '', on: 'commit', identifier: null, targets: [], wanted: false }
  const plan = samplePlan([FEDORA], {
    jobs: [{ ...job, job: 'tests', reason: 'its branch "<b>@x" does not match' }],
  })
  const { summary } = stable(plan, [sampleRun({ targets: [target(FEDORA, 'success')] })])
  assert.match(summary, /Not run:\n\n- tests\\: its branch/)
  assert.doesNotMatch(summary, /(?<!\\)<b|@x/)
})

test('tests that nothing runs here are skipped, with the reason', () => {
  const plan = samplePlan([FEDORA], {
    tests: [
      {
        package: '',
        identifier: '',
        targets: [FEDORA],
        checks: { [FEDORA]: `testing-farm:${FEDORA}` },
        reason: 'no tests here',
      },
    ],
  })
  const checks = wantedChecks(plan, [sampleRun({ targets: [target(FEDORA, 'success')] })], VIEW)
  const found = checks.find(({ name }) => name === `testing-farm:${FEDORA}`)
  assert.deepEqual([found?.state, found?.title], ['skipped', 'no tests here'])
})

test('each check has a name of its own, whatever a template makes of it', () => {
  const plan = samplePlan([FEDORA, EPEL])
  const [build] = plan.builds
  assert.ok(build)
  build.checks = { [FEDORA]: 'packit', [EPEL]: 'packit' }
  const names = Object.keys(seen(plan, [sampleRun({ targets: [target(FEDORA, 'success'), target(EPEL, 'failure')] })]))
  assert.deepEqual(names, ['packit', 'packit (2)', 'packit (3)'])
})

test('a configuration that is wrong is remarked at each of its lines', () => {
  const summary = '.packit.yaml:3:7: unknown key: jbos\n.packit.yaml:9:1: targets: must be a list'
  const plan = samplePlan([], { builds: [], ...problem('config', 'failure', { summary }) })
  const { annotations } = stable(plan, [sampleRun({ srpm: null, state: 'failure' })])
  assert.deepEqual(
    annotations.map(({ path, startLine, level, message }) => [path, startLine, level, message]),
    [
      ['.packit.yaml', 3, 'failure', 'unknown key: jbos'],
      ['.packit.yaml', 9, 'failure', 'targets: must be a list'],
    ],
  )
})

test('a failure that names a line of the spec file is remarked there', () => {
  const lines = [
    'error: /builddir/build/SPECS/hello.spec:6: bad %if condition:  0 >> 3',
    'error: line 14: Unknown tag: Frob',
    'error: other.spec:9: no',
  ]
  const cause = {
    kind: 'spec-syntax' as const,
    section: null,
    summary: 'bad',
    line: 1,
    lines: lines.map((text, i) => ({ number: i + 1, text })),
  }
  const run = sampleRun({
    srpm: { state: 'failure', cause, specfile: 'rpm/hello.spec' },
    targets: [target(FEDORA, 'failure')],
  })
  const check = wantedChecks(samplePlan([FEDORA]), [run], VIEW)[1]
  assert.deepEqual(
    check?.annotations.map(({ path, startLine }) => [path, startLine]),
    [
      ['rpm/hello.spec', 6],
      ['rpm/hello.spec', 14],
    ],
  )
  const elsewhere = sampleRun({
    srpm: { state: 'failure', cause: { ...cause, kind: 'compiler' } },
    targets: [target(FEDORA, 'failure')],
  })
  assert.deepEqual(wantedChecks(samplePlan([FEDORA]), [elsewhere], VIEW)[1]?.annotations, [])
})

test('a summary never grows over what a forge takes', () => {
  const targets = Array.from({ length: 50 }, (_, i) => ({
    target: `fedora-${i}-x86_64`,
    state: 'failure' as const,
    reason: 'ä'.repeat(5000),
  }))
  const plan = samplePlan([], { warnings: Array.from({ length: 100 }, () => `remark ${'x'.repeat(3000)}`) })
  for (const check of wantedChecks(plan, [sampleRun({ targets })], VIEW)) {
    assert.ok(Buffer.byteLength(check.summary) < 65_000, String(Buffer.byteLength(check.summary)))
    assert.ok(check.title.length <= 200)
  }
})

test('of each package its newest attempt counts; one that ended before its SRPM stands for the whole event', () => {
  const pipeline = (id: number, attempt: number, name: string, srpm: number | null = id) =>
    ({ id, attempt, package: name, identifier: '', mergedRunId: id, srpmBuildId: srpm }) as Pipeline
  assert.deepEqual(newestRuns([pipeline(1, 1, 'a'), pipeline(2, 1, 'b'), pipeline(3, 2, 'b')]), [1, 3])
  assert.deepEqual(newestRuns([pipeline(1, 1, '', null), pipeline(2, 2, 'a'), pipeline(3, 2, 'b')]), [2, 3])
  assert.deepEqual(newestRuns([pipeline(1, 1, 'a'), pipeline(2, 2, '', null)]), [2])
})
