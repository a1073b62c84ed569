import { expect, test } from 'vitest'
import { Alarm } from './alarm.ts'

test('a ring ends the wait', async () => {
  const alarm = new Alarm()
  const wait = alarm.wait(60_000)
  alarm.ring()
  await wait
})

test('a ring that came before the wait is not lost, and counts once', async () => {
  const alarm = new Alarm()
  alarm.ring()
  await alarm.wait(60_000)
  const started = performance.now()
  await alarm.wait(20)
  expect(performance.now() - started).toBeGreaterThan(15)
})
