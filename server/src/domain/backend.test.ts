import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admit, afterStreak, type Backend, freshBackend, judgeError, unavailableText, waitingText } from './backend.ts'
import { ConfigError, NotFoundError, UnavailableError } from './errors.ts'

const at = (clock: string) => new Date(`2026-11-26T${clock}Z`)
const streak = { failures: 3, since: at('12:03:10'), reason: 'it answers 502' }
const opened = afterStreak(freshBackend('copr'), streak, 3, at('12:03:50'))

test('a system that answers is asked; one that does not is left alone until its next try', () => {
  assert.equal(admit(freshBackend('copr'), at('12:00:00')), 'go')
  assert.deepEqual(admit(opened, at('12:03:51')), { afterMs: 9_000 })
  assert.equal(admit(opened, at('12:04:00')), 'try')
})

test('while one tries others wait, and take its place when nothing comes of it', () => {
  const trying: Backend = { ...opened, state: 'half-open', nextTryAt: at('12:05:00') }
  assert.deepEqual(admit(trying, at('12:04:01')), { afterMs: 5_000 })
  assert.equal(admit(trying, at('12:05:00')), 'try')
})

test('each try that fails doubles the wait, up to five minutes, and leaves the time of the first', () => {
  let backend = opened
  const waits: number[] = []
  for (let i = 0; i < 7; i += 1) {
    const now = backend.nextTryAt ?? at('12:00:00')
    backend = afterStreak({ ...backend, state: 'half-open' }, { ...streak, failures: 1, since: now }, 3, now)
    waits.push(((backend.nextTryAt?.getTime() ?? 0) - now.getTime()) / 1000)
  }
  assert.deepEqual(waits, [20, 40, 80, 160, 300, 300, 300])
  assert.deepEqual([backend.since, backend.failures], [streak.since, 10])
})

test('who is turned away learns since when, why, and when it is tried again', () => {
  assert.equal(
    unavailableText(opened, 40_000, at('12:04:00')),
    'Copr is unavailable since 12:03 UTC: it answers 502 (3 of 3 tries). Trying again in 40 s.',
  )
  assert.equal(waitingText(opened, at('12:04:00')), 'Waiting for Copr, which does not answer since 12:03 UTC')
  const nextDay = new Date('2026-11-27T00:10:00Z')
  assert.match(
    waitingText({ ...opened, name: 'git.example' }, nextDay),
    /^Waiting for git\.example, .*2026-11-26 12:03 UTC$/,
  )
})

test('refusals are answers; limits, what is busy and bugs say nothing of a system', () => {
  assert.equal(judgeError(new UnavailableError('502', 1000)), 'away')
  assert.equal(judgeError(new NotFoundError('no build')), 'answers')
  assert.equal(judgeError(new ConfigError('no such chroot')), 'answers')
  assert.equal(judgeError(new UnavailableError('no answer', 1000, { hasDeadline: false })), 'away')
  assert.equal(judgeError(new UnavailableError('an action is in progress', 1000, { isBusy: true })), 'nothing')
  assert.equal(judgeError(new TypeError('x')), 'nothing')
})
