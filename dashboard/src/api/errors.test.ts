import { expect, test } from 'vitest'
import { ApiError, isTemporary, messageOf, parseRetryAfter, retryDelay } from './errors.ts'

test.each([
  [{ type: 'about:blank', title: 'Not Found', status: 404, detail: 'No run 5' }, 'No run 5'],
  [{ error: 'No info about build stored in DB' }, 'No info about build stored in DB'],
  [{ errors: { per_page: 'Results per page …' }, message: 'Input payload validation failed' }, 'Results per page …'],
  [{ message: 'Internal Server Error' }, 'Internal Server Error'],
  ['<html>a proxy</html>', null],
  [undefined, null],
])('the message of %o is %s', (body, message) => {
  expect(messageOf(body)).toBe(message)
})

test('only what may pass by itself is asked again', () => {
  expect([0, 502, 503, 504, 429].map((status) => isTemporary(new ApiError(status, '')))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  expect([400, 404, 500].map((status) => isTemporary(new ApiError(status, '')))).toEqual([false, false, false])
  expect(isTemporary(new TypeError('a mistake of ours'))).toBe(false)
})

test('waits grow, unless the service says how long', () => {
  const away = new ApiError(503, 'away')
  expect([0, 1, 2].map((failures) => retryDelay(failures, away))).toEqual([1_000, 2_000, 4_000])
  expect(retryDelay(0, new ApiError(503, 'away', 7_000))).toBe(7_000)
  expect(retryDelay(0, new ApiError(503, 'away', 9_999_999))).toBe(60_000)
})

test('Retry-After is seconds or a date', () => {
  expect(parseRetryAfter('7')).toBe(7_000)
  expect(parseRetryAfter('Tue, 24 Nov 2026 04:00:10 GMT', Date.UTC(2026, 10, 24, 4, 0, 0))).toBe(10_000)
  expect(parseRetryAfter('soon')).toBeNull()
  expect(parseRetryAfter(null)).toBeNull()
})
