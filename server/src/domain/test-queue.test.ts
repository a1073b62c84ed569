import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimateTests, type WaitingTests } from './test-queue.ts'

const base: WaitingTests = {
  ...{ now: 1000, isReady: false, isElsewhere: false, isHeldUp: false, runStart: 1000, srpm: null, builds: [] },
  ...{ ahead: 0, slots: 2, askedAt: null, runnerWait: 20, seconds: 60 },
}
const estimate = (set: Partial<WaitingTests>) => {
  const { waitsFor, position, expectedStart, expectedEnd } = estimateTests({ ...base, ...set })
  return [waitsFor, position, expectedStart, expectedEnd]
}

test('tests begin when the last of their builds has ended, and have no place in a queue before', () => {
  const running = { startedAt: 950, seconds: 100 }
  assert.deepEqual(estimate({ builds: [running, { startedAt: 990, seconds: 30 }] }), ['build', null, 1050, 1110])
  // a build that waits begins after the SRPM, which begins with the run
  const waiting = { startedAt: null, seconds: 100 }
  assert.deepEqual(estimate({ builds: [waiting] }), ['build', null, 1100, 1160])
  assert.deepEqual(estimate({ srpm: { startedAt: 995, seconds: 10 }, builds: [waiting] })[2], 1105)
  assert.deepEqual(estimate({ runStart: 1200, srpm: { startedAt: null, seconds: 10 }, builds: [waiting] })[2], 1310)
  // built, and not yet published
  assert.deepEqual(estimate({}), ['build', null, 1000, 1060])
})

test('on this machine tests take turns: they have a place, and begin at once where a slot is free', () => {
  const ready = { isReady: true }
  assert.deepEqual(estimate({ ...ready, ahead: 1 }), ['turn', 2, 1000, 1060])
  assert.deepEqual(estimate({ ...ready, ahead: 3 }), ['turn', 4, 1060, 1120])
  assert.deepEqual(estimate({ ...ready, ahead: 3, seconds: null }), ['turn', 4, null, null])
})

test('another runner tells no place; how long it lets tests wait is counted from when it was asked', () => {
  const elsewhere = { isReady: true, isElsewhere: true }
  assert.deepEqual(estimate({ ...elsewhere, askedAt: 990 }), ['runner', null, 1010, 1070])
  assert.deepEqual(estimate(elsewhere), ['runner', null, 1020, 1080])
  assert.deepEqual(estimate({ isElsewhere: true, builds: [{ startedAt: 950, seconds: 100 }] }), [
    'build',
    null,
    1070,
    1130,
  ])
})

test('no time is told where none is known, or where it has passed', () => {
  const unknown = [null, null]
  const times = (set: Partial<WaitingTests>) => estimate(set).slice(2)
  assert.deepEqual(times({ builds: [{ startedAt: 950, seconds: null }] }), unknown)
  assert.deepEqual(
    times({
      builds: [
        { startedAt: 800, seconds: 100 },
        { startedAt: 990, seconds: 30 },
      ],
    }),
    unknown,
  )
  assert.deepEqual(times({ builds: null }), unknown)
  assert.deepEqual(
    times({ runStart: null, srpm: { startedAt: null, seconds: 10 }, builds: [{ startedAt: null, seconds: 1 }] }),
    unknown,
  )
  const elsewhere = { isReady: true, isElsewhere: true }
  assert.deepEqual(times({ ...elsewhere, askedAt: 900 }), unknown)
  assert.deepEqual(times({ ...elsewhere, runnerWait: null }), unknown)
  assert.deepEqual(times({ ...elsewhere, isHeldUp: true }), unknown)
  assert.deepEqual(times({ seconds: null }), [1000, null])
})
