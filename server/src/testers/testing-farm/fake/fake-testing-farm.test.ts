import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { FakeTestingFarm } from './fake-testing-farm.ts'

const BODY = {
  test: { tmt: { url: 'https://github.com/acme/hello', ref: 'f00d' } },
  environments: [{ arch: 'x86_64', os: { compose: 'Fedora-45' }, secrets: { TOKEN: 'hush' } }],
}

/** Asks as the public token does, or as nobody. */
async function ask(
  farm: FakeTestingFarm,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = farm.tokens.public,
) {
  const response = await fetch(`${farm.url}${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function post(farm: FakeTestingFarm, body: object = BODY): Promise<string> {
  const answer = await ask(farm, 'POST', '/requests', body)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body.id
}

test('a new request has neither result nor run, times without a zone, fmf whatever was sent, and no secrets', async () => {
  await using farm = await FakeTestingFarm.start()
  const { body } = await ask(farm, 'GET', `/requests/${await post(farm)}`, undefined, null)

  assert.deepEqual([body.state, body.result, body.run], ['new', null, null])
  assert.match(body.created, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$/)
  assert.deepEqual(body.test.fmf, BODY.test.tmt)
  assert.deepEqual(body.environments_requested[0].secrets, { TOKEN: 'hidden' })
})

test('each fault of a request is named where it is', async () => {
  await using farm = await FakeTestingFarm.start()
  const refused: [object, RegExp][] = [
    [{ environments: [{ arch: 's390x', os: { compose: 'Fedora-45' } }] }, /"0":\{"arch":/],
    [{ environments: [{ arch: 'x86_64', os: { compose: 'Fedora-451' } }] }, /"compose":/],
    [{ environments: [{ arch: 'x86_64', artifacts: [{ type: 'x', id: '1' }] }] }, /"artifacts":\{"0":\{"type":/],
    [{ environments: [] }, /"environments":/],
    [{ test: { fmf: BODY.test.tmt, tmt: BODY.test.tmt } }, /Exactly one test type/],
    [{ test: {} }, /"test":/],
  ]
  for (const [part, expected] of refused) {
    const { status, body } = await ask(farm, 'POST', '/requests', { ...BODY, ...part })
    assert.equal(status, 400)
    assert.match(JSON.stringify(body.errors), expected)
  }
  assert.equal(farm.requests.length, 0)
})

test('writing needs a token; an expired one is told so; the old form in the body counts too', async () => {
  await using farm = await FakeTestingFarm.start()
  farm.expiredTokens.add('old')

  assert.equal((await ask(farm, 'POST', '/requests', BODY, null)).status, 401)
  assert.deepEqual(await ask(farm, 'POST', '/requests', BODY, 'old'), {
    status: 401,
    body: { message: 'Token has expired' },
  })
  assert.equal((await ask(farm, 'POST', '/requests', { ...BODY, api_key: farm.tokens.public }, null)).status, 200)
})

test('requests of the internal ranch are for their owners, and are no part of the public list', async () => {
  await using farm = await FakeTestingFarm.start()
  const internal = { ...BODY, environments: [{ arch: 's390x', os: { compose: 'RHEL-8.5.0-Nightly' } }] }
  const { body } = await ask(farm, 'POST', '/requests', internal, farm.tokens.redhat)

  assert.equal((await ask(farm, 'GET', `/requests/${body.id}`)).status, 403)
  assert.equal((await ask(farm, 'DELETE', `/requests/${body.id}`)).status, 403)
  assert.deepEqual((await ask(farm, 'GET', '/requests')).body, [])
  assert.equal((await ask(farm, 'GET', '/whoami', undefined, farm.tokens.redhat)).body.token.ranch, 'redhat')
})

test('cancelling is asked for, then happens; once more is 204, of an ended one 409', async () => {
  await using farm = await FakeTestingFarm.start()
  const id = await post(farm)
  const ended = await post(farm)
  farm.end(ended)

  assert.equal((await ask(farm, 'DELETE', `/requests/${id}`)).body.state, 'cancel-requested')
  assert.equal((await ask(farm, 'DELETE', `/requests/${id}`)).status, 204)
  await ask(farm, 'GET', `/requests/${id}`)
  const { body } = await ask(farm, 'GET', `/requests/${id}`)
  assert.deepEqual([body.state, body.result.overall], ['canceled', 'error'])
  assert.equal((await ask(farm, 'DELETE', `/requests/${id}`)).status, 204)
  assert.equal((await ask(farm, 'DELETE', `/requests/${ended}`)).status, 409)
  assert.equal((await ask(farm, 'DELETE', '/requests/none')).status, 404)
})

test('webhooks are told of changes by the request’s own secret: once, twice or never, and even before the answer', async () => {
  const told: { request_id: string; token: string }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      told.push(JSON.parse(text))
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await using farm = await FakeTestingFarm.start()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const body = { ...BODY, notification: { webhook: { url, token: 'own-secret' } } }
  const count = async () => {
    await farm.notifications.settled()
    return told.length
  }

  const id = await post(farm, body)
  assert.equal(await count(), 0)
  farm.begin(id)
  farm.end(id)
  assert.equal(await count(), 2)
  assert.deepEqual(told[0], { request_id: id, token: 'own-secret' })

  farm.notifications.mode = 'twice'
  const other = await post(farm, body)
  farm.begin(other)
  assert.equal(await count(), 4)
  farm.notifications.mode = 'lost'
  farm.end(other)
  assert.equal(await count(), 4)

  farm.notifications.mode = 'once'
  farm.notifiesFirst = true
  const first = await post(farm, body)
  assert.equal(await count(), 5)
  assert.equal(told[4]?.request_id, first)
  await new Promise((resolve) => server.close(resolve))
})

test('requests may end by themselves', async () => {
  await using farm = await FakeTestingFarm.start({ endsAfterMs: 20 })
  const id = await post(farm)

  while (farm.find(id).state !== 'complete') await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(farm.find(id).overall, 'passed')
})

test('a run that throws ends its request as an error, with why', async () => {
  await using farm = await FakeTestingFarm.start({ run: async () => Promise.reject(new Error('no sandbox')) })
  const id = await post(farm)

  while (farm.find(id).state !== 'error') await new Promise((resolve) => setTimeout(resolve, 5))
  assert.match(farm.find(id).summary ?? '', /no sandbox/)
})
