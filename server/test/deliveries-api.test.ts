// The inbox as the API shows it: filters, who sees what, and a delivery that is decided again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { query } from '../src/db/database.ts'
import { giveUpDelivery } from '../src/events/give-up.ts'
import { addToken } from './add-token.ts'
import { type Api, createApi } from './api-world.ts'
import { databaseKinds } from './database.ts'
import { createWorld, type World } from './world.ts'

const ids = async (api: Api, search: string, headers: Record<string, string> = {}) =>
  (await api.get(`/api/deliveries?per_page=100&${search}`, headers)).json().map(({ id }: { id: number }) => id)

for (const kind of databaseKinds) {
  test(`deliveries are listed newest first, by each filter and in pages (${kind})`, async () => {
    await using api = await createApi({ kind })
    await api.database.db.execute(sql`insert into deliveries (id, source, delivery_id, event, received_at, state, project_id)
      select 100 + n, case when n % 2 = 0 then 'git' else 'github' end, 'more-' || n, 'push',
        to_timestamp(1790000000 + n * 60), 'refused', case when n % 5 = 0 then 3 end from generate_series(1, 20) n`)
    const first = await api.get('/api/deliveries?per_page=2')
    assert.deepEqual([first.statusCode, first.headers['content-range']], [206, 'deliveries 1-2/22'])
    assert.deepEqual(
      first.json().map(({ id }: { id: number }) => id),
      [120, 119],
    )
    assert.equal('payload' in first.json()[0], false)
    assert.deepEqual(await ids(api, 'after=101'), [2, 1])
    assert.deepEqual(await ids(api, 'state=received'), [2])
    assert.deepEqual(await ids(api, 'event=pull_request'), [1])
    assert.equal((await ids(api, 'source=git')).length, 11)
    assert.deepEqual(await ids(api, 'project=gitlab.com/group/sub/tool'), [120, 115, 110, 105])
    assert.deepEqual(await ids(api, 'project=gitlab.com/group/other'), [])
    // from an instant on, and up to one
    assert.deepEqual(await ids(api, `since=${1790000000 + 19 * 60}`), [120, 119])
    assert.deepEqual(await ids(api, `until=${1790000000 + 2 * 60 - 1}`), [101, 2, 1])
    const day = new Date((1790000000 + 18 * 60) * 1000).toISOString()
    assert.deepEqual(await ids(api, `since=${day}&until=${1790000000 + 20 * 60 - 1}&source=github`), [119])
    assert.deepEqual(await ids(api, 'since=2100-01-01'), [])
    assert.deepEqual(await ids(api, 'until=1'), [])
    for (const wrong of ['state=gone', 'since=yesterday', 'until=2026-13-01', 'project=x'])
      assert.equal((await api.get(`/api/deliveries?${wrong}`)).statusCode, 400, wrong)
  })
}

test('each filter of the inbox is served by an index, without a sort, however many deliveries there are', async () => {
  await using api = await createApi({ kind: databaseKinds.at(-1) ?? 'embedded', empty: true })
  const { db } = api.database
  await db.execute(
    sql`insert into projects (forge, namespace, name, url) select 'x', 'y', 'p' || n, '' from generate_series(1, 50) n`,
  )
  await db.execute(sql`insert into deliveries (source, delivery_id, event, received_at, state, project_id)
    select 's' || n % 40, n::text, 'e' || n % 40, to_timestamp(1790000000 + n), case when n % 400 = 0 then 'failed' else 'decided' end,
      1 + n % 50 from generate_series(1, 40000) n`)
  await db.execute(sql`analyze deliveries`)
  for (const condition of ["source = 's7'", "event = 'e7'", "state = 'failed'", 'project_id = 7']) {
    const plan = await query<Record<string, string>>(
      db,
      sql.raw(`explain select id from deliveries where ${condition} order by id desc limit 10`),
    )
    const text = plan.map((row) => Object.values(row)[0]).join('\n')
    assert.ok(!/Seq Scan|Sort/.test(text), `${condition}\n${text}`)
  }
})

async function tellPrivately(world: World) {
  const repository = await world.createRepository()
  const sha = repository.git('rev-parse', 'main')
  const at = { ref: 'main', sha }
  await world.tell({ number: 1, repository, base: at, head: at }, 'opened', {
    body: { repository: { url: repository.path, forge: 'localhost', namespace: 'hidden', private: true } },
  })
  await world.settle()
}

test('deliveries of private repositories are there for whoever may read them, and for nobody else', async () => {
  await using world = await createWorld({ env: { PACKIT_PRIVATE_NAMESPACES: 'localhost/hidden' } })
  await tellPrivately(world)
  await world.openPullRequest()
  await world.settle()
  const { db } = world.service.database
  const tokens = { reader: await addToken(db, ['deliveries:read']), writer: await addToken(db, ['runs:write']) }
  const ask = async (url: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return world.http.inject({ url, headers })
  }
  assert.equal((await ask('/api/deliveries')).statusCode, 401)
  assert.equal((await ask('/api/deliveries/1', tokens.writer)).statusCode, 404)
  const list = await ask('/api/deliveries', tokens.writer)
  assert.deepEqual([list.json().length, list.headers['content-range']], [1, 'deliveries 1-1/1'])
  assert.ok(!list.body.includes('hidden'))
  assert.deepEqual((await ask('/api/deliveries?project=localhost/hidden/hello', tokens.writer)).json(), [])
  assert.equal((await ask('/api/deliveries', tokens.reader)).json().length, 2)
  assert.equal((await ask('/api/deliveries/1', tokens.reader)).json().project, 'localhost/hidden/hello')
  // what was told to one must not be kept for another
  const { headers } = await ask('/api/deliveries', tokens.reader)
  assert.deepEqual([headers['cache-control'], /authorization/i.test(String(headers.vary))], ['no-store', true])
  assert.equal((await ask('/api/deliveries', 'pkt_wrong')).statusCode, 401)
})

test('why a private delivery could not be decided is told to the operator alone', async () => {
  await using world = await createWorld()
  await tellPrivately(world)
  const { db } = world.service.database
  await db.execute(sql`update deliveries set state = 'received'`)
  await giveUpDelivery({ deliveryId: 1 }, 'https://forge/hidden/hello is away', world.service.events)
  const { state, reasons } = await world.get<{ state: string; reasons: string[] }>('/api/deliveries/1')
  assert.equal(state, 'failed')
  assert.ok(!reasons.join().includes('hidden'), reasons.join())
})

test('payload and headers are for the scope deliveries:read, without the signature', async () => {
  await using world = await createWorld()
  const pr = await world.openPullRequest()
  await world.settle()
  const open = await world.get<object>('/api/deliveries/1')
  assert.ok(!('payload' in open) && !('headers' in open))
  const token = await addToken(world.service.database.db, ['deliveries:read'])
  const headers = { authorization: `Bearer ${token}` }
  const all = (await world.http.inject({ url: '/api/deliveries/1', headers })).json()
  assert.equal(all.payload.head.sha, pr.head.sha)
  assert.deepEqual(Object.keys(all.headers).sort(), ['content-type', 'user-agent', 'x-packit-delivery'])
  const stored = await world.service.storage.list('deliveries')
  for (const key of stored) {
    const text = await world.service.storage.range(key, 0, 1e6)
    assert.ok(!text?.data.toString().includes('sha256='), key)
  }
  await world.service.database.db.execute(sql`update deliveries set payload_key = null`)
  const expired = (await world.http.inject({ url: '/api/deliveries/1', headers })).json()
  assert.deepEqual([expired.payload, expired.headers, expired.state], [null, null, 'decided'])
})

test('a replayed delivery is decided again, twice as well as once, and an expired one is refused', async () => {
  await using world = await createWorld()
  await world.openPullRequest()
  await world.settle()
  const answers = await Promise.all([1, 2].map(() => world.post('/api/deliveries/1/replay')))
  for (const answer of answers) {
    assert.deepEqual([answer.statusCode, answer.json().delivery_id], [202, 1], answer.body)
    assert.match(answer.json().url, /\/api\/deliveries\/1$/)
  }
  await world.settle()
  const { decision, reasons } = await world.get<{ decision: string; reasons: string[] }>('/api/deliveries/1')
  assert.deepEqual([decision, reasons], ['nothing to do', ['this commit has a run already']])
  assert.equal((await world.runs()).length, 1)
  assert.deepEqual(await world.audit(), Array(2).fill('token 1 (admin): delivery.replay delivery 1'))

  await world.service.database.db.execute(sql`update deliveries set payload_key = null`)
  const expired = await world.post('/api/deliveries/1/replay')
  assert.deepEqual(
    [expired.statusCode, expired.json().detail],
    [409, "delivery 1 can't be decided again: its payload has expired"],
  )
  assert.equal((await world.post('/api/deliveries/9/replay')).statusCode, 404)
  assert.equal((await world.audit()).length, 2)
})
