import { expect, test } from 'vitest'
import { asked } from './list-filter.ts'

test('days become the instants at which they begin and end where the reader is', () => {
  const { since, until } = asked({ since: '2026-11-24', until: '2026-11-24' })
  expect(Number(since)).toBe(new Date(2026, 10, 24).getTime() / 1000)
  expect(Number(until)).toBe(new Date(2026, 10, 25).getTime() / 1000 - 1)
})

test('what is not set is not asked', () => {
  const filter = { status: undefined, pr: 3 }
  expect(asked(filter)).toEqual({ per_page: 20, pr: 3 })
})
