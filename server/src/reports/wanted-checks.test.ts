import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EPEL, FEDORA, problem, seen, stable, target, VIEW } from '../../test/sample-checks.ts'
import { CHECK_FAILED, type SampleTarget, samplePlan, sampleRun } from '../../test/sample-run.ts'
import type { Run } from '../db/runs.ts'
import type { State } from '../domain/status.ts'
import { ACCEPTED_CHECK } from '../jobs/show-accepted.ts'
import { endedChecks, wantedChecks } from './wanted-checks.ts'

test('a project without a package configuration sees no checks; what it saw ends as skipped', () => {
  const plan = samplePlan([], { builds: [], ...problem('no-config', 'skipped', { title: 'No package configuration' }) })
  assert.deepEqual(seen(plan, [sampleRun({ srpm: null, state: 'skipped' })]), {})
  const [ended] = endedChecks([stable(null, [])], [], plan, VIEW)
  assert.deepEqual([ended?.name, ended?.state, ended?.title], ['packit', 'skipped', 'No package configuration'])
})

test('what is written at once of a new event is what it would be reported as', () => {
  assert.deepEqual(wantedChecks(null, [], VIEW), [ACCEPTED_CHECK])
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
  const built = [sampleRun({ targets: [target(FEDORA, 'success')] })]
  assert.deepEqual(
    seen(plan, built),
    { packit: 'success', [`rpm-build:${FEDORA}`]: 'success' },
    'what was built before stays as it is',
  )
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

test('a target whose builder does not answer says so, until it has ended', () => {
  const view = { ...VIEW, waitsFor: (builder: string) => (builder === 'copr' ? 'Waiting for Copr' : null) }
  const titleOf = (run: Run) => wantedChecks(samplePlan([FEDORA]), [run], view)[1]?.title
  const at = (builder: 'copr' | 'local', state: State) => {
    const run = sampleRun({ targets: [target(FEDORA, state)] })
    const build = { id: 77, builder } as Run['builds'][number]
    return { ...run, builds: [build], targets: run.targets.map((one) => ({ ...one, buildRowId: 77 })) }
  }
  assert.equal(titleOf(at('copr', 'pending')), 'Waiting for Copr')
  assert.equal(titleOf(at('copr', 'running')), 'Waiting for Copr')
  assert.equal(titleOf(at('copr', 'success')), 'RPMs were built successfully.')
  assert.equal(titleOf(at('local', 'running')), 'RPM build is in progress...')

  // so does one whose SRPM is made there
  const making = sampleRun({ srpm: { state: 'running' }, targets: [target(FEDORA, 'pending')] })
  const there = making.srpm && { ...making, srpm: { ...making.srpm, coprBuildId: '7' } }
  assert.equal(titleOf(there ?? making), 'Waiting for Copr')
  assert.equal(titleOf(making), 'SRPM build is in progress...')
})

test('the stable check says who does not answer, as long as something waits for it', () => {
  const view = { ...VIEW, waitsFor: (name: string) => (name === 'local' ? null : `Waiting for ${name}`) }
  const stableOf = (run: Run) => {
    const [check] = wantedChecks(samplePlan([FEDORA, EPEL]), [run], view)
    return [check?.state, check?.title]
  }
  const built = sampleRun({ targets: [target(FEDORA, 'success'), target(EPEL, 'running')] })
  const at = (builder: 'copr' | 'local'): Run => ({
    ...built,
    builds: [{ id: 77, builder } as Run['builds'][number]],
    targets: built.targets.map((one) => ({ ...one, buildRowId: 77 })),
  })
  assert.deepEqual(stableOf(at('copr')), ['running', 'Waiting for copr'])
  assert.deepEqual(stableOf(at('local')), ['running', 'Building for 2 targets.'])

  const tested = sampleRun({
    state: 'running',
    targets: [target(FEDORA, 'success')],
    tests: [{ target: FEDORA, state: 'running' }],
  })
  const ready = { ...tested, tests: tested.tests.map((one) => ({ ...one, readyAt: new Date() })) }
  assert.deepEqual(stableOf(ready), ['running', 'Waiting for testing-farm'])
  const ended = { ...ready, tests: ready.tests.map((one) => ({ ...one, state: 'success' as const })) }
  assert.notEqual(stableOf(ended)[1], 'Waiting for testing-farm')
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

test('tests that nothing runs here are skipped, with the reason', () => {
  const plan = samplePlan([FEDORA], {
    skipped: [
      {
        name: `testing-farm:${FEDORA}`,
        kind: 'test',
        package: '',
        identifier: '',
        target: FEDORA,
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
