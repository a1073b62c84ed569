import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RequestError } from 'octokit'
import { ConfigError, ConflictError, ForbiddenError, NotFoundError, UnavailableError } from '../../domain/errors.ts'
import { explainError } from './errors.ts'

const NOW = new Date('2026-11-24T12:00:00Z')
const WHAT = 'the check packit of acme/hello'

function explain(status: number, data: unknown = {}, headers: Record<string, string> = {}): unknown {
  const request = { method: 'GET' as const, url: 'https://api.github.com/x', headers: {} }
  const response = { status, url: request.url, headers, data, retryCount: 0 }
  return explainError(new RequestError('x', status, { request, response }), WHAT, NOW)
}

test('refusals are sorted by who can act', () => {
  const table: [number, new (...args: never[]) => Error, RegExp][] = [
    [401, UnavailableError, /does not accept the App's key/],
    [403, ForbiddenError, /^GitHub does not let the App at the check packit of acme\/hello: it gave no reason$/],
    [404, NotFoundError, /^there is no check packit of acme\/hello on GitHub, or the App can't see it$/],
    [408, UnavailableError, /status 408/],
    [409, ConflictError, /as it is/],
    [410, NotFoundError, /there is no/],
    [422, Error, /^GitHub refuses the check/],
    [425, UnavailableError, /status 425/],
    [429, UnavailableError, /its limit is reached/],
    [451, ForbiddenError, /does not let/],
    ...[500, 502, 503, 504].map((status): (typeof table)[number] => [
      status,
      UnavailableError,
      /it answered with status/,
    ]),
  ]
  for (const [status, kind, message] of table) {
    const error = explain(status)
    assert.ok(error instanceof kind && message.test(error.message), `${status}: ${error}`)
  }
})

test('a page of a proxy is not shown', () => {
  assert.equal(
    (explain(502, '<html><script>x</script></html>') as Error).message,
    "GitHub can't be asked for the check packit of acme/hello now: it answered with status 502",
  )
})

test("what GitHub does not take is named by field and message; what the configuration decides is the packager's", () => {
  const errors = [{ resource: 'CheckRun', code: 'custom', field: 'name', message: 'name is too long' }]
  const refused = explain(422, { message: 'Validation Failed', errors })
  assert.ok(refused instanceof ConfigError)
  assert.equal(
    refused.message,
    'GitHub refuses the check packit of acme/hello: Validation Failed; name: name is too long',
  )
  const ours = explain(422, { message: 'Validation Failed', errors: [{ code: 'invalid', field: 'actions' }, 'odd', 7] })
  assert.ok(ours instanceof Error && !(ours instanceof ConfigError))
  assert.match(ours.message, /actions: invalid; odd; 7$/)
  assert.ok(explain(422, { message: 'No commit found for SHA: 1' }) instanceof NotFoundError)
})

test('a limit is waited for as long as it says; it is no failure', () => {
  const waits: [error: unknown, waitMs: number, hasDeadline?: boolean][] = [
    [explain(403, {}, { 'retry-after': '30' }), 30_000],
    [explain(429, {}), 60_000],
    [
      explain(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW.getTime() / 1000 + 90) }),
      91_000,
    ],
    [explain(403, { message: 'You have exceeded a secondary rate limit' }), 60_000],
    [explain(503, {}, { 'retry-after': '120' }), 120_000, true],
  ]
  for (const [error, waitMs, hasDeadline = false] of waits) {
    assert.ok(error instanceof UnavailableError, String(error))
    assert.deepEqual([error.retryAfterMs, error.hasDeadline], [waitMs, hasDeadline])
  }
})

test('a clock that is wrong is named where the key is refused', () => {
  const date = new Date(NOW.getTime() - 300_000).toUTCString()
  assert.match((explain(401, { message: 'too far' }, { date }) as Error).message, /clock is 300 s ahead of GitHub's/)
  assert.doesNotMatch((explain(401, {}, { date: NOW.toUTCString() }) as Error).message, /ahead|behind/)
})

test('what is no answer of GitHub stays as it is', () => {
  const bug = new TypeError('x')
  assert.equal(explainError(bug, WHAT, NOW), bug)
})
