// What a double of GitHub must be able to do to those who trust it, each in its shortest form; the files beside this
// one test the rules behind it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeWorld, type FakeWorld } from './test-caller.ts'

const GET = 'GET /repos/acme/hello'
const PULL = 'GET /repos/acme/hello/pulls/1'
const CHECKS = 'POST /repos/acme/hello/check-runs'
const COMMENT = 'POST /repos/acme/hello/issues/1/comments'

const check = (world: FakeWorld, output: object) =>
  world.ask(CHECKS, { name: 'packit', head_sha: world.sha, output: { title: 't', summary: 's', ...output } })

async function fetchFaulty(world: FakeWorld, kind: 'bad-gateway' | 'unavailable' | 'gateway-timeout' | 'wrong-type') {
  world.github.failNext({ kind })
  const response = await fetch(`${world.github.apiUrl}/repos/acme/hello`)
  return `${response.status} ${response.headers.get('content-type')?.split(';')[0]}`
}

async function limited(world: FakeWorld, status: 403 | 429, retryAfterS: number | null) {
  world.github.limit({ status, retryAfterS })
  world.github.failNext({ kind: 'secondary-limit' })
  const { status: got, headers } = await world.ask(GET)
  return [got, headers.get('retry-after')]
}

const CAN: Record<string, (world: FakeWorld) => Promise<void>> = {
  'HTML bodies of 502, 503 and 504': async (world) => {
    assert.equal(await fetchFaulty(world, 'bad-gateway'), '502 text/html')
    assert.equal(await fetchFaulty(world, 'unavailable'), '503 text/html')
    assert.equal(await fetchFaulty(world, 'gateway-timeout'), '504 text/html')
  },
  'a wrong content type': async (world) => assert.equal(await fetchFaulty(world, 'wrong-type'), '200 text/html'),
  '429 with and without Retry-After, 403 too': async (world) => {
    assert.deepEqual(await limited(world, 429, 5), [429, '5'])
    assert.deepEqual(await limited(world, 429, null), [429, null])
    assert.deepEqual(await limited(world, 403, 5), [403, '5'])
  },
  'the primary limit in both styles': async (world) => {
    for (const status of [403, 429] as const) {
      world.github.limit({ remaining: 0, status })
      const answer = await world.ask(GET)
      assert.deepEqual([answer.status, answer.headers.get('x-ratelimit-remaining')], [status, '0'])
    }
  },
  'a connection that is cut after the write': async (world) => {
    world.github.failNext({ kind: 'drop-after' })
    await assert.rejects(world.ask(COMMENT, { body: 'x' }))
    assert.equal(world.github.comments(world.pr).length, 1)
  },
  'a slow first byte': async (world) => {
    world.github.failNext({ kind: 'slow', delayMs: 150 })
    const started = performance.now()
    await world.ask(GET)
    assert.ok(performance.now() - started > 140)
  },
  '422 on a description of 141 characters': async (world) => {
    const body = { state: 'pending', description: 'x'.repeat(141) }
    assert.equal((await world.ask(`POST /repos/acme/hello/statuses/${world.sha}`, body)).status, 422)
  },
  '422 on a summary of 65,536 characters': async (world) =>
    assert.equal((await check(world, { summary: 'x'.repeat(65_536) })).status, 422),
  '422 on 51 annotations': async (world) => {
    const one = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }
    assert.equal((await check(world, { annotations: Array(51).fill(one) })).status, 422)
  },
  'a token that ends in the middle of a run': async (world) => {
    assert.equal((await world.ask(GET)).status, 200)
    world.wait(3600)
    assert.equal((await world.ask(GET)).status, 401)
  },
  'a redelivery with the same GUID': async ({ github }) => {
    await github.ping()
    const first = github.deliveries.log.at(-1)
    assert.ok(first)
    await github.redeliver(first)
    const again = github.deliveries.log.at(-1)
    assert.notEqual(again?.id, first.id)
    assert.equal(again?.guid, first.guid)
  },
  'head.repo: null': async (world) => {
    const fork = world.pr.pull.head.repository
    assert.ok(fork)
    await world.github.deleteRepository(fork)
    assert.equal((await world.ask(PULL)).body.head?.repo, null)
  },
  'mergeable: null, then true': async (world) => {
    assert.equal((await world.ask(PULL)).body.mergeable, null)
    assert.equal((await world.ask(PULL)).body.mergeable, true)
  },
}

for (const [name, prove] of Object.entries(CAN))
  test(`the fake GitHub can do: ${name}`, async () => {
    await using world = await createFakeWorld()
    await prove(world)
  })
