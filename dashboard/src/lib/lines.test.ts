import { expect, test } from 'vitest'
import {
  anchorOf,
  canvasHeight,
  lineHash,
  MAX_HEIGHT,
  parseLines,
  rangeOf,
  scrollTopFor,
  textTop,
  visibleLines,
} from './lines.ts'

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

test('a text too high for browsers is squeezed, and its first and last lines can be seen', () => {
  const small = { height: 600, rowHeight: 20, count: 1_000 }
  expect([canvasHeight(small), textTop(5_000, small), scrollTopFor(5_000, small)]).toEqual([20_000, 5_000, 5_000])
  const big = { height: 600, rowHeight: 20, count: 2_000_000 }
  expect(canvasHeight(big)).toBe(MAX_HEIGHT)
  expect(textTop(0, big)).toBe(0)
  expect(textTop(MAX_HEIGHT - 600, big)).toBe(40_000_000 - 600)
  expect(textTop(scrollTopFor(12_345_678, big), big)).toBeCloseTo(12_345_678, 3)
})

test('of lines that wrap the first is at the top of the window, the last at its bottom', () => {
  expect(anchorOf(0, 1_000, 50)).toEqual({ line: 1, part: 0 })
  expect(anchorOf(500, 1_000, 51)).toEqual({ line: 26, part: 0.5 })
  expect(anchorOf(1_000, 1_000, 50)).toEqual({ line: 50, part: 1 })
  expect(anchorOf(0, 0, 3)).toEqual({ line: 1, part: 0 })
})
