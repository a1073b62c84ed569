import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  allows,
  formatToken,
  hashToken,
  hasTokenForm,
  isTokenName,
  SCOPE_WORDS,
  type Scope,
  tokenState,
} from './token.ts'

test('a token is known by its form, and kept as a hash of 256 bits', () => {
  const token = formatToken(Buffer.alloc(32, 7))
  assert.match(token, /^pkt_/)
  assert.ok(hasTokenForm(token))
  assert.match(hashToken(token), /^[0-9a-f]{64}$/)
  for (const other of ['', 'pkt_', token.slice(0, -1), `${token}A`, token.toUpperCase(), ` ${token}`])
    assert.ok(!hasTokenForm(other), other)
  assert.throws(() => formatToken(Buffer.alloc(31)), RangeError)
})

test('a scope allows itself alone, admin everything, and none nothing', () => {
  for (const needed of SCOPE_WORDS) {
    const allowing = SCOPE_WORDS.filter((scope) => allows([scope], needed))
    assert.deepEqual(allowing, [...new Set<Scope>([needed, 'admin'])], needed)
    assert.ok(!allows([], needed))
  }
})

test('a token ends at the instant it expires, and at once when it is revoked', () => {
  const at = new Date('2026-11-25T12:00:00Z')
  const before = new Date(at.getTime() - 1)
  assert.equal(tokenState({ expiresAt: at, revokedAt: null }, before), 'valid')
  assert.equal(tokenState({ expiresAt: at, revokedAt: null }, at), 'expired')
  assert.equal(tokenState({ expiresAt: null, revokedAt: null }, at), 'valid')
  assert.equal(tokenState({ expiresAt: at, revokedAt: before }, before), 'revoked')
})

test('the name of a token can be told from an id, and is harmless wherever it is shown', () => {
  for (const name of ['ci', 'ann@laptop', 'release-2026']) assert.ok(isTokenName(name), name)
  for (const name of ['', '12', 'a b', 'a\u001b[31m', 'x'.repeat(101), 'a)']) assert.ok(!isTokenName(name), name)
})
