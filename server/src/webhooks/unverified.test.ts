import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { createUnverified } from './unverified.ts'

const LIMITS = { max: 2, maxWaiting: 3, waitMs: 400, slowMs: 60, timeMs: 5000 }

/** A request as far as it matters here: where it comes from, and whether its connection was ended. */
function request(ip: string): FastifyRequest & { ended: boolean } {
  const raw = Object.assign(new EventEmitter(), { destroy: () => void Object.assign(made, { ended: true }) })
  // the rest of a request is not looked at
  const made = { ip, raw, ended: false } as unknown as FastifyRequest & { ended: boolean }
  return made
}

test('a burst waits for room, and all of it is admitted', async () => {
  const unverified = createUnverified(LIMITS)
  const burst = [1, 2, 3, 4, 5].map(() => request('forge'))
  const entries = burst.map(async (one) => {
    const admitted = await unverified.enter(one)
    unverified.arrived(one)
    setTimeout(() => unverified.leave(one), 5)
    return admitted
  })
  assert.deepEqual(await Promise.all(entries), [true, true, true, true, true])
  assert.ok(burst.every((one) => !one.ended))
})

test('who sends slowly makes room when somebody waits, and only then', async () => {
  const unverified = createUnverified(LIMITS)
  const slow = [request('stranger'), request('stranger')]
  for (const one of slow) await unverified.enter(one)
  await new Promise((resolve) => setTimeout(resolve, LIMITS.slowMs * 2))
  assert.ok(slow.every((one) => !one.ended))

  assert.equal(await unverified.enter(request('forge')), true)
  assert.deepEqual(
    slow.map((one) => one.ended),
    [true, false],
  )
})

test('a body that has arrived is not given up; who finds no room in time is told so', async () => {
  const unverified = createUnverified(LIMITS)
  const here = [request('a'), request('b')]
  for (const one of here) {
    await unverified.enter(one)
    unverified.arrived(one)
  }
  assert.equal(await unverified.enter(request('c')), false)
  assert.ok(here.every((one) => !one.ended))
})

test('many connections of one address gain it nothing: another is admitted first, and finds a place to wait', async () => {
  const unverified = createUnverified(LIMITS)
  const slow = Array.from({ length: LIMITS.max + LIMITS.maxWaiting }, () => request('stranger'))
  const admitted: FastifyRequest[] = []
  const turnedAway: FastifyRequest[] = []
  const entries = slow.map(async (one) => void ((await unverified.enter(one)) ? admitted : turnedAway).push(one))
  const forge = request('forge')

  assert.equal(await unverified.enter(forge), true)

  assert.deepEqual(admitted, slow.slice(0, LIMITS.max))
  assert.deepEqual(turnedAway, slow.slice(-1))
  await Promise.all(entries)
})
