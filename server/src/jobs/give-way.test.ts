import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGiveWay } from './give-way.ts'

const never = new AbortController().signal

test('what takes long begins when nothing has gone first for a moment', async () => {
  const { goFirst, giveWay } = createGiveWay({ quietMs: 30 })
  await giveWay(never)
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = goFirst(() => promise)
  let began = false
  const long = giveWay(never).then(() => {
    began = true
  })
  await new Promise((done) => setTimeout(done, 100))
  assert.equal(began, false)
  resolve()
  await first
  assert.equal(began, false, 'the next quick job may follow at once')
  await long
})

test('it begins at last though something always goes first: its time in the queue counts; and at once when it is to stop', async () => {
  const { goFirst, giveWay } = createGiveWay({ mostMs: 60 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = goFirst(() => promise)
  await giveWay(never)
  const patient = createGiveWay({ mostMs: 60_000 })
  const before = patient.goFirst(() => promise)
  await patient.giveWay(never, 60_000)
  const stopping = new AbortController()
  const long = createGiveWay({ mostMs: 60_000 })
  const other = long.goFirst(() => promise)
  const waits = long.giveWay(stopping.signal)
  stopping.abort()
  await assert.rejects(waits, { name: 'AbortError' })
  resolve()
  await Promise.all([first, before, other])
})
