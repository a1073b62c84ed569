import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessRow } from '../db/processes.ts'
import { createFirstJudge } from './processes.ts'

const seen = (id: string, seconds: number, role: ProcessRow['role'] = 'worker'): ProcessRow => ({
  ...{ id, role, host: 'here', pid: 1, version: '1', slots: 1, startedAt: new Date(0) },
  ...{ seenAt: new Date(seconds * 1000), details: { builder: null, sandbox: null } },
})

test('where none works, one that begins is the first at once', () => {
  assert.equal(createFirstJudge([])([]), true)
  assert.equal(createFirstJudge([seen('web', 0, 'web')])([seen('web', 4, 'web')]), true)
})

test('who begins while another works is not the first', () => {
  const judge = createFirstJudge([seen('old', 10)])
  assert.equal(judge([seen('old', 10)]), undefined)
  assert.equal(judge([seen('old', 14), seen('own', 14)]), false)
})

test('one that was killed before, and is believed to live for a while, does not keep who begins from being the first', () => {
  const judge = createFirstJudge([seen('killed', 10)])
  assert.equal(judge([seen('killed', 10), seen('own', 14)]), undefined)
  assert.equal(judge([seen('own', 24)]), true)
})

test('of several that begin after one that was killed only one is the first', () => {
  const second = createFirstJudge([seen('killed', 10), seen('first', 20)])
  assert.equal(second([seen('killed', 10), seen('first', 20)]), undefined)
  assert.equal(second([seen('killed', 10), seen('first', 24)]), false)
})
