import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import type { ApiError } from './errors.ts'
import { compileParameters, parseQueryString } from './query.ts'

const schema = Type.Object({
  page: Type.Optional(
    Type.Integer({ description: 'Page number; below 1 is taken as 1', minimum: -10, maximum: 10, default: 1 }),
  ),
  word: Type.Optional(Type.String({ maxLength: 3 })),
})
const compile = (httpPart: string) =>
  compileParameters({ schema, httpPart, method: 'GET', url: '/' }) as (given: unknown) => {
    value?: unknown
    error?: ApiError
  }
const read = compile('querystring')

test('of repeated parameters the first counts, and no name is special', () => {
  const found = parseQueryString('a=1&a=2&__proto__=x&b=%2B+')
  assert.deepEqual({ ...found }, { a: '1', ['__proto__']: 'x', b: '+ ' })
  assert.equal(({} as Record<string, unknown>).x, undefined)
})

test('an integer is digits with a sign, whatever else JavaScript would take for one', () => {
  assert.deepEqual(read({ page: '7' }).value, { page: 7 })
  assert.deepEqual(read({ page: '-07' }).value, { page: -7 })
  for (const page of ['', ' 7', '7 ', '1e1', '0x7', '1_0', '7.0', '٧', 'NaN'])
    assert.equal(read({ page }).error?.statusCode, 400, page)
})

test('a number out of bounds is refused with the bounds', () => {
  assert.equal(
    read({ page: '11' }).error?.message,
    "Page number The value '11' is not a valid choice for 'page': -10 to 10.",
  )
})

test('what is left out has its default, what is not named is dropped, what is too long is refused', () => {
  assert.deepEqual(read({ colour: 'red' }).value, { page: 1 })
  assert.equal(read({ word: 'four' }).error?.statusCode, 400)
})

test('an id in a path that can be none is not found', () => {
  const inPath = compile('params')
  assert.deepEqual(inPath({ page: '007', word: 'x' }).value, { page: 7, word: 'x' })
  for (const page of ['-1', 'abc', '9007199254740993', ''])
    assert.equal(inPath({ page, word: 'x' }).error?.statusCode, 404, page)
  assert.equal(inPath({ page: '1', word: 'a\0' }).error?.statusCode, 404)
})
