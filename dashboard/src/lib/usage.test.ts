import { expect, test } from 'vitest'
import { isFlat, roundTop } from './usage.ts'

test.each([
  [[], 1],
  [[0, 0], 1],
  [[1], 1],
  [[2, 1], 2],
  [[3], 5],
  [[17, 4], 20],
  [[51], 100],
  [[100], 100],
  [[4321], 5000],
])('the top of a chart of %j is %i', (values, top) => {
  expect(roundTop(values)).toBe(top)
})

test('a chart without anything is flat', () => {
  expect(isFlat([{ x: 'a', y: 0 }])).toBe(true)
  expect(
    isFlat([
      { x: 'a', y: 0 },
      { x: 'b', y: 1 },
    ]),
  ).toBe(false)
})
