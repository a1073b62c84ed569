import { expect, test } from 'vitest'
import { formatDuration, relativeTime } from './time.ts'

test.each([
  [0, 'just now'],
  [-3, 'just now'],
  [5, '5 seconds ago'],
  [60, '1 minute ago'],
  [3_599, '59 minutes ago'],
  [7_200, '2 hours ago'],
  [86_400, '1 day ago'],
  [40 * 86_400, '1 month ago'],
  [800 * 86_400, '2 years ago'],
  [-120, 'in 2 minutes'],
])('%i seconds back is “%s”', (distance, text) => {
  expect(relativeTime(1_000_000_000 - distance, 1_000_000_000)).toBe(text)
})

test.each([
  [0.04, '0.0 s'],
  [0.44, '0.4 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min'],
  [61, '1 min 1 s'],
  [3_600, '1 h'],
  [7_499, '2 h 4 min'],
  [100_000, '1 d 3 h'],
])('%f seconds last “%s”: two units at most', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test('what still grows has no fractions, and clocks that differ give no negative duration', () => {
  expect(formatDuration(3.9, true)).toBe('3 s')
  expect(formatDuration(-4, true)).toBe('0 s')
})
