import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeWorld } from './test-caller.ts'

const GET = 'GET /repos/acme/hello'
const COMMENT = 'POST /repos/acme/hello/issues/1/comments'

test('each answer tells what is left of the hour, and 403 or 429 says that nothing is', async () => {
  for (const status of [403, 429] as const) {
    await using world = await createFakeWorld()
    world.github.limit({ perHour: 2, status })
    const first = await world.ask(GET)
    assert.equal(first.headers.get('x-ratelimit-limit'), '2')
    assert.equal(first.headers.get('x-ratelimit-remaining'), '1')
    await world.ask(GET)
    const refused = await world.ask(GET)
    assert.equal(refused.status, status)
    assert.match(refused.body.message ?? '', /API rate limit exceeded/)
    assert.equal(refused.headers.get('x-ratelimit-remaining'), '0')
    assert.equal(refused.headers.get('retry-after'), null)
    const reset = Number(refused.headers.get('x-ratelimit-reset'))
    world.wait(reset - world.github.state.now().getTime() / 1000 - 1)
    assert.equal((await world.ask(GET)).status, status)
  }
})

test('a new hour begins when the old one is over', async () => {
  await using world = await createFakeWorld()
  world.github.limit({ remaining: 0 })
  const refused = await world.ask(GET)
  assert.equal(refused.status, 403)
  const { headers } = refused
  world.wait(Number(headers.get('x-ratelimit-reset')) - world.github.state.now().getTime() / 1000)
  // the token has ended with the hour, and that is the refusal now
  assert.equal((await world.ask(GET)).status, 401)
})

test('the 81st comment of a minute is refused for a minute, with and without Retry-After', async () => {
  for (const retryAfterS of [60, null]) {
    await using world = await createFakeWorld()
    world.github.limit({ retryAfterS, status: 429 })
    for (let count = 1; count <= 80; count += 1)
      assert.equal((await world.ask(COMMENT, { body: `${count}` })).status, 201)
    const refused = await world.ask(COMMENT, { body: '81' })
    assert.equal(refused.status, 429)
    assert.match(refused.body.message ?? '', /secondary rate limit/)
    assert.equal(refused.headers.get('retry-after'), retryAfterS === null ? null : '60')
    assert.equal((await world.ask(GET)).status, 200)
    world.wait(61)
    assert.equal((await world.ask(COMMENT, { body: '81' })).status, 201)
  }
})

test('writing costs five points of a minute, reading one', async () => {
  await using world = await createFakeWorld()
  world.github.limit({ pointsPerMinute: 12 })
  const statuses = [
    (await world.ask(COMMENT, { body: 'x' })).status,
    (await world.ask(COMMENT, { body: 'x' })).status,
    (await world.ask(GET)).status,
    (await world.ask(COMMENT, { body: 'x' })).status,
    (await world.ask(GET)).status,
    (await world.ask(GET)).status,
  ]
  assert.deepEqual(statuses, [201, 201, 200, 403, 200, 403])
})

test('the hundred and first request at once is refused', async () => {
  await using world = await createFakeWorld()
  world.github.limit({ concurrent: 2 })
  // git takes a while, so that they meet
  const all = await Promise.all(Array.from({ length: 6 }, () => world.ask('GET /repos/acme/hello/commits/main')))
  const refused = all.filter(({ status }) => status === 403)
  assert.ok(refused.length >= 1 && refused.length <= 4, `${refused.length} refused`)
  assert.equal((await world.ask(GET)).status, 200)
})

test('what did not change is answered with 304, which does not count', async () => {
  await using world = await createFakeWorld()
  const first = await world.ask('GET /repos/acme/hello/pulls')
  const known = { 'if-none-match': first.headers.get('etag') ?? '' }
  const again = await world.ask('GET /repos/acme/hello/pulls', undefined, known)
  assert.equal(again.status, 304)
  assert.equal(again.headers.get('x-ratelimit-used'), first.headers.get('x-ratelimit-used'))
  await world.github.label(world.pr, 'x')
  assert.equal((await world.ask('GET /repos/acme/hello/pulls', undefined, known)).status, 200)
  const counted = world.github.requests.filter(({ path }) => path.endsWith('/pulls')).map((one) => one.isCounted)
  assert.deepEqual(counted, [true, false, true])
})
