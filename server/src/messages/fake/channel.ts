import type { Fields, MethodName } from './codec.ts'
import type { FakeConnection } from './connection.ts'
import type { FakeBroker } from './fake-broker.ts'
import type { Consumer, FakeQueue, QueuedMessage } from './queues.ts'
import { Refusal } from './refusal.ts'

interface Unanswered {
  queue: FakeQueue
  message: QueuedMessage
}

interface Incoming {
  topic: string
  exchange: string
  bodyBytes: number
  properties: Buffer
  parts: Buffer[]
}

/** Answers that hold nothing. */
const PLAIN_REPLIES: Partial<Record<MethodName, MethodName>> = {
  'exchange.declare': 'exchange.declare-ok',
  'queue.bind': 'queue.bind-ok',
  'basic.qos': 'basic.qos-ok',
  'confirm.select': 'confirm.select-ok',
}

/** The broker's side of one channel: what it was sent and has not answered yet is given back when it ends. */
export class FakeChannel {
  readonly #broker: FakeBroker
  readonly #connection: FakeConnection
  readonly #number: number
  readonly #unanswered = new Map<number, Unanswered>()
  readonly #consumers = new Map<string, { queue: FakeQueue; consumer: Consumer }>()
  #prefetch = 0
  #lastTag = 0
  #confirms = 0
  #isConfirming = false
  #incoming: Incoming | undefined

  constructor(broker: FakeBroker, connection: FakeConnection, number: number) {
    this.#broker = broker
    this.#connection = connection
    this.#number = number
  }

  answer(name: MethodName, fields: Fields): void {
    const text = (field: string) => String(fields[field] ?? '')
    const queue = () => this.#broker.findQueue(text('queue'))
    const answers: Partial<Record<MethodName, () => void>> = {
      'exchange.declare': () => this.#broker.findExchange(text('exchange')),
      'queue.bind': () => {
        this.#broker.findExchange(text('exchange'))
        queue().bindings.add(text('routingKey'))
      },
      'basic.qos': () => {
        this.#prefetch = Number(fields.prefetchCount)
      },
      'basic.consume': () => this.#consume(queue(), text('consumerTag')),
      'confirm.select': () => {
        this.#isConfirming = true
      },
      'basic.publish': () => {
        const nothing = { bodyBytes: 0, properties: Buffer.alloc(0), parts: [] }
        this.#incoming = { topic: text('routingKey'), exchange: text('exchange'), ...nothing }
      },
      'basic.ack': () => this.#take(fields),
      'basic.nack': () => this.#refuse(this.#take(fields), fields.requeue === true),
      'basic.reject': () => this.#refuse(this.#take(fields), fields.requeue === true),
      'queue.declare': () => {
        const { name, ready, consumers } = this.#broker.declare(text('queue'), fields)
        this.#reply('queue.declare-ok', { queue: name, messageCount: ready.length, consumerCount: consumers.length })
      },
      'queue.delete': () => this.#reply('queue.delete-ok', { messageCount: this.#broker.deleteQueue(text('queue')) }),
      'basic.cancel': () => {
        this.#stopConsuming(text('consumerTag'))
        this.#reply('basic.cancel-ok', { consumerTag: text('consumerTag') })
      },
    }
    const work = answers[name]
    if (!work) throw new Refusal(540, `NOT_IMPLEMENTED - ${name}`, 'connection')
    work()
    const plain = PLAIN_REPLIES[name]
    if (plain) this.#reply(plain)
  }

  #reply(name: MethodName, fields: Fields = {}): void {
    this.#connection.send(this.#number, name, fields)
  }

  takeHeader({ bodyBytes, properties }: { bodyBytes: number; properties: Buffer }): void {
    if (!this.#incoming) return
    Object.assign(this.#incoming, { bodyBytes, properties })
    if (bodyBytes === 0) this.takeBody(Buffer.alloc(0))
  }

  takeBody(part: Buffer): void {
    if (!this.#incoming) return
    this.#incoming.parts.push(Buffer.from(part))
    const content = Buffer.concat(this.#incoming.parts)
    if (content.length < this.#incoming.bodyBytes) return
    const { topic, exchange, properties } = this.#incoming
    this.#incoming = undefined
    this.#broker.findExchange(exchange)
    this.#broker.publish(topic, content, Buffer.from(properties))
    this.#confirms += 1
    if (this.#isConfirming) this.#connection.send(this.#number, 'basic.ack', { deliveryTag: this.#confirms })
  }

  end(): void {
    for (const tag of [...this.#consumers.keys()]) this.#stopConsuming(tag)
    this.#refuse([...this.#unanswered.values()], true)
    this.#unanswered.clear()
  }

  #consume(queue: FakeQueue, wanted: string): void {
    const tag = wanted || `fake-${this.#broker.nextNumber()}`
    const consumer: Consumer = {
      tag,
      hasRoom: () => this.#prefetch === 0 || this.#unanswered.size < this.#prefetch,
      deliver: (message) => this.#deliver(queue, tag, message),
      cancelled: () => {
        this.#consumers.delete(tag)
        this.#connection.send(this.#number, 'basic.cancel', { consumerTag: tag, noWait: true })
      },
    }
    this.#consumers.set(tag, { queue, consumer })
    this.#connection.send(this.#number, 'basic.consume-ok', { consumerTag: tag })
    queue.add(consumer)
  }

  #stopConsuming(tag: string): void {
    const found = this.#consumers.get(tag)
    found?.queue.remove(found.consumer)
    this.#consumers.delete(tag)
  }

  #deliver(queue: FakeQueue, consumerTag: string, message: QueuedMessage): void {
    const deliveryTag = ++this.#lastTag
    this.#unanswered.set(deliveryTag, { queue, message })
    const { topic: routingKey, redelivered, content, properties } = message
    const fields = { consumerTag, deliveryTag, redelivered, exchange: 'amq.topic', routingKey }
    this.#connection.send(this.#number, 'basic.deliver', fields)
    this.#connection.sendContent(this.#number, content, properties)
  }

  /** What an answer is about; it makes room for more. */
  #take(fields: Fields): Unanswered[] {
    const tag = Number(fields.deliveryTag)
    const isMultiple = fields.multiple === true
    const tags = [...this.#unanswered.keys()].filter((one) => one === tag || (isMultiple && one <= tag))
    if (tags.length === 0) throw new Refusal(406, `PRECONDITION_FAILED - unknown delivery tag ${tag}`)
    const taken = tags.flatMap((one) => this.#unanswered.get(one) ?? [])
    for (const one of tags) this.#unanswered.delete(one)
    for (const queue of new Set(taken.map(({ queue }) => queue))) queue.pump()
    return taken
  }

  #refuse(refused: readonly Unanswered[], requeue: boolean): void {
    if (!requeue) return
    for (const queue of new Set(refused.map((one) => one.queue))) {
      queue.giveBack(refused.filter((one) => one.queue === queue).map(({ message }) => message))
    }
  }
}
