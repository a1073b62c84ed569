import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EPEL, FEDORA, problem, seen, stable, target } from '../../test/sample-checks.ts'
import { CHECK_FAILED, samplePlan, sampleRun } from '../../test/sample-run.ts'

const HOST = 'host-debian-12-x86_64'

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

test('the same cause of several targets is told once in the stable check', () => {
  const failed = [FEDORA, EPEL].map((name) => ({ target: name, state: 'failure' as const, cause: CHECK_FAILED }))
  const { summary } = stable(samplePlan([FEDORA, EPEL]), [sampleRun({ targets: failed })])
  assert.equal(summary.match(/FAIL: test_one/g)?.length, 1)
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
