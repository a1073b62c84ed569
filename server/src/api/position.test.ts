import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparePositions, formatPosition, isForgotten, parsePosition } from './position.ts'

const head = { xact: '900', id: 0 }

test('a place is read as it is written, beyond the numbers of JavaScript', () => {
  const place = { xact: '9007199254740993', id: 4 }
  assert.deepEqual(parsePosition(formatPosition(place)), place)
  assert.ok(comparePositions(place, { xact: '9007199254740992', id: 9 }) > 0)
  for (const text of ['', '1', '1.', '.1', '-1.1', '1.1.1', '99999999999999999999.1', '9223372036854775808.1']) {
    assert.equal(parsePosition(text), null, text)
  }
})

test('places are ordered by transaction, then by row', () => {
  assert.ok(comparePositions({ xact: '9', id: 5 }, { xact: '10', id: 1 }) < 0)
  assert.ok(comparePositions({ xact: '10', id: 2 }, { xact: '10', id: 1 }) > 0)
  assert.equal(comparePositions({ xact: '10', id: 2 }, { xact: '10', id: 2 }), 0)
})

test('a place before the oldest row is forgotten only when rows were removed', () => {
  assert.equal(isForgotten({ xact: '5', id: 0 }, { head, oldest: { xact: '10', id: 1 }, heldBack: false }), false)
  assert.equal(isForgotten({ xact: '5', id: 0 }, { head, oldest: { xact: '10', id: 40 }, heldBack: false }), true)
  assert.equal(isForgotten({ xact: '10', id: 40 }, { head, oldest: { xact: '10', id: 40 }, heldBack: false }), false)
  assert.equal(isForgotten({ xact: '5', id: 0 }, { head, oldest: null, heldBack: false }), true)
})

test('a place in the future is one of another database', () => {
  assert.equal(isForgotten({ xact: '901', id: 1 }, { head, oldest: { xact: '10', id: 1 }, heldBack: false }), true)
  assert.equal(isForgotten(head, { head, oldest: null, heldBack: false }), false)
})
