import { expect, test } from 'vitest'
import { lineHash, parseLines, rangeOf, visibleLines } from './lines.ts'

test.each([
  ['#L12', { first: 12, last: 12 }],
  ['L12-L20', { first: 12, last: 20 }],
  ['#L20-12', { first: 12, last: 20 }],
  ['#L0', null],
  ['#main', null],
  ['', null],
])('the fragment %s names %o', (hash, range) => {
  expect(parseLines(hash)).toEqual(range)
})

test('a fragment leads back to its lines', () => {
  expect(lineHash(7)).toBe('L7')
  expect(parseLines(lineHash(7, 9))).toEqual({ first: 7, last: 9 })
})

test('the range of no lines is none', () => {
  expect(rangeOf([])).toBeNull()
  expect(rangeOf([{ number: 3 }, { number: 9 }])).toEqual({ first: 3, last: 9 })
})

test('only lines on screen and a few around are drawn, within the log', () => {
  expect(visibleLines(0, 200, 20, 1_000, 5)).toEqual({ first: 1, last: 15 })
  expect(visibleLines(2_000, 200, 20, 1_000, 5)).toEqual({ first: 96, last: 115 })
  expect(visibleLines(19_800, 200, 20, 1_000, 5)).toEqual({ first: 986, last: 1_000 })
  expect(visibleLines(0, 200, 20, 0)).toEqual({ first: 1, last: 0 })
})
