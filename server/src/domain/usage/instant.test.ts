import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, formatDay, formatInstant, parseInstant, startOf } from './instant.ts'

const READ: [string, string][] = [
  ['2026-11-25', '2026-11-25T00:00:00.000000Z'],
  ['20261125', '2026-11-25T00:00:00.000000Z'],
  ['2026-11-25T19', '2026-11-25T19:00:00.000000Z'],
  ['2026-11-25 19:20', '2026-11-25T19:20:00.000000Z'],
  ['2026-11-25T19:20:21.123456789', '2026-11-25T19:20:21.123456Z'],
  ['2026-11-25T19:20:21Z', '2026-11-25T19:20:21.000000Z'],
  ['2026-11-25T00:20:00+02:00', '2026-11-24T22:20:00.000000Z'],
  ['2026-11-25T192000-0530', '2026-11-26T00:50:00.000000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000000Z'],
  ['0001-01-01', '0001-01-01T00:00:00.000000Z'],
  ['9999-12-31T23:59:59.999999', '9999-12-31T23:59:59.999999Z'],
]
for (const [text, instant] of READ) {
  test(`${text} is ${instant}`, () => {
    const found = parseInstant(text)
    assert.equal(typeof found === 'bigint' ? formatInstant(found) : found, instant)
  })
}

test('what is no date or date-time is told from what lies outside of all years', () => {
  const none = [
    '',
    'now',
    '2026',
    '2026-13-01',
    '2026-02-29',
    '2026-11-25T24:00',
    '2026-11-25T10:60',
    '2026-11-25T00:00 02:00',
  ]
  for (const text of [
    ...none,
    '2026-11-25T00:00+24:00',
    '2026-11-25T00:00+01:99',
    '1e9',
    '2026-11-25\0',
    '+002026-11-25',
  ])
    assert.equal(parseInstant(text), 'invalid', text)
  for (const text of ['9999-12-31T23:59:59-05:00', '0001-01-01T00:00:00+00:01', '0000-06-01'])
    assert.equal(parseInstant(text), 'out of range', text)
})

test('days begin at midnight UTC, before 1970 too', () => {
  const day = (text: string) => formatDay(startOf(DAY, parseInstant(text) as bigint))
  assert.equal(day('2026-11-25T23:59:59.999999'), '2026-11-25')
  assert.equal(day('1969-12-31T23:59:59.999999'), '1969-12-31')
})
