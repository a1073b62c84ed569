import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeBroker } from './fake/fake-broker.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './fake/test-certificate.ts'
import { coprMessage, END, ListenerUnderTest, until } from './test-bus.ts'
import { testListener } from './test-contract.ts'

testListener('the fake broker', () => FakeBroker.start())

// CONTRIBUTING.md says what it holds
const url = process.env.PACKIT_TEST_AMQP_URL
if (url) testListener('a real broker', async () => ({ url }))

const queue = '4c3fdd1a-6a0f-4ed7-9d6a-0f2d4c0f9b11'
const certificate = { cert: TEST_CERTIFICATE, key: TEST_KEY }

test('a listener proves itself by its certificate', async () => {
  await using broker = await FakeBroker.start({ tls: { ...certificate, clientCa: TEST_CERTIFICATE } })
  await using under = new ListenerUnderTest({ url: broker.url, queue, tls: { ca: TEST_CERTIFICATE, ...certificate } })
  await under.connected()
  broker.publish(END, coprMessage(1))
  await until(() => under.hints.length === 1)
})

test('a broker whose certificate is not the expected one is told nothing, and tried again', async () => {
  await using broker = await FakeBroker.start({ tls: { ...certificate, clientCa: TEST_CERTIFICATE } })
  await using under = new ListenerUnderTest({ url: broker.url, queue, tls: { ca: undefined, ...certificate } })
  await until(() => under.states.length === 2)
  assert.match(JSON.stringify(under.states[0]), /"ok":false,"reason":".*self-signed certificate/)
})

test('a refused password is told with what the broker says, and not on and on at once', async () => {
  await using broker = await FakeBroker.start({ password: 'right' })
  const wrong = broker.url.replace('right', 'wrong')
  await using under = new ListenerUnderTest({ url: wrong, queue })
  await until(() => under.states.length === 2)
  assert.match(JSON.stringify(under.states[0]), /ACCESS_REFUSED/)
  assert.equal(under.listener.isConnected(), false)
})

test('a broker that is silent is given up, and listened to again when it speaks', async () => {
  await using broker = await FakeBroker.start()
  await using under = new ListenerUnderTest({
    url: broker.url,
    queue,
    timing: { firstWaitMs: 10, longestWaitMs: 100, heartbeatSeconds: 1 },
  })
  await under.connected()
  broker.isFrozen = true
  await until(() => under.states.some(({ ok }) => !ok))
  broker.isFrozen = false
  broker.restart()
  await under.connected()
  broker.publish(END, coprMessage(3))
  await until(() => under.hints.length === 1)
})

test('a queue that outlived the broker holds what came before', async () => {
  await using broker = await FakeBroker.start()
  {
    await using first = new ListenerUnderTest({ url: broker.url, queue })
    await first.connected()
  }
  broker.publish(END, coprMessage(4))
  broker.restart()
  await using second = new ListenerUnderTest({ url: broker.url, queue })
  await until(() => second.hints.length === 1)
})

test('a queue that the broker removed is made and bound anew', async () => {
  await using broker = await FakeBroker.start()
  await using under = new ListenerUnderTest({ url: broker.url, queue })
  await under.connected()
  broker.deleteQueue(queue)
  await until(() => under.states.length === 3)
  broker.publish(END, coprMessage(5))
  await until(() => under.hints.length === 1)
})
