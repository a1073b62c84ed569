import { expect, test } from 'vitest'
import { makeAxis, queuedBar, runningBar, type Span } from './axis.ts'

const span = (queued_at: number | null, started_at: number | null, ended_at: number | null): Span => ({
  queued_at,
  started_at,
  ended_at,
})

test('the axis reaches from the first that was queued to the last that ended', () => {
  const axis = makeAxis([span(100, 101, 110), span(110, 112, 150), span(null, null, null)], 9_999)
  expect([axis.start, axis.end]).toEqual([100, 150])
  expect(axis.ticks).toEqual([0, 10, 20, 30, 40, 50])
})

test('it reaches to now while something runs or waits', () => {
  expect(makeAxis([span(100, 101, null)], 160).end).toBe(160)
  expect(makeAxis([span(100, null, null)], 130).end).toBe(130)
})

test('it has a length even when nothing has begun', () => {
  const axis = makeAxis([], 500)
  expect(axis.end).toBeGreaterThan(axis.start)
})

test('there are never more marks than fit, from a tenth of a second to a week', () => {
  for (const length of [0.5, 1, 7, 59, 61, 3_599, 86_399, 700_000]) {
    expect(makeAxis([span(0, 0, length)], 0).ticks.length, `${length} s`).toBeLessThanOrEqual(7)
  }
})

test('the light bar ends where the dark one begins', () => {
  const step = span(100, 120, 180)
  const axis = makeAxis([step, span(100, 100, 200)], 0)
  expect(queuedBar(step, axis, 0)).toEqual({ left: 0, width: 20 })
  expect(runningBar(step, axis, 0)).toEqual({ left: 20, width: 60 })
})

test('a step that never started has only a light bar, up to its end', () => {
  const step = span(100, null, 150)
  const axis = makeAxis([step, span(100, 100, 200)], 0)
  expect(queuedBar(step, axis, 0)).toEqual({ left: 0, width: 50 })
  expect(runningBar(step, axis, 0)).toBeNull()
})

test('bars stay on the axis when clocks differ', () => {
  const step = span(100, 190, null)
  const axis = makeAxis([span(100, 100, 200)], 0)
  expect(runningBar(step, axis, 150)?.width).toBeLessThanOrEqual(10)
})
