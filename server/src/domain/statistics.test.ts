import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantile, type Repeated, summarize } from './statistics.ts'

const step = (state: Repeated['state'], more: Partial<Repeated> = {}): Repeated => ({
  id: 1,
  state,
  startedAt: 100,
  endedAt: 160,
  commit: 'a1b2',
  series: '',
  ...more,
})

test('errors of ours and what was cancelled do not count against the success rate', () => {
  const found = summarize(
    (['success', 'success', 'success', 'failure', 'error', 'canceled', 'skipped', 'running'] as const).map((s) =>
      step(s),
    ),
  )
  assert.deepEqual([found.runs, found.success, found.failure, found.error, found.successRate], [5, 3, 1, 1, 0.75])
  assert.equal(summarize([step('error')]).successRate, null)
})

test('durations are of steps that came to a verdict, and have both ends', () => {
  const found = summarize([
    step('success', { endedAt: 110 }),
    step('failure', { endedAt: 130 }),
    step('canceled', { endedAt: 9000 }),
    step('success', { startedAt: null }),
    step('success', { endedAt: 50 }),
  ])
  assert.deepEqual([found.medianSeconds, found.p90Seconds], [20, 28])
  assert.equal(summarize([]).medianSeconds, null)
})

test('a quantile lies between the values around it', () => {
  assert.deepEqual([quantile([3, 1, 2], 0.5), quantile([1, 2], 0.5), quantile([7], 0.9)], [2, 1.5, 7])
})

test('the newest that ended come with the oldest first', () => {
  const found = summarize(
    [step('running', { id: 4 }), step('failure', { id: 3 }), step('success', { id: 2 }), step('success')],
    2,
  )
  assert.deepEqual(
    found.latest.map(({ id }) => id),
    [2, 3],
  )
})

test('one commit that failed and passed is flaky; not so two jobs of a commit, or an error of ours', () => {
  assert.deepEqual(summarize([step('success'), step('failure')]).flakyCommits, ['a1b2'])
  assert.deepEqual(summarize([step('success'), step('failure', { series: 'other' })]).flakyCommits, [])
  assert.deepEqual(summarize([step('success'), step('failure', { commit: 'ffff' })]).flakyCommits, [])
  assert.deepEqual(summarize([step('success'), step('error')]).flakyCommits, [])
})
