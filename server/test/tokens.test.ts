// Who may do what: tokens from being made to their end, by a clock that the test moves.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type DataCommand, runDataCommand } from '../src/cli/data-commands.ts'
import { query } from '../src/db/database.ts'
import { SCOPE_WORDS, type Scope } from '../src/domain/token.ts'
import { addToken } from './add-token.ts'
import { type Api, createApi } from './api-world.ts'

const DAY_MS = 86_400_000

/** The HTTP server with the rows of the API's tests, on a clock of its own, and the commands beside it. */
async function createDesk() {
  const clock = { now: new Date('2026-11-25T12:00:00Z') }
  const api = await createApi({ deps: { now: () => clock.now } })
  const run = (command: DataCommand) =>
    runDataCommand(command, {
      database: api.database,
      queue: { add: async () => {} } as never,
      targets: undefined as never,
      now: () => clock.now,
    })
  const make = async (token: string, scopes: string[], expiresInMs: number | null = null) =>
    (await run({ name: 'token-create', token, scopes, expiresInMs })).at(-1) ?? ''
  const ask = (token: string | undefined, url = '/api/audit', method: 'GET' | 'POST' = 'GET') =>
    api.app.inject({ method, url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
  return { api, clock, run, make, ask, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

test('a token is shown once and kept as a hash: its text is in no row', async () => {
  await using desk = await createDesk()
  const token = await desk.make('ci', ['admin'])
  assert.match(token, /^pkt_[A-Za-z0-9_-]{43}$/)
  assert.equal((await desk.ask(token)).statusCode, 206)
  await desk.run({ name: 'token-list' })

  const tables = await query<{ name: string }>(
    desk.api.database.db,
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  assert.ok(tables.some(({ name }) => name === 'tokens'))
  for (const { name } of tables) {
    const [found] = await query<{ rows: string | null }>(
      desk.api.database.db,
      sql`select string_agg(row_to_json(t)::text, '') as rows from ${sql.identifier(name)} t`,
    )
    assert.ok(!found?.rows?.includes(token.slice(4)), name)
  }
  assert.ok(!(await desk.run({ name: 'token-list' })).join().includes(token))
})

test('without a token, with none of ours, and with one that is over, nothing is done: 401 says which', async () => {
  await using desk = await createDesk()
  const token = await desk.make('ci', ['admin'], DAY_MS)
  const other = await desk.make('other', ['admin'])
  const refusal = async (given: string | undefined) => {
    const { statusCode, headers, body } = await desk.ask(given)
    return [statusCode, headers['www-authenticate'], JSON.parse(body).detail]
  }
  const INVALID = 'Bearer error="invalid_token"'
  assert.deepEqual((await refusal(undefined)).slice(0, 2), [401, 'Bearer'])
  assert.deepEqual(await refusal(`pkt_${'A'.repeat(43)}`), [401, INVALID, 'This token is not known here.'])
  assert.deepEqual(await refusal('x'), [401, INVALID, 'This token is not known here.'])
  const basic = await desk.api.get('/api/audit', { authorization: 'Basic YTpi' })
  assert.equal(basic.statusCode, 401)

  desk.clock.now = new Date(desk.clock.now.getTime() + DAY_MS - 1)
  assert.equal((await desk.ask(token)).statusCode, 206)
  desk.clock.now = new Date(desk.clock.now.getTime() + 1)
  assert.deepEqual(await refusal(token), [401, INVALID, 'This token expired at 2026-11-26T12:00:00.000Z.'])
  await desk.run({ name: 'token-revoke', token: 'other' })
  assert.deepEqual(await refusal(other), [401, INVALID, 'This token was revoked.'])
})

test('the last use of a token is written at most once a minute', async () => {
  await using desk = await createDesk()
  const token = await desk.make('ci', ['admin'])
  const used = async () => {
    await desk.ask(token)
    return (await desk.api.database.db.query.tokens.findFirst())?.lastUsedAt?.toISOString()
  }
  assert.equal(await used(), '2026-11-25T12:00:00.000Z')
  desk.clock.now = new Date('2026-11-25T12:00:59Z')
  assert.equal(await used(), '2026-11-25T12:00:00.000Z')
  desk.clock.now = new Date('2026-11-25T12:01:01Z')
  assert.equal(await used(), '2026-11-25T12:01:01.000Z')
})

test('a name finds one living token; that of a revoked one is free again', async () => {
  await using desk = await createDesk()
  const first = await desk.make('ci', ['runs:write'])
  await assert.rejects(desk.make('ci', ['admin']), /there is a token "ci" already/)
  assert.deepEqual(await desk.run({ name: 'token-revoke', token: '1' }), ['token 1 (ci) is revoked'])
  assert.deepEqual(await desk.run({ name: 'token-revoke', token: '1' }), ['token 1 (ci) was revoked before'])
  await assert.rejects(desk.run({ name: 'token-revoke', token: 'ci' }), /there is no token ci/)
  assert.notEqual(await desk.make('ci', ['admin'], DAY_MS), first)
  assert.deepEqual(await desk.run({ name: 'token-list' }), [
    '1  ci  runs:write  revoked 2026-11-25T12:00:00.000Z  never used',
    '3  ci  admin  expires 2026-11-26T12:00:00.000Z  never used',
  ])
})

test('names and scopes that can not be are refused, also from another program on the control socket', async () => {
  await using desk = await createDesk()
  for (const name of ['', '12', 'a b', '\u001b[2J']) await assert.rejects(desk.make(name, ['admin']), /can't be a name/)
  await assert.rejects(desk.make('ci', ['runs:writ']), /"runs:writ" is no scope: runs:write, /)
  await assert.rejects(desk.make('ci', []), /a scope is needed/)
  assert.deepEqual(await desk.run({ name: 'token-list' }), ['no tokens yet: token create NAME --scope SCOPE'])
})

test('the audit log is listed newest first and in pages, for admins and for the operator', async () => {
  await using desk = await createDesk()
  const token = await desk.make('ci', ['admin'])
  for (const name of ['a', 'b', 'c']) await desk.make(name, ['runs:write'])
  await desk.run({ name: 'token-revoke', token: 'b' })
  const page = await desk.ask(token, '/api/audit?per_page=2')
  assert.deepEqual(
    page.json().map(({ action, subject }: Record<string, string>) => [action, subject]),
    [
      ['token.revoke', 'token 3 (b)'],
      ['token.create', 'token 4 (c)'],
    ],
  )
  assert.equal(page.headers['content-range'], 'audit-entries 1-2/5')
  const before = (await desk.ask(token, '/api/audit?after=4&per_page=100')).json()
  assert.deepEqual([before.length, before[0].subject], [3, 'token 3 (b)'])
  const filtered = (await desk.ask(token, `/api/audit?subject=${encodeURIComponent('token 3 (b)')}`)).json()
  assert.equal(filtered.length, 2)

  const lines = await desk.run({ name: 'audit', limit: 2, before: null })
  assert.match(lines[0] ?? '', /^5 {2}2026-11-25T12:00:00\.000Z {2}command line {2}token\.revoke {2}token 3 \(b\)$/)
  assert.equal(lines[2], 'older ones: audit --before 4')
  assert.equal((await desk.run({ name: 'audit', limit: 5, before: 4 })).length, 3)
})

test('a command of the operator is in the audit log like any write, and a refused one is not', async () => {
  await using desk = await createDesk()
  await assert.rejects(desk.run({ name: 'replay', id: 1 }), /its payload has expired/)
  await desk.api.database.db.execute(sql`update deliveries set payload_key = 'deliveries/git/1.json' where id = 1`)
  await desk.run({ name: 'replay', id: 1 })
  const rows = await desk.api.database.db.query.auditLog.findMany()
  assert.deepEqual(
    rows.map(({ actor, action, subject }) => [actor, action, subject]),
    [['command line', 'delivery.replay', 'delivery 1']],
  )
})

/** What each operation needs; everything else is refused with the name of it. */
const NEEDS: [string, 'GET' | 'POST', Scope][] = [
  ['/api/runs/1/retry', 'POST', 'runs:write'],
  ['/api/runs/1/cancel', 'POST', 'runs:write'],
  ['/api/projects/github.com/acme/hello/runs', 'POST', 'runs:write'],
  ['/api/deliveries/1/replay', 'POST', 'deliveries:write'],
  ['/api/audit', 'GET', 'admin'],
]

describe('a scope opens its own operations and no other', () => {
  let api: Api
  const tokens = new Map<Scope, string>()
  before(async () => {
    api = await createApi()
    for (const scope of SCOPE_WORDS) tokens.set(scope, await addToken(api.database.db, [scope]))
  })
  after(() => api[Symbol.asyncDispose]())

  for (const [url, method, needed] of NEEDS) {
    for (const scope of SCOPE_WORDS) {
      test(`${method} ${url} with ${scope}`, async () => {
        const headers = { authorization: `Bearer ${tokens.get(scope)}` }
        const answer = await api.app.inject({ method, url, headers })
        if (scope === needed || scope === 'admin') return void assert.ok(![401, 403].includes(answer.statusCode))
        assert.equal(answer.statusCode, 403)
        assert.equal(answer.json().detail, `This needs a token with the scope ${needed}.`)
        assert.equal(answer.headers['www-authenticate'], `Bearer error="insufficient_scope", scope="${needed}"`)
      })
    }
  }
})
