import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BadgeRun, decideBadgeState } from './badge.ts'
import type { State } from './status.ts'

const run = (state: State, more: Partial<BadgeRun> = {}): BadgeRun => ({
  ...{ eventId: 1, package: '', isReplaced: false, isPush: true, states: [state] },
  ...more,
})

test('the newest event that has ended is shown, one that runs only if there is no other', () => {
  assert.equal(decideBadgeState([run('running', { eventId: 2 }), run('failure')], false), 'failure')
  assert.equal(decideBadgeState([run('running')], false), 'running')
  assert.equal(decideBadgeState([], false), null)
})

test('of an event all packages count, of a package its newest run', () => {
  assert.equal(decideBadgeState([run('success', { package: 'b' }), run('failure', { package: 'a' })], false), 'failure')
  assert.equal(decideBadgeState([run('success'), run('failure')], false), 'success')
})

test('what was replaced does not count, nor a run without the target', () => {
  assert.equal(decideBadgeState([run('canceled', { eventId: 2, isReplaced: true }), run('success')], false), 'success')
  assert.equal(decideBadgeState([run('failure', { eventId: 2, states: [] }), run('success')], false), 'success')
})

test('pushes come before pull requests, unless one was asked for', () => {
  const runs = [run('failure', { eventId: 2, isPush: false }), run('success')]
  assert.equal(decideBadgeState(runs, false), 'success')
  assert.equal(decideBadgeState(runs, true), 'failure')
  assert.equal(decideBadgeState(runs.slice(0, 1), false), 'failure')
})
