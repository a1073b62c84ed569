import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PastDelivery } from '../forges/forge.ts'
import { chooseMissed } from './choose-missed.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')

const past = (set: Partial<PastDelivery> & { minutesAgo?: number } = {}): PastDelivery => ({
  id: '1',
  deliveryId: 'a',
  event: 'push',
  deliveredAt: new Date(NOW - (set.minutesAgo ?? 10) * 60_000),
  ok: false,
  status: 502,
  ...set,
})

const choose = (all: PastDelivery[], arrived: string[] = [], tries = {}, most = 100) =>
  chooseMissed(all, new Set(arrived), tries, { now: NOW, most })

test('what is not here is asked for, whatever GitHub says came of it; what is here is not', () => {
  assert.equal(choose([past()]).missed.length, 1)
  assert.equal(choose([past({ ok: true, status: 202 })]).missed.length, 1)
  assert.equal(choose([past()], ['a']).missed.length, 0)
})

test('pings, what was refused for what it holds, and what was only just sent are left alone', () => {
  assert.equal(choose([past({ event: 'ping' })]).missed.length, 0)
  for (const status of [400, 413, 415]) assert.equal(choose([past({ status })]).missed.length, 0, String(status))
  for (const status of [401, 404, 429, 500, null]) assert.equal(choose([past({ status })]).missed.length, 1)
  assert.equal(choose([past({ minutesAgo: 0.5 })]).missed.length, 0)
})

test('what was sent several times is one delivery, and the newest answer counts', () => {
  const { missed } = choose([past({ id: '2', minutesAgo: 5, status: 400 }), past({ id: '1', minutesAgo: 9 })])
  assert.equal(missed.length, 0)
})

test('a delivery is asked for three times at most; the tries of what the forge forgot are forgotten', () => {
  assert.equal(choose([past()], [], { a: 2 }).missed.length, 1)
  assert.equal(choose([past()], [], { a: 3 }).missed.length, 0)
  assert.deepEqual(choose([past()], [], { a: 2, old: 1 }).tries, { a: 2 })
})

test('the oldest come first, and what there is no room for waits', () => {
  const all = [past({ deliveryId: 'young', minutesAgo: 3 }), past({ deliveryId: 'old', minutesAgo: 300 })]
  const { missed, waiting } = choose(all, [], {}, 1)
  assert.deepEqual([missed[0]?.deliveryId, waiting[0]?.deliveryId], ['old', 'young'])
})
