import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPartial, refuseUnselected, type Selection, selectTargets } from './selection.ts'

const JOB = { package: 'hello', identifier: 'a', labels: ['x', 'y'] }
const all: Selection = { includeManual: true }

test('a selection that names nothing means every job and target', () => {
  assert.equal(refuseUnselected(JOB, all), undefined)
  assert.deepEqual(selectTargets(['f', 'e'], all), ['f', 'e'])
  assert.equal(isPartial(all), false)
})

test('packages, identifier and labels narrow it down, each with a reason', () => {
  assert.equal(
    refuseUnselected(JOB, { ...all, packages: ['world', 'hello'], identifier: 'a', labels: ['y'] }),
    undefined,
  )
  assert.equal(refuseUnselected(JOB, { ...all, packages: ['world'] }), 'only world was asked for')
  assert.equal(refuseUnselected(JOB, { ...all, identifier: 'b' }), 'only b was asked for')
  assert.equal(refuseUnselected(JOB, { ...all, labels: ['b', 'c'] }), 'only jobs with the label b or c were asked for')
})

test('of the targets those are left that were asked for', () => {
  assert.deepEqual(selectTargets(['f', 'e'], { ...all, targets: ['e', 'g'] }), ['e'])
  assert.equal(isPartial({ ...all, targets: ['e'] }), true)
})
