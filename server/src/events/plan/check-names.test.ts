import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createCheckNames } from './check-names.ts'

test('whatever names are wanted, each check has one of its own that forges take', () => {
  const name = fc.oneof(
    fc.constantFrom('packit', 'rpm-build', 'rpm-build:2', 'a\nb', 'ü'.repeat(200), `${'ü'.repeat(200)}x`),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.array(name, { maxLength: 3 })), { maxLength: 30 }), (wanted) => {
      const names = createCheckNames()
      const given = wanted.map(([one, apart], i) => names.give(String(i), one, apart).name)
      assert.equal(new Set(given).size, given.length)
      for (const each of given) {
        assert.ok(Buffer.byteLength(each) <= 255 && !/\p{Cc}/u.test(each), each)
        assert.notEqual(each, 'packit')
      }
      // asked again, each has the name it had
      assert.deepEqual(
        wanted.map(([one, apart], i) => names.give(String(i), one, apart).name),
        given,
      )
    }),
  )
})

test('a long name keeps its beginning, and two that differ at their ends stay different', () => {
  const names = createCheckNames()
  const first = names.give('1', `rpm-build:${'x'.repeat(300)}1`, []).name
  const second = names.give('2', `rpm-build:${'x'.repeat(300)}2`, []).name
  assert.match(first, /^rpm-build:x{100,}~[0-9a-f]{12}$/)
  assert.notEqual(first, second)
})

test('thousands of equal names are told apart in no time', () => {
  const names = createCheckNames()
  const beganAt = process.cpuUsage()
  const given = new Set(Array.from({ length: 20_000 }, (_, i) => names.give(String(i), 'same', ['a', 'b']).name))
  assert.equal(given.size, 20_000)
  assert.ok(given.has('same:a') && given.has('same:b') && given.has('same:2'))
  assert.ok(process.cpuUsage(beganAt).user < 5_000_000)
})
