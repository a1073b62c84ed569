import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, UnavailableError } from '../domain/errors.ts'
import { decideOutcome } from './outcome.ts'

const noon = new Date('2026-11-24T12:00:00Z')
const fresh = { bugs: 0, awaySince: 0 }

test('a bug is tried three times, with growing waits, and then given up', () => {
  const first = decideOutcome(new TypeError('x'), fresh, noon)
  assert.deepEqual(first, { kind: 'again', tries: { bugs: 1, awaySince: 0 }, afterMs: 1000 })
  const second = decideOutcome(new TypeError('x'), { bugs: 1, awaySince: 0 }, noon)
  assert.deepEqual(second, { kind: 'again', tries: { bugs: 2, awaySince: 0 }, afterMs: 4000 })
  assert.equal(decideOutcome(new TypeError('x'), { bugs: 2, awaySince: 0 }, noon).kind, 'give-up')
})

test('what the packager must mend is not tried again, and the text is kept', () => {
  assert.deepEqual(decideOutcome(new ConfigError('no spec file'), fresh, noon), {
    kind: 'give-up',
    reason: 'no spec file',
  })
})

test('a system that is away is waited for until the deadline, whatever it said about bugs', () => {
  const away = new UnavailableError('the forge is away', 30_000)
  const first = decideOutcome(away, { bugs: 2, awaySince: 0 }, noon)
  assert.deepEqual(first, { kind: 'again', tries: { bugs: 2, awaySince: noon.getTime() }, afterMs: 30_000 })
  const hourAgo = { bugs: 0, awaySince: noon.getTime() - 3_590_000 }
  assert.deepEqual(decideOutcome(away, hourAgo, noon), { kind: 'give-up', reason: 'the forge is away' })
})
