import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimateQueue } from './queue-estimate.ts'

const run = { now: 1000, ahead: 0, slots: 2, workOfRun: 60, srpm: 10, targets: [30, 40] }

test('a run with a free slot begins now, and takes as long as its SRPM and its longest build', () => {
  assert.deepEqual(estimateQueue({ ...run, ahead: 1 }), { expectedStart: 1000, expectedEnd: 1050 })
})

test('builds share the slots there are', () => {
  assert.equal(estimateQueue({ ...run, slots: 1 }).expectedEnd, 1080)
})

test('a run waits until so many before it have ended that a slot is free', () => {
  assert.equal(estimateQueue({ ...run, ahead: 2 }).expectedStart, 1030)
  assert.equal(estimateQueue({ ...run, ahead: 3, slots: 1 }).expectedStart, 1180)
})

test('nothing is expected without history', () => {
  assert.deepEqual(estimateQueue({ ...run, ahead: 2, workOfRun: null }), { expectedStart: null, expectedEnd: null })
  assert.deepEqual(estimateQueue({ ...run, srpm: null }), { expectedStart: 1000, expectedEnd: null })
  assert.deepEqual(estimateQueue({ ...run, targets: [30, null] }), { expectedStart: 1000, expectedEnd: null })
})

test('a run without targets ends with its SRPM', () => {
  assert.equal(estimateQueue({ ...run, targets: [] }).expectedEnd, 1010)
})
