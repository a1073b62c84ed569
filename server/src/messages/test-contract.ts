import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { coprMessage, END, ListenerUnderTest, PREFIX, Publisher, until, Wire } from './test-bus.ts'

const START = `${PREFIX}.copr.build.start`

interface World {
  wire: Wire
  publisher: Publisher
  queue: string
  begin(options?: { take?: ListenerUnderTest['take'] }): Promise<ListenerUnderTest>
}

/**
 * What a listener does at every broker: run it from a test file of each.
 *
 * @param open  gives the address of the broker; called once for each test
 */
export function testListener(name: string, open: () => Promise<{ url: string } & Partial<AsyncDisposable>>): void {
  const inWorld = (what: string, run: (world: World) => Promise<void>) =>
    test(what, async () => {
      await using stack = new AsyncDisposableStack()
      const broker = await open()
      stack.defer(async () => broker[Symbol.asyncDispose]?.())
      const wire = stack.use(await new Wire(broker.url).open())
      const publisher = stack.use(await Publisher.open(broker.url))
      const queue = randomUUID()
      const begun = stack.use(new AsyncDisposableStack())
      await run({
        wire,
        publisher,
        queue,
        async begin({ take } = {}) {
          const under = begun.use(new ListenerUnderTest({ url: wire.url, queue }))
          if (take) under.take = take
          await under.connected()
          return under
        },
      })
      await begun.disposeAsync()
      await publisher.channel.deleteQueue(queue)
    })

  /** Nothing waits in the queue, and nothing is unanswered: that would be ready again once nobody listens. */
  const isEmptyAfter = async ({ publisher, queue }: World, under: ListenerUnderTest) => {
    await under.listener.stop()
    return (await publisher.channel.checkQueue(queue)).messageCount === 0
  }

  describe(`a listener at ${name}`, () => {
    inWorld('hands on start and end of a build as hints, and acknowledges them', async (world) => {
      const under = await world.begin()
      await world.publisher.publish(START, coprMessage(12_345_678, { chroot: 'srpm-builds', status: 3, pkg: null }))
      await world.publisher.publish(END, coprMessage(12_345_678))
      await until(() => under.hints.length === 2)
      assert.deepEqual(under.hints[0], { builder: 'copr', buildId: '12345678' })
      assert.ok(await isEmptyAfter(world, under))
      assert.equal(under.listener.counts().hint, 2)
    })

    inWorld('does nothing on topics of others and on bodies that do not fit, and is done with them', async (world) => {
      const under = await world.begin()
      await world.publisher.channel.bindQueue(world.queue, 'amq.topic', '#')
      await world.publisher.publish('org.fedoraproject.other.copr.build.end', coprMessage(1))
      await world.publisher.publish(`${PREFIX}.copr.chroot.start`, coprMessage(1))
      await world.publisher.publish(END, Buffer.from('<html>'))
      await world.publisher.publish(START, coprMessage(1, { status: 1 }))
      await world.publisher.publish(END, coprMessage(2))
      await until(() => under.hints.length > 0)
      assert.deepEqual(under.ids(), ['2'])
      assert.ok(await isEmptyAfter(world, under))
      assert.deepEqual(under.listener.counts(), { hint: 1, not_ours: 0, unknown: 2, malformed: 2 })
    })

    inWorld('is given again what it had not kept when the connection was lost', async (world) => {
      const kept = Promise.withResolvers<boolean>()
      const under = await world.begin({ take: () => kept.promise })
      await world.publisher.publish(END, coprMessage(7))
      await until(() => under.hints.length === 1)
      world.wire.cut()
      await until(() => under.hints.length === 2)
      kept.resolve(true)
      await world.publisher.publish(END, coprMessage(8))
      await until(() => under.hints.length === 3)
      assert.deepEqual(under.ids(), ['7', '7', '8'])
      assert.equal(under.states.filter(({ ok }) => !ok).length, 1)
      assert.ok(await isEmptyAfter(world, under))
    })

    inWorld('is given again what could not be kept', async (world) => {
      let isBroken = true
      const under = await world.begin({
        take: async () => {
          if (!isBroken) return true
          isBroken = false
          throw new Error('the database is away')
        },
      })
      await world.publisher.publish(END, coprMessage(9))
      await until(() => under.hints.length === 2)
      assert.equal(under.warnings.length, 1)
      assert.ok(await isEmptyAfter(world, under))
      assert.equal(under.listener.counts().hint, 1)
    })

    inWorld('finds in its queue what was told while it was stopped', async (world) => {
      const first = await world.begin()
      await first.listener.stop()
      await world.publisher.publish(END, coprMessage(10))
      const second = await world.begin()
      await until(() => second.hints.length === 1)
      assert.deepEqual([first.ids(), second.ids()], [[], ['10']])
    })

    inWorld('has a queue that outlives the broker, and is nobody’s alone', async (world) => {
      await world.begin()
      // no broker has one declared in another way than it is
      await world.publisher.channel.assertQueue(world.queue, { durable: true, autoDelete: false, exclusive: false })
    })

    inWorld('shares its queue with others: each message reaches one of them', async (world) => {
      const under = [await world.begin(), await world.begin()]
      for (let build = 1; build <= 20; build += 1) await world.publisher.publish(END, coprMessage(build))
      const all = () => under.flatMap((one) => one.ids())
      await until(() => all().length >= 20)
      assert.equal(new Set(all()).size, 20)
      assert.ok(under.every((one) => one.hints.length > 0))
    })
  })
}
