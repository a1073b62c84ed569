// What all writes share: bodies, keys for repeats, limits and headers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { removeOldKeys } from '../src/db/idempotency.ts'
import { addToken } from './add-token.ts'
import { type Api, createApi } from './api-world.ts'

const TRIGGER = '/api/projects/github.com/acme/hello/runs'
const HOUR_MS = 3_600_000

let api: Api
let token = ''
const clock = { now: new Date('2026-11-25T12:00:00Z') }
before(async () => {
  api = await createApi({ deps: { now: () => clock.now } })
  token = await addToken(api.database.db, ['runs:write', 'deliveries:write'])
  await api.database.db.execute(sql`update triggers set clone_url = 'https://github.com/acme/hello.git'`)
  await api.database.db.execute(sql`update allowlist set status = 'approved_manually'`)
  await api.database.db.execute(sql`update deliveries set payload_key = 'deliveries/git/1.json'`)
})
after(() => api[Symbol.asyncDispose]())

function post(url: string, payload?: string, more: Record<string, string> = {}) {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...more }
  if (payload === undefined) return api.app.inject({ method: 'POST', url, headers })
  return api.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } })
}
const keyed = (key: string, url: string, payload?: string) => post(url, payload, { 'idempotency-key': key })
const countWrites = async () => (await api.database.db.query.auditLog.findMany()).length

test('a body is refused with one entry for each wrong field', async () => {
  const cases: [string, Record<string, RegExp>][] = [
    ['{}', { body: /an object with one of pr, branch and release/ }],
    ['[]', { body: /an object/ }],
    ['null', { body: /an object/ }],
    ['{"pr":1,"branch":"main"}', { body: /one of pr, branch and release/ }],
    ['{"pr":"7"}', { pr: /integer.*number of a pull request/ }],
    ['{"pr":0}', { pr: />= 1/ }],
    ['{"pr":1e300}', { pr: /./ }],
    ['{"branch":""}', { branch: /name of a branch/ }],
    ['{"branch":"a\\u0000"}', { branch: /name of a branch/ }],
    ['{"pr":"x","branch":7,"tag":"1.0"}', { pr: /./, branch: /./, tag: /known are pr, branch, release/, body: /./ }],
  ]
  for (const [payload, wanted] of cases) {
    const answer = await post(TRIGGER, payload)
    assert.equal(answer.statusCode, 400, payload)
    const { errors, message, status } = answer.json()
    assert.deepEqual([message, status], ['Input payload validation failed', 400])
    assert.deepEqual(Object.keys(errors).sort(), Object.keys(wanted).sort(), payload)
    for (const [field, text] of Object.entries(wanted)) assert.match(errors[field], text, payload)
  }
  assert.equal(await countWrites(), 0)
})

test('what is no JSON, no JSON at all or too large is told as that, but not to strangers', async () => {
  const status = async (payload: string, more: Record<string, string> = {}) =>
    (await post(TRIGGER, payload, more)).statusCode
  assert.equal(await status('{'), 400)
  assert.equal(await status('', {}), 400)
  assert.equal((await post(TRIGGER)).statusCode, 400)
  assert.equal(await status('{"pr":41}', { 'content-type': 'text/plain' }), 415)
  assert.equal(await status('pr=41', { 'content-type': 'application/x-www-form-urlencoded' }), 415)
  assert.equal(await status(JSON.stringify({ branch: 'x'.repeat(20_000) })), 413)
  for (const payload of ['{', 'x'.repeat(20_000)]) assert.equal(await status(payload, { authorization: '' }), 401)
})

test('an operation without a body takes none, or an empty one', async () => {
  for (const payload of [undefined, '', '{}']) {
    assert.equal((await post('/api/deliveries/1/replay', payload)).statusCode, 202, payload)
  }
})

test('the key of a request gives its answer again, for this token, this request and a day', async () => {
  const before = await countWrites()
  const first = await keyed('k1', TRIGGER, '{"pr":41}')
  assert.equal(first.statusCode, 202, first.body)
  const again = await keyed('k1', TRIGGER, '{ "pr": 41 }')
  assert.deepEqual([again.statusCode, again.body, again.headers.location], [202, first.body, first.headers.location])
  assert.deepEqual([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']], [undefined, 'true'])
  assert.equal(await countWrites(), before + 1)

  for (const [url, body] of [
    [TRIGGER, '{"branch":"main"}'],
    ['/api/deliveries/1/replay', undefined],
  ] as const) {
    const other = await keyed('k1', url, body)
    assert.equal(other.statusCode, 422)
    assert.match(other.json().detail, /used for another request/)
  }
  const another = await addToken(api.database.db, ['runs:write'], { name: 'another' })
  const theirs = await post(TRIGGER, '{"pr":41}', { 'idempotency-key': 'k1', authorization: `Bearer ${another}` })
  assert.deepEqual([theirs.statusCode, theirs.headers['idempotent-replayed']], [202, undefined])

  clock.now = new Date(clock.now.getTime() + 24 * HOUR_MS)
  assert.equal((await keyed('k1', TRIGGER, '{"pr":41}')).headers['idempotent-replayed'], 'true')
  clock.now = new Date(clock.now.getTime() + 1)
  assert.equal((await keyed('k1', TRIGGER, '{"branch":"main"}')).statusCode, 202)
})

test('a refused request changes nothing, and its key stays free', async () => {
  const before = await countWrites()
  assert.equal((await keyed('k2', TRIGGER, '{"pr":999}')).statusCode, 404)
  assert.equal((await keyed('k2', TRIGGER, '{"pr":7}')).statusCode, 404)
  assert.equal(await countWrites(), before)
  assert.equal((await keyed('k2', TRIGGER, '{"pr":41}')).statusCode, 202)
})

test('a key is 1 to 255 printable characters', async () => {
  for (const key of ['', 'x'.repeat(256), 'ä']) {
    const answer = await keyed(key, '/api/deliveries/1/replay')
    assert.equal(answer.statusCode, 400, JSON.stringify(key))
    assert.deepEqual(Object.keys(answer.json().errors), ['Idempotency-Key'])
  }
  assert.equal((await keyed('x'.repeat(255), '/api/deliveries/1/replay')).statusCode, 202)
})

test('keys are forgotten after a day, and no sooner', async () => {
  clock.now = new Date('2026-12-01T12:00:00Z')
  await keyed('old', '/api/deliveries/1/replay')
  clock.now = new Date('2026-12-02T12:00:00Z')
  await keyed('new', '/api/deliveries/1/replay')
  await removeOldKeys(api.database.db, new Date('2026-12-01T12:00:00.001Z'))
  const left = await api.database.db.query.idempotencyKeys.findMany()
  assert.deepEqual(
    left.map(({ key }) => key),
    ['new'],
  )
})

test('rows of an import can not be run again, since nobody knows how they were made', async () => {
  for (const [id, why] of [
    [8, /what it was run for is not known/],
    [10, /imported/],
    [12, /skipped|nothing of it failed|closed/],
  ] as const) {
    const answer = await post(`/api/runs/${id}/retry`)
    assert.equal(answer.statusCode, 409, `${id}: ${answer.body}`)
    assert.match(answer.json().detail, why)
  }
})

test('programs of other origins may send a token and a key; no cookie is looked at', async () => {
  const preflight = await api.app.inject({
    method: 'OPTIONS',
    url: TRIGGER,
    headers: {
      origin: 'https://other.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, idempotency-key',
    },
  })
  assert.equal(preflight.statusCode, 200)
  assert.equal(preflight.headers['access-control-allow-headers'], 'authorization, content-type, idempotency-key')
  assert.match(String(preflight.headers['access-control-allow-methods']), /POST/)
  const { headers } = await post('/api/deliveries/1/replay')
  assert.equal(headers['access-control-allow-credentials'], undefined)
  assert.match(String(headers['access-control-expose-headers']), /Idempotent-Replayed.*WWW-Authenticate/)
  const cookie = await post('/api/deliveries/1/replay', undefined, { authorization: '', cookie: `token=${token}` })
  assert.equal(cookie.statusCode, 401)
})

test('another method is told from another address', async () => {
  for (const url of [TRIGGER, '/api/runs/1/retry', '/api/deliveries/1/replay']) {
    const answer = await api.get(url)
    assert.deepEqual([answer.statusCode, answer.headers.allow], [405, 'OPTIONS, POST'], url)
  }
})

test('writes count for the rate limit of an address, as reads do', async () => {
  await using limited = await createApi({ empty: true, rateLimit: 2 })
  const ask = () => limited.app.inject({ method: 'POST', url: '/api/runs/1/cancel' })
  assert.deepEqual([(await ask()).statusCode, (await ask()).statusCode, (await ask()).statusCode], [401, 401, 429])
})
