import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasEnded, STATES, type State } from './status.ts'
import {
  type AwaitedBuild,
  decideReadiness,
  decideTest,
  type FoundProgress,
  MOST_TEST_RETRIES,
  retryAfterMs,
  type TestProgress,
  toTestStatus,
} from './test-run.ts'

const found = (state: State, isTransient = false): FoundProgress => ({ state, reason: null, isTransient })
const PENDING: TestProgress = { state: 'pending', tries: 0, cancelReason: null }

/** What is written of what the runner says, one after the other. */
function step(now: TestProgress, said: FoundProgress): TestProgress {
  const next = decideTest(now, said)
  if (next.kind === 'none') return now
  return next.kind === 'again' ? { ...now, state: 'pending', tries: next.tries } : { ...now, state: next.state }
}

const saids = fc.array(
  fc.oneof(
    fc.constant(undefined),
    fc.record({ state: fc.constantFrom(...STATES), reason: fc.constant('x'), isTransient: fc.boolean() }),
  ),
)
const rank = ({ state, tries }: TestProgress) => tries * 3 + (hasEnded(state) ? 2 : state === 'running' ? 1 : 0)

test('whatever a runner says, in whatever order and however often, tests only move forward, and end once', () => {
  fc.assert(
    fc.property(saids, fc.option(fc.constant('superseded')), (all, cancelReason) => {
      let now: TestProgress = { ...PENDING, cancelReason }
      for (const said of all) {
        const next = step(now, said)
        assert.ok(rank(next) >= rank(now))
        assert.ok(next.tries <= MOST_TEST_RETRIES)
        if (hasEnded(now.state)) assert.deepEqual(next, now)
        // said once more it changes nothing, unless the runner broke
        if (said && !(said.state === 'error' && said.isTransient)) assert.deepEqual(step(next, said), next)
        now = next
      }
    }),
  )
})

test('a runner that broke or lost the tests is asked again a few times, later each time, and then they end neutral', () => {
  for (const said of [undefined, found('error', true)]) {
    let now = PENDING
    for (let tries = 1; tries <= MOST_TEST_RETRIES; tries += 1) {
      assert.equal(decideTest(now, said).kind, 'again')
      now = step(now, said)
      assert.equal(now.tries, tries)
    }
    const end = decideTest(now, said)
    assert.deepEqual([end.kind, end.kind === 'move' && end.state], ['move', 'error'])
  }
  assert.deepEqual(
    [0, 1, 2].map((tries) => retryAfterMs(tries, 60_000)),
    [60_000, 240_000, 960_000],
  )
})

test('what is cancelled is not asked for again, and says why it was', () => {
  const now = { ...PENDING, cancelReason: 'superseded by abc' }
  const canceled = { kind: 'move', state: 'canceled', reason: 'superseded by abc' }
  assert.deepEqual(decideTest(now, undefined), canceled)
  assert.deepEqual(decideTest(now, found('error', true)), canceled)
  assert.deepEqual(decideTest(now, found('canceled')), canceled)
  assert.deepEqual(decideTest(now, found('success')), { kind: 'move', state: 'success', reason: null })
})

test('an error that will not go away by itself ends the tests at once', () => {
  assert.deepEqual(decideTest(PENDING, found('error')), { kind: 'move', state: 'error', reason: null })
})

test('tests wait for their own builds alone, and are left out when one of them will not come', () => {
  const build = (state: State, set: Partial<AwaitedBuild> = {}): AwaitedBuild => ({
    target: 'f45',
    state,
    reason: null,
    isPublished: true,
    ...set,
  })
  const decide = (...builds: AwaitedBuild[]) => {
    const readiness = decideReadiness(builds)
    return readiness.kind === 'end' ? `${readiness.state}: ${readiness.reason}` : readiness.kind
  }
  assert.equal(decide(), 'start')
  assert.equal(decide(build('success')), 'start')
  assert.equal(decide(build('success'), build('running')), 'wait')
  assert.equal(decide(build('success', { isPublished: false })), 'wait')
  assert.equal(decide(build('running'), build('failure')), 'skipped: not tested: f45 failed to build')
  assert.equal(decide(build('canceled', { reason: 'superseded' })), 'canceled: superseded')
  assert.match(decide(build('error')), /^skipped: .*could not be finished$/)
  assert.match(decide(build('skipped', { reason: 'no builder' })), /^skipped: .*was not built, no builder$/)
})

test('the compatible API has its own words for tests', () => {
  const words = STATES.map((state) => toTestStatus(state, { isSubmitted: true, tries: 0 }))
  assert.deepEqual(words, ['queued', 'running', 'passed', 'failed', 'error', 'canceled', 'skipped'])
  assert.equal(toTestStatus('pending', { isSubmitted: false, tries: 0 }), 'new')
  assert.equal(toTestStatus('pending', { isSubmitted: false, tries: 1 }), 'retry')
})
