import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeChroot, toState } from './states.ts'

const AT = new Date('2026-11-26T12:00:00Z')

test('each word of Copr is one of our states; of a word that is not known nothing follows', () => {
  const words = ['pending', 'waiting', 'starting', 'importing', 'running', 'succeeded', 'forked', 'failed', 'skipped']
  assert.deepEqual(words.map(toState), [
    ...['pending', 'pending', 'pending', 'running', 'running', 'success', 'success', 'failure', 'skipped'],
  ])
  assert.equal(toState('canceled'), 'canceled')
  assert.equal(toState('unknown'), 'error')
  assert.equal(toState('resting'), undefined)
  assert.equal(toState('constructor'), undefined)
})

test('a cancelled build is cancelled in every chroot, whatever the chroot says', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (word, hasStarted) => {
      const chroot = { state: word, startedAt: hasStarted ? AT : null }
      assert.equal(judgeChroot({ state: 'canceled' }, chroot, true)?.state, 'canceled')
    }),
  )
})

test('a chroot that failed without having begun is no failure of the change when the SRPM was ours', () => {
  const failed = { state: 'failed', startedAt: null }
  assert.equal(judgeChroot({ state: 'failed' }, failed, true)?.state, 'error')
  assert.equal(judgeChroot({ state: 'failed' }, failed, false)?.state, 'failure')
  assert.equal(judgeChroot({ state: 'failed' }, { ...failed, startedAt: AT }, true)?.state, 'failure')
})
