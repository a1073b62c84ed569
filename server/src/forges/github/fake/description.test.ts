import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROUTES } from './api.ts'
import { Description } from './description.ts'

const description = new Description()
const read = (request: string, body?: unknown) => {
  const [method = '', address = ''] = request.split(' ')
  const { pathname, searchParams } = new URL(address, 'http://x')
  return description.read({ method, path: pathname, query: searchParams, body })
}

test('the fake has every operation of the description that it keeps, and no other', () => {
  assert.deepEqual(Object.keys(ROUTES).sort(), description.operations.map(({ id }) => id).sort())
})

test('a path is read as the most exact operation, whatever its names hold', () => {
  const idOf = (request: string) => read(request)?.operation.id
  assert.equal(idOf('GET /repos/a/b/commits/main/check-runs'), 'checks/list-for-ref')
  assert.equal(idOf('GET /repos/a/b/commits/topic/one'), 'repos/get-commit')
  assert.equal(idOf('GET /repos/a/b/commits/topic%2Fone/status'), 'repos/get-combined-status-for-ref')
  assert.equal(idOf('GET /repos/a/b/issues/comments/7'), 'issues/get-comment')
  assert.equal(idOf('GET /repos/a/b/issues/7/comments'), 'issues/list-comments')
  assert.equal(idOf('PUT /repos/a/b'), undefined)
  assert.equal(read('GET /repos/a/b/git/ref/heads%2Ftopic%2Fone')?.params.ref, 'heads/topic/one')
})

test('numbers in addresses are read as numbers, and other text there is a fault', () => {
  assert.equal(read('GET /repos/a/b/pulls/7')?.params.pull_number, 7)
  assert.equal(read('GET /repos/a/b/pulls?per_page=5')?.query.per_page, 5)
  assert.equal(read('GET /repos/a/b/pulls/x')?.faults.length, 1)
  assert.equal(read('GET /repos/a/b/pulls?state=gone')?.faults.length, 1)
})

test('a body must be as described, may hold no other field, and is a fault where none is taken', () => {
  const faultsOf = (request: string, body?: unknown) => read(request, body)?.faults.map(({ field }) => field)
  const status = 'POST /repos/a/b/statuses/abc'
  assert.deepEqual(faultsOf(status, { state: 'success' }), [])
  assert.deepEqual(faultsOf(status, { state: 'success', descripton: 'x' }), ['descripton'])
  assert.deepEqual(faultsOf(status), ['body'])
  assert.deepEqual(faultsOf('GET /repos/a/b', { x: 1 }), ['body'])
})

test('an answer that lacks what GitHub promises is a fault', () => {
  assert.ok(description.checkAnswer('repos/get', 200, { id: 1 }).length > 0)
  assert.ok(description.checkAnswer('repos/get', 299, {}).length > 0)
  assert.deepEqual(description.checkAnswer('checks/list-for-ref', 200, { total_count: 0, check_runs: [] }), [])
})
