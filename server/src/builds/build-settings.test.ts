import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseBuilder } from './build-settings.ts'

test('a private repository is built here, not where everybody reads what comes out', () => {
  assert.match(refuseBuilder({ isPrivate: true }, { isRemote: true }) ?? '', /private/)
  assert.equal(refuseBuilder({ isPrivate: true }, { isRemote: false }), undefined)
  assert.equal(refuseBuilder({ isPrivate: false }, { isRemote: true }), undefined)
})
