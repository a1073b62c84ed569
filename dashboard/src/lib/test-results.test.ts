import { expect, test } from 'vitest'
import { countText, inOrder, placeText } from './test-results.ts'

test('what failed stands first, and each part keeps its order', () => {
  const results = (['passed', 'failed', 'info', 'error', 'passed'] as const).map((result, id) => ({ id, result }))
  expect(inOrder(results).map(({ id }) => id)).toEqual([1, 3, 0, 2, 4])
})

test('counts say how many failed of how many', () => {
  expect(countText({ total: 14, failed: 2 })).toBe('2 of 14 tests failed')
  expect(countText({ total: 1, failed: 0 })).toBe('1 test passed')
  expect(placeText({ path: 'hello.spec', line: 12 })).toBe('hello.spec:12')
})
