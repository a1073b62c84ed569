import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseTargets, decideRunState, type RunParts } from './run.ts'
import type { State } from './status.ts'

const HOST = 'host-debian-12-x86_64'
const target = (name: string, state: State) => ({ target: name, state, reason: null, isHost: name === HOST })
const run = (set: Partial<RunParts>) =>
  decideRunState({ srpm: { state: 'success', reason: null }, targets: [], published: true, gaveUp: null, ...set })

test('a run stands as its SRPM does until there is one', () => {
  assert.equal(run({ srpm: { state: 'pending', reason: null } }).state, 'pending')
  assert.deepEqual(run({ srpm: { state: 'failure', reason: '%prep failed' } }), {
    state: 'failure',
    reason: '%prep failed',
  })
})

test('a run has not ended before its packages are published', () => {
  assert.equal(run({ targets: [target('fedora-45-x86_64', 'success')], published: false }).state, 'running')
  assert.equal(run({ targets: [target('fedora-45-x86_64', 'success')] }).state, 'success')
})

test('one failed target fails the run, once the others have ended', () => {
  const targets = [target('fedora-45-x86_64', 'failure'), target('epel-10-x86_64', 'running')]
  assert.equal(run({ targets }).state, 'running')
  assert.equal(
    run({ targets: [target('fedora-45-x86_64', 'failure'), target('epel-10-x86_64', 'success')] }).state,
    'failure',
  )
})

test('a host build never counts as a wanted target', () => {
  const ended = run({
    targets: [target('fedora-45-x86_64', 'skipped'), target('epel-10-x86_64', 'skipped'), target(HOST, 'success')],
  })
  assert.deepEqual(ended, { state: 'skipped', reason: `0 of 2 wanted targets: this installation builds for ${HOST}` })
})

test('what this machine tests for itself makes no run green whose wanted targets were not tested', () => {
  const host = { state: 'success' as const, reason: null, isHost: true }
  const left = { state: 'skipped' as const, reason: 'not here' }
  const alone = (...tests: NonNullable<RunParts['tests']>) => run({ srpm: null, tests })
  assert.deepEqual(alone(left, host), { state: 'skipped', reason: 'not here' })
  assert.equal(alone(host).state, 'success')
  assert.equal(alone(left, { state: 'success', reason: null }, host).state, 'success')
  assert.equal(alone(left, { ...host, state: 'failure' }).state, 'failure')
  assert.equal(alone(left, { ...host, state: 'running' }).state, 'running')
})

test('what was given up is an error of ours, whatever its parts say', () => {
  assert.deepEqual(run({ targets: [target(HOST, 'success')], gaveUp: 'no space' }), {
    state: 'error',
    reason: 'no space',
  })
})

test('targets that can not be built here are skipped with the reason, and the host is built besides', () => {
  assert.deepEqual(
    chooseTargets(['fedora-45-x86_64'], [HOST]).map((t) => `${t.target} ${t.state}`),
    ['fedora-45-x86_64 skipped', `${HOST} pending`],
  )
  assert.deepEqual(chooseTargets([HOST], [HOST]).length, 1)
})

test('where nothing is built on this machine, the reason names what was skipped', () => {
  const skipped = { ...target('epel-10-x86_64', 'skipped'), reason: 'no such chroot' }
  const targets = [target('fedora-45-x86_64', 'success'), skipped]
  const { state, reason } = decideRunState({
    ...{ srpm: { state: 'success', reason: null }, targets, published: true, gaveUp: null },
  })
  assert.equal(state, 'success')
  assert.equal(reason, '1 of 2 wanted targets: epel-10-x86_64 was skipped (no such chroot)')
})
