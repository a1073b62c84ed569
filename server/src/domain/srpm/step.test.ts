import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMakeSrpmResult } from './step.ts'

test('what a stranger gives for a message can be stored: no NUL, no half a character, no more than is read', () => {
  const said = { ok: false, kind: 'config', message: 'a\0b \ud800c', files: ['x\0y'.repeat(1000)], action: '\udc00' }
  const result = parseMakeSrpmResult(said)
  assert.ok(result && !result.ok)
  assert.deepEqual([result.message, result.action, result.files?.[0]?.length], ['ab \ufffdc', '\ufffd', 1000])
})
