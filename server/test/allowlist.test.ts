// The allowlist as an operator keeps it: by commands, by the API, by installations.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type DataCommand, runDataCommand } from '../src/cli/data-commands.ts'
import { findProjectStatus, listRefusedHeads, noteOnAllowlist } from '../src/db/allowlist.ts'
import type { Database } from '../src/db/database.ts'
import type { AllowlistStatus } from '../src/domain/trust/allowlist.ts'
import { addToken } from './add-token.ts'
import { createApi } from './api-world.ts'
import { createTestDatabase, databaseKinds, makeDatabase } from './database.ts'
import { runCommand } from './service-process.ts'

const AT = new Date('2026-11-25T12:00:00Z')
const run = (database: Database, command: DataCommand) =>
  runDataCommand(command, {
    database,
    queue: { add: async () => {} } as unknown as Parameters<typeof runDataCommand>[1]['queue'],
    // no command here looks at them
    targets: {} as Parameters<typeof runDataCommand>[1]['targets'],
    now: () => AT,
  })
const change = (database: Database, path: string, status: 'approved' | 'denied' | 'removed') =>
  run(database, { name: 'allow-change', path, status })
const rowsOf = async (database: Database) =>
  (await database.db.query.allowlist.findMany({ orderBy: (row, { asc }) => asc(row.id) })).map(
    ({ namespace, status, actor }) => [namespace, status, actor],
  )

for (const kind of databaseKinds) {
  test(`an operator allows, denies and forgets; a repeat says so; each change is in the audit log (${kind})`, async () => {
    const database = await createTestDatabase(kind)
    try {
      assert.deepEqual(await change(database, 'github.com/acme', 'approved'), [
        'the namespace github.com/acme is allowed',
      ])
      assert.deepEqual(await change(database, 'github.com/Acme', 'approved'), [
        'the namespace github.com/Acme is allowed already',
      ])
      assert.deepEqual(await change(database, 'https://github.com/acme/hello', 'denied'), [
        'the repository github.com/acme/hello.git is denied',
        'what runs goes on; nothing of it is started or run again',
      ])
      assert.deepEqual(await change(database, 'github.com/acme', 'denied'), [
        'the namespace github.com/acme is denied (it was allowed)',
        'what runs goes on; nothing of it is started or run again',
      ])
      assert.deepEqual(await rowsOf(database), [
        ['github.com/acme', 'denied', 'command line'],
        ['github.com/acme/hello.git', 'denied', 'command line'],
      ])
      assert.deepEqual(await run(database, { name: 'allow-list', waiting: false }), [
        'github.com/acme  denied  by command line, 2026-11-25T12:00:00.000Z',
        'github.com/acme/hello.git  denied  by command line, 2026-11-25T12:00:00.000Z',
      ])
      assert.deepEqual(await run(database, { name: 'allow-list', waiting: true }), ['nobody waits to be allowed'])
      assert.deepEqual(await change(database, 'github.com/acme/hello', 'removed'), [
        'the repository github.com/acme/hello.git has no entry any more',
      ])
      assert.deepEqual(await change(database, 'github.com/acme/hello', 'removed'), [
        'the repository github.com/acme/hello.git has no entry',
      ])
      await assert.rejects(change(database, 'acme hello', 'approved'), /is no path of the allowlist/)
      const audit = await database.db.query.auditLog.findMany({ orderBy: (row, { asc }) => asc(row.id) })
      assert.deepEqual(
        audit.map(({ actor, action, subject }) => `${actor}: ${action} ${subject}`),
        [
          'command line: allowlist.approved github.com/acme',
          'command line: allowlist.denied github.com/acme/hello.git',
          'command line: allowlist.denied github.com/acme',
          'command line: allowlist.removed github.com/acme/hello.git',
        ],
      )
      // both databases read and write the same
      const status = await findProjectStatus(database.db, { forge: 'github.com', namespace: 'ACME', name: 'x' })
      assert.deepEqual(status, { kind: 'denied', path: 'github.com/ACME' })
      assert.deepEqual(await listRefusedHeads(database.db, 'github.com/acme', 10), [])
    } finally {
      await database.close()
    }
  })
}

test('a path with several parts is the repository where one is known, else the group', async () => {
  const database = await createTestDatabase()
  try {
    await database.db.execute(
      sql`insert into projects (forge, namespace, name, url) values ('gitlab.com', 'group/sub', 'tool', '')`,
    )
    assert.match(
      (await change(database, 'gitlab.com/group/sub/tool', 'approved')).join(),
      /^the repository .*tool\.git is/,
    )
    assert.match((await change(database, 'gitlab.com/group/sub', 'approved')).join(), /^the namespace .*group\/sub is/)
  } finally {
    await database.close()
  }
})

test('of a path that an import brought twice a denial counts, and a change is one of both', async () => {
  const database = await createTestDatabase()
  try {
    await database.db.execute(sql`insert into allowlist (namespace, status, imported_at) values
      ('github.com/acme', 'approved_manually', now()), ('github.com/acme', 'denied', now())`)
    const project = { forge: 'github.com', namespace: 'acme', name: 'hello' }
    assert.equal((await findProjectStatus(database.db, project)).kind, 'denied')
    await change(database, 'github.com/acme', 'approved')
    assert.equal((await findProjectStatus(database.db, project)).kind, 'allowed')
  } finally {
    await database.close()
  }
})

test('who owns the App is allowed as soon as it is installed, others wait; what was decided stays', async () => {
  const database = await createTestDatabase()
  const install = (login: string, isOwn: boolean): Promise<AllowlistStatus> =>
    database.transaction((tx) =>
      noteOnAllowlist(
        tx,
        {
          forge: 'github.com',
          account: { id: 1, login, type: 'Organization', url: null },
          sender: { id: 2, login: 'ann' },
        },
        { isOwn, at: AT },
      ),
    )
  try {
    assert.equal(await install('acme', true), 'approved_automatically')
    assert.equal(await install('other', false), 'waiting')
    assert.equal(await install('other', false), 'waiting')
    assert.deepEqual(await run(database, { name: 'allow-list', waiting: true }), [
      'github.com/other  waiting  by github.com/ann, 2026-11-25T12:00:00.000Z',
    ])
    await change(database, 'github.com/other', 'denied')
    assert.equal(await install('other', true), 'denied')
    await change(database, 'github.com/third', 'approved')
    assert.equal(await install('third', false), 'approved_manually')
  } finally {
    await database.close()
  }
})

test('the API changes the allowlist for tokens with the scope admin alone', async () => {
  await using api = await createApi()
  const post = async (scopes: Parameters<typeof addToken>[1] | undefined, url: string, body?: object, key?: string) => {
    const headers: Record<string, string> = {}
    if (scopes) headers.authorization = `Bearer ${tokens[scopes.join()] ?? ''}`
    if (body) headers['content-type'] = 'application/json'
    if (key) headers['idempotency-key'] = key
    return api.app.inject({ method: 'POST', url, headers, ...(body ? { payload: JSON.stringify(body) } : {}) })
  }
  const tokens: Record<string, string> = {}
  for (const scope of ['admin', 'runs:write', 'deliveries:write', 'read'] as const)
    tokens[scope] = await addToken(api.database.db, [scope])
  const body = { path: 'github.com/fresh', status: 'approved' }

  assert.equal((await post(undefined, '/api/allowlist', body)).statusCode, 401)
  for (const scope of ['runs:write', 'deliveries:write', 'read'] as const)
    assert.equal((await post([scope], '/api/allowlist', body)).statusCode, 403, scope)
  const made = await post(['admin'], '/api/allowlist', body, 'k')
  assert.equal(made.statusCode, 202, made.body)
  const { path, status, decided_again, url } = made.json()
  assert.deepEqual([path, status, decided_again], ['github.com/fresh', 'approved_manually', 0])
  assert.equal((await api.json(new URL(url, 'http://x').pathname)).status, 'approved_manually')
  assert.equal((await post(['admin'], '/api/allowlist', body, 'k')).headers['idempotent-replayed'], 'true')
  assert.equal((await post(['admin'], '/api/allowlist', { ...body, status: 'removed' })).json().status, null)

  for (const [wrong, code, message] of [
    [{ path: 'github.com/x' }, 400, /status/],
    [{ path: 'github.com/x', status: 'waiting' }, 400, /status/],
    [{ path: 'a b', status: 'denied' }, 409, /no path of the allowlist/],
  ] as const) {
    const answer = await post(['admin'], '/api/allowlist', wrong)
    assert.equal(answer.statusCode, code, answer.body)
    assert.match(answer.body, message)
  }
})

test('approving through the API needs a token with the scope runs:write', async () => {
  await using api = await createApi()
  const ask = async (scope?: 'read' | 'deliveries:write' | 'runs:write') => {
    const headers = scope ? { authorization: `Bearer ${await addToken(api.database.db, [scope])}` } : {}
    return (await api.app.inject({ method: 'POST', url: '/api/events/1/approve', headers })).statusCode
  }
  assert.equal(await ask(), 401)
  assert.equal(await ask('read'), 403)
  assert.equal(await ask('deliveries:write'), 403)
  // it is let through, and there is nothing that waits
  assert.equal(await ask('runs:write'), 409)
})

test('the commands of the allowlist work without a running service', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-allow-'))
  try {
    await makeDatabase(join(dir, 'database'))
    const allowed = await runCommand(dir, ['allow', 'github.com/acme'])
    assert.deepEqual([allowed.code, allowed.output], [0, 'the namespace github.com/acme is allowed\n'])
    const list = await runCommand(dir, ['allowlist'])
    assert.match(list.output, /^github\.com\/acme {2}allowed {2}by command line, /)
    const wrong = await runCommand(dir, ['deny', 'nonsense here'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.errors, /is no path of the allowlist: write github\.com\/acme/)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
