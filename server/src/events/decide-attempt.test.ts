import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attempt, decideAgain, decideAttempt, type Head, type Known } from './decide-attempt.ts'

const head = (set: Partial<Head> = {}): Head => ({
  sha: 'b',
  before: null,
  baseRef: 'main',
  action: 'updated',
  order: 20,
  ...set,
})
const known = (set: Partial<Known> = {}): Known => ({
  open: true,
  baseRef: 'main',
  order: 10,
  heads: [{ id: 1, sha: 'a', before: null, order: 10, attempts: 1 }],
  ...set,
})
const kinds = (attempt: Attempt) => (attempt.kind === 'run' ? `run ${attempt.attempt}` : attempt.kind)

test('a new head runs, and the same head told again does not', () => {
  assert.equal(kinds(decideAttempt(head(), known())), 'run 1')
  assert.equal(kinds(decideAttempt(head({ sha: 'a', order: 10 }), known())), 'none')
  assert.equal(kinds(decideAttempt(head({ sha: 'a', order: 99, action: 'opened' }), known())), 'none')
})

test('an older head that is told late starts nothing', () => {
  assert.equal(kinds(decideAttempt(head({ sha: 'old', order: 5 }), known())), 'stale')
})

test('of two heads of the same second, that with which it was opened is older, however late it is told', () => {
  assert.equal(kinds(decideAttempt(head({ sha: 'first', action: 'opened', order: 10 }), known())), 'stale')
  assert.equal(kinds(decideAttempt(head({ sha: 'second', action: 'updated', order: 10 }), known())), 'run 1')
})

test('a head that comes back by a forced push runs again', () => {
  const heads = [
    { id: 1, sha: 'a', before: null, order: 10, attempts: 1 },
    { id: 2, sha: 'b', before: null, order: 20, attempts: 1 },
  ]
  assert.equal(kinds(decideAttempt(head({ sha: 'a', order: 30 }), known({ heads, order: 20 }))), 'run 2')
})

test('reopening runs again once, and only what was closed', () => {
  const reopened = head({ sha: 'a', action: 'reopened', order: 12 })
  assert.equal(kinds(decideAttempt(reopened, known({ open: false, order: 11 }))), 'run 2')
  assert.equal(kinds(decideAttempt(reopened, known({ open: true, order: 12 }))), 'none')
})

test('another base runs again; the same base edited does not', () => {
  const edited = head({ sha: 'a', action: 'edited', order: 12, baseRef: 'stable' })
  assert.equal(kinds(decideAttempt(edited, known())), 'run 2')
  assert.equal(kinds(decideAttempt(edited, known({ baseRef: 'stable', order: 12 }))), 'none')
})

test('a push that leads to where a known push began is older', () => {
  const heads = [{ id: 1, sha: 'c', before: 'b', order: 10, attempts: 1 }]
  assert.equal(
    kinds(decideAttempt(head({ action: 'push', sha: 'b', before: 'a', order: 11 }), known({ heads }))),
    'stale',
  )
  assert.equal(
    kinds(decideAttempt(head({ action: 'push', sha: 'b', before: 'c', order: 11 }), known({ heads }))),
    'run 1',
  )
})

test('an attempt that was asked for is given once, and only to the newest head of what is open', () => {
  assert.equal(kinds(decideAgain({ sha: 'a' }, 2, known())), 'run 2')
  const given = known({ heads: [{ id: 1, sha: 'a', before: null, order: 10, attempts: 2 }] })
  assert.equal(kinds(decideAgain({ sha: 'a' }, 2, given)), 'none')
  assert.equal(kinds(decideAgain({ sha: 'a' }, 2, known({ open: false }))), 'stale')
  const newer = { id: 2, sha: 'b', before: null, order: 20, attempts: 1 }
  assert.equal(kinds(decideAgain({ sha: 'a' }, 2, known({ heads: [...known().heads, newer] }))), 'stale')
})

test('what was closed stays closed for all that was told before; a group of the merge queue asks once for a commit', () => {
  const closed = known({ open: false, order: 20 })
  assert.equal(kinds(decideAttempt(head({ action: 'opened', order: 20 }), closed)), 'stale')
  assert.equal(kinds(decideAttempt(head({ sha: 'a', action: 'opened', order: 10 }), closed)), 'stale')
  assert.equal(kinds(decideAttempt(head({ sha: 'a', action: 'reopened', order: 20 }), closed)), 'run 2')
  assert.equal(kinds(decideAttempt(head({ sha: 'a', action: 'push', order: 30 }), closed)), 'stale')
  assert.equal(kinds(decideAttempt(head({ sha: 'b', action: 'push', order: 30 }), closed)), 'run 1')
})

test('labels run again where they matter, and a head that waits for its plan has no run yet', () => {
  const labeled = head({ sha: 'a', action: 'labeled', order: 12 })
  assert.equal(kinds(decideAttempt(labeled, known())), 'none')
  assert.equal(kinds(decideAttempt(labeled, known({ labelsMatter: true }))), 'run 2')
  assert.equal(kinds(decideAttempt({ ...labeled, order: 9 }, known({ labelsMatter: true }))), 'stale')
  const waiting = known({ heads: [{ id: 1, sha: 'a', before: null, order: 10, attempts: 0 }] })
  assert.equal(kinds(decideAttempt(labeled, waiting)), 'run 1')
})

test('attempts that were asked for may begin in any order: each is given once', () => {
  const given = known({ heads: [{ id: 1, sha: 'a', before: null, order: 10, attempts: 3, taken: [1, 3] }] })
  assert.equal(kinds(decideAgain({ sha: 'a' }, 2, given)), 'run 2')
  assert.equal(kinds(decideAgain({ sha: 'a' }, 3, given)), 'none')
})
