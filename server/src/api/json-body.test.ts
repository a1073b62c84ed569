import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { ApiError } from './errors.ts'
import { compileBody } from './json-body.ts'

const check = compileBody(
  Type.Object(
    { a: Type.Optional(Type.Integer({ description: 'a number' })), 'x/y': Type.Optional(Type.String()) },
    { additionalProperties: false, minProperties: 1, description: 'an object with a' },
  ),
)

function errorsOf(body: unknown) {
  const found = check(body)
  assert.ok('error' in found && found.error instanceof ApiError)
  return found.error.keys.errors
}

test('each wrong field has one entry, named as it was sent', () => {
  assert.deepEqual(check({ a: 1 }), { value: { a: 1 } })
  assert.deepEqual(errorsOf({ a: 'x', 'x/y': 1, 'c~d': 2 }), {
    a: 'must be integer (a number)',
    'x/y': 'must be string',
    'c~d': 'not known here; known are a, x/y',
  })
  assert.deepEqual(errorsOf(undefined), { body: 'it must be an object with a' })
  assert.deepEqual(errorsOf({}), { body: 'it must be an object with a' })
})

test('a field that is called like something every object has is not known either', () => {
  for (const body of ['{"constructor":1}', '{"toString":1}', '{"__proto__":1}']) {
    const errors = errorsOf(JSON.parse(body)) ?? {}
    assert.deepEqual(Object.keys(errors), Object.keys(JSON.parse(body)))
  }
})
