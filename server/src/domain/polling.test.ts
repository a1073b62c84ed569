import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pollAfterMs } from './polling.ts'

test('whatever is lost, something is looked at within one interval, often at first', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1000, max: 3_600_000 }), (polls, longestMs) => {
      const afterMs = pollAfterMs(polls, longestMs)
      assert.ok(afterMs > 0 && afterMs <= longestMs)
      assert.ok(pollAfterMs(polls + 1, longestMs) >= afterMs)
    }),
  )
  assert.deepEqual(
    [0, 1, 2, 50].map((polls) => pollAfterMs(polls, 120_000)),
    [1000, 1500, 2250, 120_000],
  )
})
