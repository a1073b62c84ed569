import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { ConfigError, SetupError, UnavailableError } from '../../domain/errors.ts'
import { openFarm, testToRun } from './test-world.ts'
import { createTestingFarm } from './testing-farm.ts'

const PUBLIC = { isInternal: false }

test('what Testing Farm finds wrong with a request is the packager’s to mend, word for word', async () => {
  await using world = await openFarm()
  const extra = { environments: [{ arch: 'vax' }] }

  await assert.rejects(world.tester.startTest(testToRun({ extra })), (error) => {
    assert.ok(error instanceof ConfigError)
    assert.match(error.message, /refuses the request: environments\.0\.arch: Architecture 'vax' is not supported/)
    return true
  })
})

test('a refused token is the operator’s, named by its setting and never shown', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  farm.expiredTokens.add(farm.tokens.public)

  await assert.rejects(tester.startTest(testToRun()), (error) => {
    assert.ok(error instanceof SetupError)
    assert.match(error.message, /PACKIT_TESTING_FARM_TOKEN.*Token has expired/)
    assert.ok(!error.message.includes(farm.tokens.public))
    return true
  })
})

test('no part of a secret is shown where a long refusal is cut', async () => {
  const secret = 'known-to-this-request-alone'
  for (let before = 1_950; before < 2_000; before += 10) {
    await using quoting = await serve(() => ({ status: 400, body: { message: 'x'.repeat(before) + secret } }))
    const tester = createTestingFarm({ public: { url: quoting.url, token: 'our-token', setting: 'X' } })
    const notification = { url: 'http://127.0.0.1:9', secret }
    await assert.rejects(
      tester.startTest(testToRun({ notification })),
      (error: Error) => !/x[kno]+/.test(error.message),
    )
  }
})

test('secrets are not shown, whatever a refusal quotes', async () => {
  await using quoting = await serve((body) => ({ status: 400, body: { errors: { all: `I was told ${body}` } } }))
  const tester = createTestingFarm({ public: { url: quoting.url, token: 'our-token', setting: 'X' } })
  const notification = { url: 'http://127.0.0.1:9', secret: 'known-to-this-request' }
  // a configuration names secrets of its machines there
  const extra = { environments: [{ secrets: { PIN: 4711, KEY: 'of-the-configuration' } }] }

  await assert.rejects(
    tester.startTest(testToRun({ secrets: { PASSWORD: 'hunter2', QUOTED: 'qu"oted\nlines' }, extra, notification })),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, /"PASSWORD":"\(hidden\)"/)
      assert.doesNotMatch(error.message, /hunter2|known-to-this-request|our-token|oted|4711|of-the-config/)
      return true
    },
  )
})

/** How often a question is asked before it counts as not answered; others count at once. */
const ASKED: Partial<Record<string, number>> = { 'bad-gateway': 4, 'gateway-timeout': 4, 'drop-before': 4 }

test('a question that got lost on its way is asked again at once', async () => {
  await using world = await openFarm()
  const id = await world.tester.startTest(testToRun())
  world.farm.faults.add({ kind: 'bad-gateway', method: 'GET', path: '/requests/', times: 2 })
  world.farm.faults.add({ kind: 'drop-before', method: 'GET', path: '/requests/' })
  assert.equal((await world.tester.findTest(id, PUBLIC))?.state, 'pending')
})

test('pages of proxies and limits are waited for, as long as they ask', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const id = await tester.startTest(testToRun())
  const waits: Record<string, number> = {}
  for (const kind of [
    ...(['bad-gateway', 'unavailable', 'gateway-timeout', 'too-many', 'wrong-type', 'drop-before'] as const),
  ]) {
    farm.faults.add({ kind, method: 'GET', path: '/requests/', times: ASKED[kind] ?? 1 })
    await assert.rejects(tester.findTest(id, PUBLIC), (error) => {
      assert.ok(error instanceof UnavailableError, kind)
      waits[kind] = error.retryAfterMs
      return true
    })
  }

  assert.deepEqual([waits['too-many'], waits.unavailable, waits['bad-gateway']], [7_000, 11_000, 60_000])
  assert.equal((await tester.findTest(id, PUBLIC))?.state, 'pending')
})

test('a Testing Farm that says nothing is given up after a while, and asked again later', async () => {
  await using world = await openFarm({ timeoutMs: 50 })
  world.farm.faults.add({ kind: 'hang', times: 9 })

  await assert.rejects(world.tester.findTest('0d1e', PUBLIC), (error) => {
    assert.ok(error instanceof UnavailableError)
    assert.match(error.message, /no answer within 0\.05 s/)
    return true
  })
})

test('a limit without a time is waited for a minute, however often it is met', async () => {
  await using world = await openFarm()
  world.farm.faults.add({ kind: 'too-many', retryAfter: null })

  await assert.rejects(world.tester.findTest('0d1e', PUBLIC), (error) => {
    assert.ok(error instanceof UnavailableError)
    assert.deepEqual([error.retryAfterMs, error.hasDeadline], [60_000, false])
    return true
  })
})

test('a request whose answer got lost is found again, and not made twice', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const run = testToRun()
  await tester.startTest(testToRun())
  farm.faults.add({ kind: 'drop-after', method: 'POST' })

  const id = await tester.startTest(run)

  assert.equal(farm.requests.length, 2)
  assert.equal(id, farm.requests[1]?.id)
})

test('an answer that is slow to begin is waited for; what was done meanwhile is found by who did not wait', async () => {
  await using patient = await openFarm()
  patient.farm.faults.add({ kind: 'slow', method: 'POST' })
  assert.equal(await patient.tester.startTest(testToRun()), patient.farm.requests[0]?.id)

  await using hasty = await openFarm({ timeoutMs: 150 })
  hasty.farm.faults.add({ kind: 'slow', method: 'POST' })
  const run = testToRun()
  let id: string | undefined
  // on a busy machine other answers are late as well
  while (id === undefined) id = await hasty.tester.startTest(run).catch(() => undefined)
  assert.deepEqual(
    hasty.farm.requests.map((request) => request.id),
    [id],
  )
})

test('when nothing can be asked after a lost answer, the next call looks before it asks', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  const run = testToRun()
  farm.faults.add({ kind: 'drop-after', method: 'POST' })
  farm.faults.add({ kind: 'bad-gateway', method: 'GET', path: '/requests', times: 4 })

  await assert.rejects(tester.startTest(run), UnavailableError)
  const id = await tester.startTest(run)

  assert.deepEqual([farm.requests.length, id], [1, farm.requests[0]?.id])
})

test('after a restart, what an earlier try may have started is found by its mark', async () => {
  await using world = await openFarm()
  const run = testToRun()
  const id = await world.tester.startTest(run)
  const fresh = () =>
    createTestingFarm({ public: { url: world.farm.url, token: world.farm.tokens.public, setting: 'X' } })

  // by a process that is set up otherwise
  const notification = { url: 'http://127.0.0.1:9/nobody', secret: 'renewed' }
  const again = { ...run, triedSince: new Date(), notification }
  assert.equal(await fresh().startTest(again), id)
  assert.equal(world.farm.requests.length, 1)
  // the same number of another installation
  const stranger = { ...again, createdAt: new Date(0) }
  assert.notEqual(await fresh().startTest(stranger), id)
})

test('a refusal in between is no lost answer: nothing is looked for', async () => {
  await using world = await openFarm()
  const { farm, tester } = world
  farm.faults.add({ kind: 'too-many', method: 'POST' })
  const run = testToRun()

  await assert.rejects(tester.startTest(run), UnavailableError)
  await tester.startTest(run)

  assert.equal(farm.requests.length, 1)
  assert.ok(!farm.asked.some(({ path }) => path.includes('created_after')))
})

test('a redirect to another host does not get our token', async () => {
  await using world = await openFarm()
  const seen: unknown[] = []
  await using thief = await serve((_body, headers) => {
    seen.push(headers.authorization)
    return { status: 200, body: { id: 'x', state: 'complete' } }
  })
  await using redirecting = await serve(() => ({ status: 302, headers: { location: `${thief.url}/x` } }))
  const tester = createTestingFarm({ public: { url: redirecting.url, token: 'our-token', setting: 'X' } })

  await assert.rejects(tester.findTest('abc', PUBLIC), UnavailableError)
  assert.deepEqual(seen, [])
  assert.equal(world.farm.requests.length, 0)
})

type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

/** A server of one answer; it has a compose, so that requests get made. */
async function serve(answer: (body: string, headers: { authorization?: string | undefined }) => Answer) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const isList = request.url?.includes('/composes/')
      const text = Buffer.concat(chunks).toString()
      const {
        status,
        body = {},
        headers,
      } = isList ? { status: 200, body: { composes: [] } } : answer(text, request.headers)
      response.writeHead(status, headers).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
