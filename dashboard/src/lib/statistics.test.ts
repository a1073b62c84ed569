import { expect, test } from 'vitest'
import { dayBefore, digest, percent } from './statistics.ts'

const target = (name: string, success: number, failure: number, flaky = false) => {
  const judged = success + failure
  return { target: name, success, failure, success_rate: judged === 0 ? null : success / judged, flaky }
}

test('a rate is 100 % or 0 % only when nothing or everything failed', () => {
  expect([1, 0.9999, 0.5, 0.0001, 0].map(percent)).toEqual(['100 %', '99 %', '50 %', '1 %', '0 %'])
})

test('the digest counts verdicts alone, and names the worst and the flaky', () => {
  const found = digest([target('a', 9, 1, true), target('b', 1, 1), target('c', 5, 0), target('d', 0, 0)])
  expect([found.judged, found.passed, found.worst?.target]).toEqual([17, 15, 'b'])
  expect(found.flaky.map((step) => step.target)).toEqual(['a'])
  expect(digest([target('c', 5, 0)]).worst).toBeNull()
})

test('days are counted back in UTC', () => {
  expect(dayBefore(Date.UTC(2026, 4, 9, 0, 30) / 1000, 7)).toBe('2026-05-02')
})
