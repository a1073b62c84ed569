import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeWorld } from './test-caller.ts'

const GET = 'GET /repos/acme/hello'
const COMMENT = 'POST /repos/acme/hello/issues/1/comments'

test('an error page is HTML, for as many requests as were ordered and only where they were', async () => {
  await using world = await createFakeWorld()
  const { github } = world
  const orders = { 'bad-gateway': 502, unavailable: 503, 'gateway-timeout': 504, 'wrong-type': 200 } as const
  for (const [kind, status] of Object.entries(orders)) {
    github.failNext({ kind: kind as keyof typeof orders, path: '/pulls' })
    const response = await fetch(`${github.apiUrl}/repos/acme/hello/pulls`)
    assert.equal(response.status, status)
    assert.match(response.headers.get('content-type') ?? '', /text\/html/)
    assert.match(await response.text(), /^<!DOCTYPE html>/)
    assert.equal((await world.ask('GET /repos/acme/hello/pulls')).status, 200)
  }
  github.failNext({ kind: 'bad-gateway', times: 2, method: 'POST' })
  assert.equal((await world.ask(GET)).status, 200)
})

test('a connection that is cut before did nothing, one that is cut after did it', async () => {
  await using world = await createFakeWorld()
  const { github, pr } = world
  github.failNext({ kind: 'drop-before' })
  await assert.rejects(world.ask(COMMENT, { body: 'one' }))
  assert.deepEqual(github.comments(pr), [])
  github.failNext({ kind: 'drop-after' })
  await assert.rejects(world.ask(COMMENT, { body: 'two' }))
  assert.deepEqual(github.comments(pr), [{ author: 'packit-fake[bot]', body: 'two' }])
})

test('an answer can be late, or never come', async () => {
  await using world = await createFakeWorld()
  const { github } = world
  github.failNext({ kind: 'slow', delayMs: 300 })
  const started = performance.now()
  assert.equal((await world.ask(GET)).status, 200)
  assert.ok(performance.now() - started >= 290)
  github.failNext({ kind: 'hang' })
  await assert.rejects(fetch(github.apiUrl, { signal: AbortSignal.timeout(200) }), /aborted due to timeout/)
})

test('a secondary limit can be met at once, in both styles', async () => {
  await using world = await createFakeWorld()
  for (const status of [403, 429] as const) {
    world.github.limit({ status, retryAfterS: 7 })
    world.github.failNext({ kind: 'secondary-limit' })
    const refused = await world.ask(GET)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [status, '7'])
  }
})
