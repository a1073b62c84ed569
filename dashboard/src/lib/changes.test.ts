import { expect, test } from 'vitest'
import { slowerPercent } from './changes.ts'

test('a difference of durations is told where it means something', () => {
  expect(slowerPercent(100, 150)).toBe(50)
  expect(slowerPercent(100, 40)).toBe(-60)
  expect([slowerPercent(100, 105), slowerPercent(0.2, 0.9), slowerPercent(null, 5), slowerPercent(0, 5)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})
