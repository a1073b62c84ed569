import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ComparedStep, compareSteps } from './compare.ts'
import type { State } from './status.ts'

const step = (state: State, more: Partial<ComparedStep> = {}): ComparedStep => ({
  ...{ kind: 'build', target: 'fedora-43-x86_64', identifier: null, id: 1, state, seconds: 10, packages: [] },
  ...more,
})
const built = (name: string, version: string, epoch = 0) => ({ name, epoch, version, release: '1', arch: 'noarch' })

const CHANGES: [State | null, State | null, string][] = [
  ['success', 'failure', 'new failure'],
  ['failure', 'failure', 'already failing'],
  ['failure', 'success', 'fixed'],
  ['success', 'success', 'still passing'],
  [null, 'failure', 'new'],
  [null, 'success', 'new'],
  ['failure', null, 'gone'],
  ['success', 'running', 'not comparable'],
  ['error', 'failure', 'not comparable'],
  ['success', 'error', 'not comparable'],
  ['canceled', 'success', 'not comparable'],
]
for (const [before, after, change] of CHANGES) {
  test(`${before ?? 'nothing'}, then ${after ?? 'nothing'}, is ${change}`, () => {
    const [pair] = compareSteps(before ? [step(before)] : [], after ? [step(after)] : [])
    assert.equal(pair?.change, change)
  })
}

test('steps are the same by kind, target and identifier; of several the newest counts', () => {
  const pairs = compareSteps(
    [step('success', { id: 1 }), step('failure', { id: 2 }), step('success', { id: 3, identifier: 'extra' })],
    [step('success', { id: 5, kind: 'test' }), step('failure', { id: 4 })],
  )
  assert.deepEqual(
    pairs.map(({ before, after, change }) => [before?.id, after?.id, change]),
    [
      [undefined, 5, 'new'],
      [2, 4, 'already failing'],
      [3, undefined, 'gone'],
    ],
  )
})

test('packages are compared by name and architecture, versions with the epoch', () => {
  const [pair] = compareSteps(
    [step('success', { packages: [built('same', '1'), built('old', '1'), built('up', '1')] })],
    [step('success', { packages: [built('up', '1', 2), built('same', '1'), built('fresh', '3')] })],
  )
  assert.deepEqual(
    pair?.packages.map(({ name, before, after, change }) => [name, before, after, change]),
    [
      ['fresh', null, '3-1', 'new'],
      ['old', '1-1', null, 'gone'],
      ['same', '1-1', '1-1', 'same'],
      ['up', '1-1', '2:1-1', 'changed'],
    ],
  )
})
