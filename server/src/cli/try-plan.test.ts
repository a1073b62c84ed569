import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlannedTest } from '../domain/plan.ts'
import { selectTests } from './try-plan.ts'

const HOST = 'host-debian-12-x86_64'
const planned = (name: string, chroots: Record<string, string[]>): PlannedTest => ({
  ...{ package: name, identifier: '', jobIndex: 0, labels: [], checks: {} },
  ...{ targets: Object.keys(chroots), chroots, skipBuild: false, manual: false, notRun: null },
})
const tests = [
  planned('one', { 'fedora-45-x86_64': ['fedora-45-x86_64'], [HOST]: [HOST] }),
  planned('two', { 'centos-stream-9-x86_64': ['epel-9-x86_64'] }),
]
const left = (packages: string[], chroots: string[]) =>
  selectTests(tests, { packages, chroots }).map((one) => `${one.package}: ${one.targets.join(' ')}`)

test('without a choice everything is tested', () => {
  assert.deepEqual(left([], []), [`one: fedora-45-x86_64 ${HOST}`, 'two: centos-stream-9-x86_64'])
})

test('of chosen chroots their own tests are left, wherever they run', () => {
  assert.deepEqual(left([], [HOST]), [`one: ${HOST}`])
  assert.deepEqual(left([], ['epel-9-x86_64']), ['two: centos-stream-9-x86_64'])
  assert.deepEqual(left([], ['epel-10-x86_64']), [])
})

test('of chosen packages their own tests are left', () => {
  assert.deepEqual(left(['two'], []), ['two: centos-stream-9-x86_64'])
  assert.deepEqual(left(['two'], ['fedora-45-x86_64']), [])
})
