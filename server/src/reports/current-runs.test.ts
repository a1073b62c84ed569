import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EPEL, FEDORA, problem, seen, target } from '../../test/sample-checks.ts'
import { samplePlan, sampleRun } from '../../test/sample-run.ts'
import type { Run } from '../db/runs.ts'
import type { Plan } from '../domain/plan.ts'
import { currentRuns } from './current-runs.ts'

const PLAN = samplePlan([FEDORA, EPEL])
/** As a forge sees the event: the stable check, then each target. */
const shown = (plan: Plan | null, ...runs: Run[]) => {
  const checks = seen(plan, currentRuns(plan, runs))
  return [checks.packit, checks[`rpm-build:${FEDORA}`], checks[`rpm-build:${EPEL}`]]
}
/** For each run that counts: its id and targets. */
const counted = (plan: Plan | null, ...runs: Run[]) =>
  currentRuns(plan, runs).map(({ id, targets }) => [id, ...targets.map((t) => t.target)])

test('what is run again alone turns nothing green while another target of an older attempt failed', () => {
  const first = sampleRun({ targets: [target(FEDORA, 'failure'), target(EPEL, 'failure')] })
  const again = (state: 'running' | 'success') =>
    sampleRun({ id: 2, attempt: 2, targets: [target(EPEL, state)], published: true })
  assert.deepEqual(shown(PLAN, first, again('running')), ['in_progress', 'failure', 'in_progress'])
  assert.deepEqual(shown(PLAN, first, again('success')), ['failure', 'failure', 'success'])
  const third = sampleRun({ id: 3, attempt: 3, targets: [target(FEDORA, 'success')], published: true })
  assert.deepEqual(shown(PLAN, first, again('success'), third), ['success', 'success', 'success'])
})

test('a target of an older attempt that has not ended is waited for', () => {
  const first = sampleRun({ targets: [target(FEDORA, 'failure'), target(EPEL, 'running')] })
  const again = sampleRun({ id: 2, attempt: 2, targets: [target(FEDORA, 'success')], published: true })
  assert.deepEqual(shown(PLAN, first, again), ['in_progress', 'success', 'in_progress'])
})

test('the state of a run is that of what counts of it', () => {
  const first = sampleRun({ targets: [target(FEDORA, 'failure'), target(EPEL, 'success')], published: true })
  const again = sampleRun({ id: 2, attempt: 2, targets: [target(FEDORA, 'success')], published: true })
  assert.deepEqual(
    currentRuns(PLAN, [first, again]).map(({ pipelines }) => pipelines[0]?.state),
    ['success', 'success'],
  )
  const noSrpm = sampleRun({ srpm: { state: 'failure' }, targets: [target(FEDORA, 'failure')] })
  assert.deepEqual(shown(samplePlan([FEDORA]), noSrpm, again), ['success', 'success', undefined])
})

test('what a newer plan does not want any more is gone with its attempt; a machine’s own target stays with its package', () => {
  const host = 'host-debian-12-x86_64'
  const first = sampleRun({ targets: [target(FEDORA, 'failure'), target(EPEL, 'success'), target(host, 'success')] })
  const again = sampleRun({ id: 2, attempt: 2, targets: [target(EPEL, 'success')], published: true })
  assert.deepEqual(counted(samplePlan([EPEL]), first, again), [
    [1, host],
    [2, EPEL],
  ])
  assert.deepEqual(counted(samplePlan([EPEL]), sampleRun({ targets: [target(FEDORA, 'failure')] }), again), [[2, EPEL]])
})

test('of each package its own newest attempt counts', () => {
  const [build] = samplePlan([FEDORA]).builds
  assert.ok(build)
  const plan = samplePlan([], { builds: ['a', 'b'].map((name) => ({ ...build, package: name })) })
  const of = (id: number, attempt: number, name: string) =>
    sampleRun({ id, attempt, package: name, targets: [target(FEDORA, 'failure')] })
  assert.deepEqual(counted(plan, of(1, 1, 'a'), of(2, 1, 'b'), of(3, 2, 'b')), [
    [1, FEDORA],
    [3, FEDORA],
  ])
})

test('what ended before its SRPM stands for the whole event until something later does, unless it was refused', () => {
  const unplanned = (id: number, attempt: number, state: 'failure' | 'skipped') => {
    const run = sampleRun({ id, attempt, srpm: null, state })
    return { ...run, pipelines: run.pipelines.map((p) => ({ ...p, buildGroupId: null })) }
  }
  const built = (id: number, attempt: number) => sampleRun({ id, attempt, targets: [target(FEDORA, 'success')] })
  const ids = (...runs: Run[]) => currentRuns(PLAN, runs).map(({ id }) => id)
  assert.deepEqual(ids(unplanned(1, 1, 'failure'), built(2, 2)), [2])
  assert.deepEqual(ids(built(1, 1), unplanned(2, 2, 'failure')), [2])
  assert.deepEqual(ids(built(1, 1), unplanned(2, 2, 'skipped')), [1], 'it was refused')
  const waits = samplePlan([FEDORA, EPEL], problem('not-approved', 'skipped'))
  assert.deepEqual(shown(waits, unplanned(1, 1, 'skipped')), ['action_required', 'neutral', 'neutral'])
})
