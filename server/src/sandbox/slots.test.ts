import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSlots } from './slots.ts'

test('who comes first gets the next free slot', async () => {
  const slots = createSlots(2)
  const order: string[] = []
  const enter = (name: string) => slots.take(undefined).then((slot) => order.push(`${name}:${slot}`))
  await enter('a')
  await enter('b')
  const waiting = [enter('c'), enter('d')]
  assert.equal(slots.waiting, 2)

  slots.free(2)
  slots.free(1)
  await Promise.all(waiting)

  assert.deepEqual(order, ['a:1', 'b:2', 'c:2', 'd:1'])
})

test('who gives up while waiting leaves the queue, and takes no slot', async () => {
  const slots = createSlots(1)
  const controller = new AbortController()
  await slots.take(undefined)
  const first = slots.take(controller.signal)
  const second = slots.take(undefined)

  controller.abort()
  slots.free(1)

  assert.deepEqual([await first, await second, slots.waiting], [undefined, 1, 0])
})

test('who gave up before coming does not wait at all', async () => {
  const slots = createSlots(1)
  assert.equal(await slots.take(AbortSignal.abort()), undefined)
  assert.equal(await slots.take(undefined), 1)
})
