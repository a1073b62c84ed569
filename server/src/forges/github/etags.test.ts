import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EtagCache } from './etags.ts'

const answer = (bytes: number) => ({ etag: '"1"', body: 'x'.repeat(bytes), headers: {} })

test('the least recently used answers are forgotten first, by number and by size', () => {
  const few = new EtagCache({ most: 2 })
  few.keep('a', answer(1))
  few.keep('b', answer(1))
  few.get('a')
  few.keep('c', answer(1))
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => few.get(key) !== undefined),
    [true, false, true],
  )

  const small = new EtagCache({ mostBytes: 250 })
  for (const key of ['a', 'b', 'c']) small.keep(key, answer(100))
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => small.get(key) !== undefined),
    [false, true, true],
  )
  small.keep('b', answer(1))
  small.keep('d', answer(100))
  assert.equal(small.size, 3)
})

test('a huge answer is not kept, and takes the place of none', () => {
  const cache = new EtagCache()
  cache.keep('a', answer(1))
  cache.keep('b', answer(600 * 1024))
  assert.deepEqual([cache.get('a') !== undefined, cache.get('b')], [true, undefined])
})
