import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, formatInstant, parseInstant } from './instant.ts'
import {
  boundariesOf,
  intervalsId,
  MAX_COUNT,
  MAX_DAYS,
  MAX_HOURS,
  makeIntervals,
  parseIntervalsId,
  pastId,
  pastPeriod,
  splitAtDays,
} from './periods.ts'

const NOW = new Date('2026-11-25T19:11:37.5Z')
const at = (text: string) => parseInstant(text) as bigint

test('a well-known period begins at the midnight so many days ago, and is open at its end', () => {
  assert.deepEqual(pastPeriod('past-day', NOW), { from: at('2026-11-24'), before: null })
  assert.deepEqual(pastPeriod('past-week', NOW), { from: at('2026-11-18'), before: null })
  assert.deepEqual(pastPeriod('past-month', NOW), { from: at('2026-10-26'), before: null })
  assert.deepEqual(pastPeriod('past-year', NOW), { from: at('2025-11-25'), before: null })
  assert.deepEqual(pastPeriod('total', NOW), { from: null, before: null })
  assert.deepEqual([pastId('past-week', NOW), pastId('total', NOW)], ['2026-11-18', 'all'])
})

test('intervals end at the current full hour and adjoin each other', () => {
  const ends = boundariesOf(makeIntervals({ days: 1, hours: 2, count: 2 }, NOW)).map(formatInstant)
  assert.deepEqual(
    ends.map((end) => end.slice(0, 16)),
    ['2026-11-23T15:00', '2026-11-24T17:00', '2026-11-25T19:00'],
  )
})

test('the name of intervals says all about them; other texts name none', () => {
  const shape = {
    days: fc.integer({ min: 0, max: MAX_DAYS }),
    hours: fc.integer({ min: 0, max: MAX_HOURS }),
    count: fc.integer({ min: 1, max: MAX_COUNT }),
  }
  fc.assert(
    fc.property(fc.record(shape), (asked) => {
      fc.pre(asked.days + asked.hours > 0)
      const intervals = makeIntervals(asked, NOW)
      assert.deepEqual(parseIntervalsId(intervalsId(intervals)), intervals)
    }),
  )
  for (const id of [
    '',
    '0d-0h-7x-2026-11-25T19',
    '367d-0h-7x-2026-11-25T19',
    '1d-0h-0x-2026-11-25T19',
    '01d-0h-7x-2026-11-25T19',
    '1d-0h-7x-2026-13-25T19',
    '1d-0h-7x-2026-11-25T19:00',
  ])
    assert.equal(parseIntervalsId(id), undefined, id)
})

test('a period is whole days, and what is left at its ends', () => {
  assert.deepEqual(splitAtDays({ from: at('2026-11-01T12:00'), before: at('2026-11-04T06:00') }), {
    firstDay: '2026-11-02',
    endDay: '2026-11-04',
    rest: [
      { from: '2026-11-01T12:00:00.000000Z', before: '2026-11-02T00:00:00.000000Z' },
      { from: '2026-11-04T00:00:00.000000Z', before: '2026-11-04T06:00:00.000000Z' },
    ],
  })
  assert.deepEqual(splitAtDays({ from: at('2026-11-01'), before: null }), {
    firstDay: '2026-11-01',
    endDay: 'infinity',
    rest: [],
  })
  assert.deepEqual(splitAtDays({ from: at('2026-11-01T10:00'), before: at('2026-11-01T11:00') }).rest.length, 1)
  assert.deepEqual(splitAtDays({ from: at('2026-11-02'), before: at('2026-11-01') }).rest, [])
})

test('the parts of a period are as long as the period, whatever its ends', () => {
  const instant = fc.bigInt({ min: at('2026-01-01'), max: at('2026-01-05') })
  fc.assert(
    fc.property(instant, instant, (from, before) => {
      const { firstDay, endDay, rest } = splitAtDays({ from, before })
      const days = firstDay === 'infinity' ? 0n : at(endDay) - at(firstDay)
      const length = rest.reduce((sum, piece) => sum + at(piece.before) - at(piece.from), days > 0n ? days : 0n)
      assert.equal(length, before > from ? before - from : 0n)
      assert.equal(days % DAY, 0n)
    }),
  )
})
