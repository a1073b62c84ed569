import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toEpoch, toState, toStatus, waitsForSrpm } from './status.ts'

test('times of the contract lose their fraction, not their sign', () => {
  assert.deepEqual([toEpoch(1.9), toEpoch(-1.9), toEpoch(null)], [1, -1, null])
})

test('a time that an import did not find is null, as it was there', () => {
  assert.deepEqual([toEpoch(0), toEpoch(0.5)], [null, 0])
})

test("a row's own word is shown, else what follows from its state", () => {
  assert.equal(toStatus({ status: 'retry', state: 'pending' }), 'retry')
  assert.equal(toStatus({ status: null, state: 'running' }), 'pending')
  assert.equal(toStatus({ status: null, state: 'skipped' }), 'canceled')
  assert.equal(toStatus({ status: null, state: null }), null)
})

test('a build waits for its SRPM until that succeeded', () => {
  const row = { status: null, state: 'pending' }
  assert.equal(waitsForSrpm(row, 'running'), true)
  assert.equal(waitsForSrpm(row, 'success'), false)
  assert.equal(waitsForSrpm({ status: 'pending', state: 'pending' }, null), false)
})

test('every word of an import has a state', () => {
  const state = (status: string | null) => toState({ status, state: null })
  assert.deepEqual(
    [
      'waiting_for_srpm',
      'queued',
      'cancel-requested',
      'passed',
      'complete',
      'needs_inspection',
      'unknown',
      'success',
      'gibberish',
      null,
    ].map(state),
    ['pending', 'pending', 'running', 'success', 'success', 'failure', 'error', 'success', 'error', 'pending'],
  )
})
