import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { sign } from '../src/forges/signature.ts'
import { createWorld, SECRET } from './world.ts'

test('an unsigned or wrongly signed delivery is turned away, and only counted', async () => {
  await using world = await createWorld()
  const wrong = await world.deliver({ kind: 'push' }, { signature: sign('another secret', '{}') })
  assert.deepEqual([wrong.statusCode, wrong.json()], [401, 'Payload signature validation failed.'])
  const unsigned = await world.http.inject({ method: 'POST', url: '/api/webhooks/git', payload: {} })
  assert.deepEqual([unsigned.statusCode, unsigned.json()], [401, 'X-Packit-Signature-256 not in request.headers'])
  const github = await world.http.inject({
    method: 'POST',
    url: '/api/webhooks/github',
    payload: { zen: 'x', hook_id: 1, hook: {} },
  })
  assert.deepEqual([github.statusCode, github.json()], [401, 'X-Hub-Signature-256 not in request.headers'])

  assert.deepEqual(await world.service.database.db.query.deliveries.findMany(), [])
  const counters = await world.service.database.db.query.settings.findMany()
  assert.deepEqual(
    counters.map((c) => c.value),
    [1, 1, 1],
  )
})

test('a forge that the service is not set up for is told so', async () => {
  await using world = await createWorld()
  const cases = { gitlab: "'gitlab_token_secret' not", forgejo: "'forgejo_webhook_secret' not" }
  for (const [source, beginning] of Object.entries(cases)) {
    const answer = await world.http.inject({ method: 'POST', url: `/api/webhooks/${source}`, payload: { a: 1 } })
    assert.deepEqual([answer.statusCode, answer.json()], [401, `${beginning} specified in the config.`])
  }
})

test('a bad body is refused by what is wrong with it, and nothing is stored', async () => {
  await using world = await createWorld()
  const cases: [string, number, RegExp][] = [
    ['{', 400, /not JSON/],
    ['{}', 400, /haven't received any JSON data/],
    ['[]', 400, /haven't received any JSON data/],
    ['"text"', 400, /must be a JSON object/],
    ['{"kind":"tag"}', 400, /kind must be/],
    ['{"kind":"push"}', 400, /repository must be a JSON object/],
    ['{"kind":"push","repository":{}}', 400, /repository\.url/],
    [
      '{"kind":"push","repository":{"url":"/x/y"},"ref":"refs/heads/main","after":"1234"}',
      400,
      /after must be a full commit hash/,
    ],
    [
      '{"kind":"pull_request","repository":{"url":"/x/y"},"number":1,"title":"t","author":"a","base":{"ref":"-x"},"head":{}}',
      400,
      /base\.ref/,
    ],
  ]
  for (const [raw, status, text] of cases) {
    const answer = await world.deliver(undefined, { raw })
    assert.equal(answer.statusCode, status, raw)
    assert.match(answer.body, text)
  }
  const push = { kind: 'push', repository: { url: '/x/y' }, ref: 'refs/heads/main', after: '1'.repeat(40) }
  const payload = JSON.stringify(push)
  const headers = { 'content-type': 'application/json', 'x-packit-signature-256': sign(SECRET, payload) }
  const noId = await world.http.inject({ method: 'POST', url: '/api/webhooks/git', headers, payload })
  assert.equal(noId.statusCode, 400)
  assert.match(noId.body, /X-Packit-Delivery/)
  assert.deepEqual(await world.service.database.db.query.deliveries.findMany(), [])
})

test('other media types, other methods and bodies over 25 MB are refused', async () => {
  await using world = await createWorld()
  const url = '/api/webhooks/git'
  const form = await world.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'a=b',
  })
  assert.equal(form.statusCode, 415)
  const large = await world.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    payload: Buffer.alloc(25 * 2 ** 20 + 1, 32),
  })
  assert.equal(large.statusCode, 413)
  const read = await world.http.inject({ method: 'GET', url })
  assert.equal(read.statusCode, 405)
  assert.match(String(read.headers.allow), /POST/)
})

test('GitHub: a ping is answered, what is not wanted is kept with its reason', async () => {
  await using world = await createWorld()
  const send = (event: string, body: object) => {
    const payload = JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': `${event}-1`,
      'x-hub-signature-256': sign(SECRET, payload),
    }
    return world.http.inject({ method: 'POST', url: '/api/webhooks/github', headers, payload })
  }
  const ping = await send('ping', { zen: 'Keep it simple', hook_id: 1, hook: { type: 'App' } })
  assert.deepEqual([ping.statusCode, ping.json()], [200, 'Pong!'])
  const star = await send('star', { action: 'created' })
  assert.deepEqual([star.statusCode, star.json()], [202, "Thanks but we don't care about this event"])
  const kept = await world.get<{ decision: string; reasons: string[] }>('/api/deliveries/1')
  assert.equal(kept.decision, 'not wanted')
  assert.match(kept.reasons[0] ?? '', /"star"/)
})

test('a delivery of a private repository is refused, with the setting that would admit it', async () => {
  await using world = await createWorld()
  const repository = await world.createRepository()
  const pr = {
    number: 1,
    repository,
    base: { ref: 'main', sha: repository.git('rev-parse', 'main') },
    head: { ref: 'main', sha: repository.git('rev-parse', 'main') },
  }
  await world.tell(pr, 'opened', { body: { repository: { url: repository.path, private: true } } })
  await world.settle()
  const kept = await world.get<{ state: string; reasons: string[] }>('/api/deliveries/1')
  assert.equal(kept.state, 'refused')
  assert.match(kept.reasons[0] ?? '', /private repository: PACKIT_PRIVATE_NAMESPACES/)
  assert.deepEqual(await world.runs(), [])
})

/** A delivery whose body never ends; what the server answered until it closed the connection. */
async function sendSlowly(port: number, from: string): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  let answer = ''
  socket.on('data', (part) => {
    answer += part
  })
  // a connection that the server ends is what is looked for
  socket.on('error', () => {})
  const closed = once(socket, 'close').then(() => answer)
  await once(socket, 'connect')
  socket.write(
    'POST /api/webhooks/git HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
  )
  return { socket, closed }
}

test('strangers who send slowly keep nobody out: the oldest of the address that sends most makes room', async () => {
  await using world = await createWorld()
  await world.http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = world.http.server.address() as AddressInfo
  const other = await sendSlowly(port, '127.0.0.2')
  const slow: Awaited<ReturnType<typeof sendSlowly>>[] = []
  for (let i = 0; i < 7; i++) slow.push(await sendSlowly(port, '127.0.0.1'))
  // their headers have to be there first
  await sleep(200)

  const honest = await fetch(`http://127.0.0.1:${port}/api/webhooks/git`, { method: 'POST', body: '{}' })

  // 415: it was let in and looked at, where 503 would turn it away
  assert.equal(honest.status, 415)
  assert.equal(await slow[0]?.closed, '')
  assert.equal(other.socket.destroyed, false)
  assert.equal(slow.filter(({ socket }) => socket.destroyed).length, 1)
  for (const { socket } of [other, ...slow]) socket.destroy()
})

test('packed bodies are not unpacked before anything is known of them', async () => {
  await using world = await createWorld()
  const payload = gzipSync(JSON.stringify({ kind: 'push' }))
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const signature = { 'x-packit-signature-256': sign(SECRET, payload) }
  const packed = await world.http.inject({
    method: 'POST',
    url: '/api/webhooks/git',
    headers: { ...headers, ...signature },
    payload,
  })
  assert.equal(packed.statusCode, 400)
  assert.match(packed.body, /not JSON/)
})
