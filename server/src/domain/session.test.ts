import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  csrfOf,
  endOfSession,
  hasSecretForm,
  isCsrfOf,
  SESSION_IDLE_MS,
  SESSION_LONGEST_MS,
  safePath,
} from './session.ts'

test('a session ends when it is not used for 12 hours, and after 7 days whatever is done', () => {
  const made = new Date('2026-11-20T00:00:00Z')
  assert.equal(endOfSession(made, made).getTime(), made.getTime() + SESSION_IDLE_MS)
  const late = new Date(made.getTime() + SESSION_LONGEST_MS - 1000)
  assert.equal(endOfSession(made, late).getTime(), made.getTime() + SESSION_LONGEST_MS)
  assert.deepEqual([SESSION_IDLE_MS, SESSION_LONGEST_MS], [43_200_000, 604_800_000])
})

test('the token of writes follows from the secret and does not tell it', () => {
  const [secret, other] = ['A'.repeat(43), 'B'.repeat(43)]
  assert.ok(hasSecretForm(secret) && !hasSecretForm('short') && !hasSecretForm(`${secret}=`))
  assert.ok(isCsrfOf(secret, csrfOf(secret)))
  assert.ok(!isCsrfOf(secret, csrfOf(other)) && !isCsrfOf(secret, '') && !csrfOf(secret).includes(secret))
})

test('the way back leads to pages of ours alone', () => {
  for (const own of ['/', '/pipeline/7?log=build-9#L3', '/projects/github.com/acme/hello'])
    assert.equal(safePath(own), own)
  for (const foreign of ['//evil.example', '/\\evil.example', 'https://evil.example', '', '/a\nb', '/a b', '/x\\y'])
    assert.equal(safePath(foreign), '/', foreign)
})
