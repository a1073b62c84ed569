import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseTester } from './describe-test.ts'

test('a private repository is not tested where everybody reads what comes out', () => {
  assert.match(refuseTester({ isPrivate: true }, { name: 'testing-farm' }) ?? '', /The repository is private/)
  assert.equal(refuseTester({ isPrivate: true }, { name: 'local' }), null)
  assert.equal(refuseTester({ isPrivate: false }, { name: 'testing-farm' }), null)
})
