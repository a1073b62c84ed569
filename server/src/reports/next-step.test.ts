import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckRow } from '../db/events.ts'
import { nextStep, phaseOf } from './next-step.ts'

const NOW = new Date('2026-11-25T10:00:00Z')
const TIMING = { spacingMs: 5000, claimMs: 60_000 }
const ago = (ms: number) => new Date(NOW.getTime() - ms)

/** A check that was shown as queued a minute ago and runs now. */
const ROW = {
  name: 'packit',
  state: 'running',
  attempt: 1,
  version: 2,
  forgeId: '7',
  shownVersion: 1,
  shownState: 'pending',
  shownAttempt: 1,
  shownAt: ago(60_000),
  claimedUntil: null,
  waitsUntil: null,
} as CheckRow

const NEW = {
  state: 'pending',
  version: 1,
  forgeId: null,
  shownVersion: 0,
  shownState: null,
  shownAttempt: null,
  shownAt: null,
} as const

function step(over: Partial<CheckRow>, isSuperseded = false): string {
  const found = nextStep({ ...ROW, ...over }, NOW, TIMING, isSuperseded)
  if (found.do === 'wait') return `wait ${found.ms}`
  if (found.do === 'nothing') return 'nothing'
  const words = [
    found.isNew ? 'make' : 'update',
    found.isUnsure && 'unsure',
    found.isUrgent && 'urgent',
    found.withAnnotations && 'annotations',
  ]
  return words.filter(Boolean).join(' ')
}

test('what the forge needs next follows from what it shows', () => {
  const cases: [says: string, over: Partial<CheckRow>, next: string][] = [
    ['it shows all of it', { shownVersion: 2 }, 'nothing'],
    ['nothing is shown', NEW, 'make urgent'],
    ['it ended before it was shown', { ...NEW, state: 'failure' }, 'make urgent annotations'],
    ['the answer to its making got lost', { ...NEW, claimedUntil: ago(1) }, 'make unsure urgent'],
    ['another worker holds it', { claimedUntil: ago(-2000) }, 'wait 2000'],
    ['it began to run', {}, 'update'],
    ['too early', { shownAt: ago(1000) }, 'wait 4000'],
    ['its last state waits for nothing', { shownAt: ago(1000), state: 'success' }, 'update urgent annotations'],
    ['another end', { shownAt: ago(1000), state: 'failure', shownState: 'canceled' }, 'update urgent'],
    ['only the text of the end', { state: 'success', shownState: 'success' }, 'update'],
    [
      'only the text of the end, too early',
      { shownAt: ago(1000), state: 'success', shownState: 'success' },
      'wait 4000',
    ],
    ['what runs is not shown as waiting again', { state: 'pending', shownState: 'running' }, 'nothing'],
    [
      'a further attempt of what ended',
      { attempt: 2, shownAt: ago(1000), state: 'pending', shownState: 'failure' },
      'make urgent',
    ],
    ['a further attempt of what did not end', { attempt: 2, state: 'pending', shownState: 'running' }, 'update urgent'],
    ['what ended runs again', { shownState: 'failure' }, 'make'],
    ['the forge wants to be left alone', { waitsUntil: ago(-1000) }, 'nothing'],
    ['it may be asked again', { waitsUntil: ago(1), claimedUntil: ago(1) }, 'update unsure'],
  ]
  for (const [says, over, next] of cases) assert.equal(step(over), next, says)
})

test('what nobody saw of a replaced commit is not shown any more', () => {
  assert.equal(step({ ...NEW, state: 'canceled' }, true), 'nothing')
  assert.equal(step({ state: 'canceled' }, true), 'update urgent annotations')
})

test('states are told in the words of forges, unless a check says otherwise', () => {
  assert.deepEqual(phaseOf({ state: 'running', conclusion: null }), { status: 'in_progress' })
  assert.deepEqual(phaseOf({ state: 'error', conclusion: null }), { status: 'completed', conclusion: 'neutral' })
  assert.deepEqual(phaseOf({ state: 'error', conclusion: 'action_required' }), {
    status: 'completed',
    conclusion: 'action_required',
  })
})
