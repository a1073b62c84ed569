import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnavailableError } from '../../domain/errors.ts'
import { Budget, type RequestKind, retryAfterMs } from './budget.ts'

const START = new Date('2026-11-24T12:00:00Z')
const RESET = new Date('2026-11-24T12:30:00Z')
const READ: RequestKind = { kind: 'read', isUrgent: true }
const URGENT: RequestKind = { kind: 'write', isUrgent: true }
const PATIENT: RequestKind = { kind: 'write', isUrgent: false }

function openWorld() {
  let now = START
  const budget = new Budget(() => now)
  return {
    budget,
    later: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    answer: (status: number, headers: Record<string, string> = {}, message = '') =>
      budget.observe(7, { status, headers: new Headers(headers), message }),
    /** How long a request has to wait; 0 = it is made. */
    wait: (kind: RequestKind) => {
      try {
        budget.admit(7, kind)
        return 0
      } catch (error) {
        assert.ok(error instanceof UnavailableError)
        assert.equal(error.hasDeadline, false)
        return error.retryAfterMs
      }
    },
  }
}

const rate = (remaining: number, reset = RESET) => ({
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset.getTime() / 1000),
})
const HALF_HOUR_MS = 30 * 60_000 + 1_000

test('with fewer than 200 requests left, writes that can wait do so until the reset', () => {
  const { budget, answer, wait, later } = openWorld()
  answer(200, rate(200))
  assert.deepEqual([wait(PATIENT), wait(URGENT), wait(READ)], [0, 0, 0])
  answer(200, rate(199))
  assert.deepEqual([wait(PATIENT), wait(URGENT), wait(READ)], [HALF_HOUR_MS, 0, 0])
  budget.name(7, 'acme')
  assert.deepEqual(budget.limits(), [
    {
      whose: 'acme',
      limit: 5000,
      remaining: 199,
      resetAt: RESET,
      blockedUntil: null,
      reason: 'fewer than 200 requests are left: only first and last states of checks are written',
    },
  ])
  later(HALF_HOUR_MS)
  assert.equal(wait(PATIENT), 0)
  assert.equal(budget.limits()[0]?.remaining, 5000)
})

test('without requests left nothing is asked before the reset', () => {
  const { budget, answer, wait } = openWorld()
  answer(403, rate(0), 'API rate limit exceeded')
  assert.deepEqual([wait(READ), wait(URGENT)], [HALF_HOUR_MS, HALF_HOUR_MS])
  assert.equal(budget.limits()[0]?.reason, 'all requests of this hour are used')
  assert.deepEqual(budget.limits()[0]?.blockedUntil, new Date(RESET.getTime() + 1_000))
})

test('answers that overtake each other do not give back what was spent', () => {
  const { budget, answer } = openWorld()
  answer(200, rate(300))
  answer(200, rate(310))
  assert.equal(budget.limits()[0]?.remaining, 300)
  answer(200, rate(4999, new Date(RESET.getTime() + 3_600_000)))
  answer(200, rate(299))
  assert.equal(budget.limits()[0]?.remaining, 4999)
})

test('Retry-After is obeyed for the whole installation, and for no other', () => {
  const { budget, answer, wait, later } = openWorld()
  answer(403, { 'retry-after': '90' }, 'You have exceeded a secondary rate limit')
  assert.deepEqual([wait(READ), wait(URGENT)], [90_000, 90_000])
  assert.doesNotThrow(() => budget.admit(8, READ))
  assert.doesNotThrow(() => budget.admit('app', READ))
  later(90_000)
  assert.equal(wait(READ), 0)
})

test('without Retry-After a refusal makes waits grow, until an answer is given again', () => {
  const { answer, wait, later } = openWorld()
  const waits: number[] = []
  for (let i = 0; i < 6; i++) {
    answer(403, {}, 'You have exceeded a secondary rate limit. Please wait a few minutes')
    const waitMs = wait(READ)
    waits.push(waitMs / 60_000)
    later(waitMs)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 15, 15])
  answer(200)
  answer(429)
  assert.equal(wait(READ), 60_000)
})

test('refusals of what was on its way together are one, and the longest wait counts', () => {
  const { answer, wait } = openWorld()
  for (let i = 0; i < 5; i++) answer(403, {}, 'You have exceeded a secondary rate limit')
  assert.equal(wait(READ), 60_000)
  answer(403, { 'retry-after': '90' })
  answer(403, { 'retry-after': '1' })
  assert.equal(wait(READ), 90_000)
})

test('the end of the hour may be told a second sooner or later: what remains is still the least that was said', () => {
  const { budget, answer } = openWorld()
  answer(200, rate(300))
  answer(200, rate(250, new Date(RESET.getTime() - 1_000)))
  answer(200, rate(260, new Date(RESET.getTime() + 1_000)))
  assert.equal(budget.limits()[0]?.remaining, 250)
})

test('a missing permission is no limit', () => {
  const { answer, wait } = openWorld()
  assert.equal(answer(403, rate(4000), 'Resource not accessible by integration'), undefined)
  assert.equal(wait(URGENT), 0)
})

test('within a minute no more is asked than GitHub takes: 5 points a write, 1 a read', () => {
  const { wait, later } = openWorld()
  for (let i = 0; i < 169; i++) assert.equal(wait(URGENT), 0)
  for (let i = 0; i < 5; i++) assert.equal(wait(READ), 0)
  assert.equal(wait(READ), 61_000)
  later(61_000)
  assert.equal(wait(URGENT), 0)
})

test('comments are written one by one when there are very many', () => {
  const { wait, later } = openWorld()
  const comment: RequestKind = { kind: 'content', isUrgent: true }
  for (let i = 0; i < 75; i++) assert.equal(wait(comment), 0)
  assert.equal(wait(comment), 61_000)
  assert.equal(wait(URGENT), 0)
  later(61_000)
  assert.equal(wait(comment), 0)
})

test('Retry-After is a number of seconds or a date', () => {
  assert.equal(retryAfterMs('7', START), 7_000)
  assert.equal(retryAfterMs('Tue, 24 Nov 2026 12:00:30 GMT', START), 30_000)
  assert.equal(retryAfterMs('Tue, 24 Nov 2026 11:00:00 GMT', START), 0)
  assert.equal(retryAfterMs('soon', START), undefined)
  assert.equal(retryAfterMs(null, START), undefined)
})
