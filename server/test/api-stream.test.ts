import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { addChanges } from '../src/db/changes.ts'
import { notify } from '../src/db/database.ts'
import { createApi } from './api-world.ts'
import { type DatabaseKind, databaseKinds } from './database.ts'

interface Event {
  id: string | undefined
  event: string
  data: { run: number | null; kind: string } & Record<string, unknown>
}

/** A client of the stream, as a browser's EventSource. */
async function connect(url: string, lastEventId?: string) {
  const stop = new AbortController()
  const answer = await fetch(url, { signal: stop.signal, headers: lastEventId ? { 'last-event-id': lastEventId } : {} })
  const events: Event[] = []
  const client = { answer, events, lastEventId, hasEnded: false, close: () => stop.abort(), waitFor }
  let text = ''
  const reading = (async () => {
    if (!answer.body || answer.status !== 200) return
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) read(block)
    }
  })().catch(() => {})
  void reading.then(() => {
    client.hasEnded = true
  })
  function read(block: string) {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
    client.lastEventId = field('id') ?? client.lastEventId
    const data = field('data')
    if (data) events.push({ id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data) })
  }
  async function waitFor(count: number) {
    const deadline = Date.now() + 30_000
    while (events.length < count) {
      if (Date.now() > deadline) throw new Error(`${events.length} of ${count} events: ${JSON.stringify(events)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return events
  }
  return client
}

async function createStream(kind: DatabaseKind) {
  const api = await createApi({ kind, empty: true })
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}/api/stream`
  const add = (run: number, project = 'github.com/acme/hello') =>
    api.database.transaction((tx) =>
      addChanges(tx, [{ kind: 'run', runId: run, rowId: run, state: 'running', project }]),
    )
  return { ...api, url, add }
}

const runs = (events: Event[]) => events.map((event) => event.data.run)

for (const kind of databaseKinds) {
  describe(`the stream (${kind})`, () => {
    test('a change is told once it is written, with an id to go on from', async () => {
      await using stream = await createStream(kind)
      const client = await connect(stream.url)
      assert.equal(client.answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
      await stream.add(1)
      const [event] = await client.waitFor(1)
      assert.deepEqual(event?.data, { kind: 'run', run: 1, id: 1, project: 'github.com/acme/hello', state: 'running' })
      assert.match(String(event?.id), /^[0-9]+\.1$/)
      client.close()
    })

    test('nothing is lost or doubled while a client comes and goes', async () => {
      await using stream = await createStream(kind)
      const other = await connect(stream.url)
      let client = await connect(stream.url)
      const writing = (async () => {
        for (let run = 1; run <= 60; run += 1) await stream.add(run)
      })()
      const seen: (number | null)[] = []
      while (seen.at(-1) !== 60) {
        await client.waitFor(1)
        client.close()
        assert.ok(
          client.events.every((event) => event.event === 'change'),
          'no reset',
        )
        seen.push(...runs(client.events))
        client = await connect(stream.url, client.lastEventId)
      }
      client.close()
      await writing
      assert.deepEqual(
        seen,
        Array.from({ length: 60 }, (_, index) => index + 1),
      )
      assert.deepEqual(runs(await other.waitFor(60)), seen)
      other.close()
    })

    test('a client that never filtered away anything but what it did not want is told only that', async () => {
      await using stream = await createStream(kind)
      const ofRun = await connect(`${stream.url}?run=2`)
      const ofProject = await connect(`${stream.url}?project=gitlab.com/group/sub/tool`)
      for (const run of [1, 2, 3])
        await stream.add(run, run === 3 ? 'gitlab.com/group/sub/tool' : 'github.com/acme/hello')
      assert.deepEqual(runs(await ofRun.waitFor(1)), [2])
      assert.deepEqual(runs(await ofProject.waitFor(1)), [3])
      ofRun.close()
      ofProject.close()
    })

    test('growth of a log is told without an id, the newest size only', async () => {
      await using stream = await createStream(kind)
      const client = await connect(`${stream.url}?run=9`)
      for (const size of [10, 20, 30]) {
        await notify(stream.database.db, 'packit_logs', JSON.stringify({ step: 'build', id: 4, run: 9, size }))
      }
      await notify(stream.database.db, 'packit_logs', 'nonsense')
      const [event] = await client.waitFor(1)
      assert.deepEqual(event, {
        id: undefined,
        event: 'change',
        data: { kind: 'log', run: 9, id: 4, project: null, size: 30, step: 'build' },
      })
      client.close()
    })

    test('whoever names what is not kept any more, or never was, has to ask for everything anew', async () => {
      await using stream = await createStream(kind)
      const client = await connect(stream.url)
      for (const run of [1, 2, 3]) await stream.add(run)
      await client.waitFor(3)
      client.close()
      await stream.database.db.execute(sql`delete from changes where run_id < 3`)
      for (const lastEventId of [
        String(client.events[0]?.id),
        '999999999999.1',
        'nonsense',
        '99999999999999999999999.1',
      ]) {
        const again = await connect(stream.url, lastEventId)
        assert.deepEqual(
          (await again.waitFor(1)).map((event) => event.event),
          ['reset'],
          lastEventId,
        )
        await stream.add(4)
        assert.deepEqual((await again.waitFor(2)).at(-1)?.data.run, 4, 'and then goes on')
        again.close()
      }
    })

    test('the server ends its streams when it stops', async () => {
      const stream = await createStream(kind)
      const client = await connect(stream.url)
      const began = Date.now()
      await stream[Symbol.asyncDispose]()
      assert.ok(Date.now() - began < 2000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      assert.equal(client.hasEnded, true)
    })
  })
}

test('an address gets 20 streams at a time, and its place back when one ends', async () => {
  await using stream = await createStream('embedded')
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect(stream.url)))
  const refused = await connect(stream.url)
  assert.equal(refused.answer.status, 429)
  assert.equal(refused.answer.headers.get('retry-after'), '30')
  assert.equal(((await refused.answer.json()) as { status: number }).status, 429)
  clients[0]?.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const again = await connect(stream.url)
  assert.equal(again.answer.status, 200)
  for (const client of [...clients, again]) client.close()
})

if (databaseKinds.includes('postgres')) {
  test('a transaction that commits late is told too, in its place, although younger ones were there before', async () => {
    await using stream = await createStream('postgres')
    const client = await connect(stream.url)
    let commit = () => {}
    const open = new Promise<void>((resolve) => {
      commit = resolve
    })
    let isWritten = () => {}
    const written = new Promise<void>((resolve) => {
      isWritten = resolve
    })
    const late = stream.database.transaction(async (tx) => {
      await addChanges(tx, [{ kind: 'run', runId: 1, rowId: 1 }])
      isWritten()
      await open
    })
    await written
    await stream.add(2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const early = [...client.events]
    commit()
    await late
    assert.deepEqual(early, [], 'the younger one is held back')
    assert.deepEqual(runs(await client.waitFor(2)), [1, 2])
    client.close()
  })
}
