import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import { JSON_PROPERTIES } from './codec.ts'
import { FakeConnection } from './connection.ts'
import { FakeQueue, type QueueOptions } from './queues.ts'
import { Refusal } from './refusal.ts'

export interface FakeBrokerOptions {
  /** With it TLS is spoken and clients prove themselves by a certificate (EXTERNAL); PEM texts. */
  tls?: { cert: string; key: string; clientCa: string }
  user?: string
  password?: string
}

/**
 * A broker as RabbitMQ is one, as far as a listener needs it: a real server with the exchange `amq.topic`, queues, bindings,
 * prefetch, acknowledgements and what comes again. A test may cut its connections, freeze it or start it anew.
 */
export class FakeBroker {
  /** Answers nothing and sends nothing, heartbeats included, while connections stay open. */
  isFrozen = false
  readonly virtualHost = '/public_pubsub'
  readonly mechanisms: readonly string[]
  readonly #options: FakeBrokerOptions
  readonly #server: Server
  readonly #connections = new Set<FakeConnection>()
  #queues = new Map<string, FakeQueue>()
  #numbers = 0

  private constructor(options: FakeBrokerOptions) {
    this.#options = options
    this.mechanisms = options.tls ? ['EXTERNAL'] : ['PLAIN']
    const accept = (socket: Socket) => this.#connections.add(new FakeConnection(this, socket))
    if (!options.tls) this.#server = createServer(accept)
    else {
      const { cert, key, clientCa } = options.tls
      this.#server = createTlsServer({ cert, key, ca: [clientCa], requestCert: true, rejectUnauthorized: true }, accept)
    }
  }

  static async start(options: FakeBrokerOptions = {}): Promise<FakeBroker> {
    const broker = new FakeBroker(options)
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve))
    return broker
  }

  get url(): string {
    const { user = 'fedora', password = '', tls } = this.#options
    return `${tls ? 'amqps' : 'amqp'}://${user}:${password}@127.0.0.1:${this.port}/%2Fpublic_pubsub`
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.dropConnections()
    await closed
  }

  /** As when a network fails: what was not acknowledged is ready again. */
  dropConnections(): void {
    for (const connection of this.#connections) connection.drop()
  }

  /** Durable queues live on. */
  restart(): void {
    this.dropConnections()
    this.#queues = new Map([...this.#queues].filter(([, queue]) => queue.options.durable))
  }

  publish(topic: string, body: unknown, properties: Buffer = JSON_PROPERTIES): void {
    const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
    for (const queue of this.#queues.values()) {
      if (queue.matches(topic)) queue.put({ topic, content, properties, redelivered: false })
    }
  }

  /** @throws {Refusal} when there is none */
  findQueue(name: string): FakeQueue {
    const queue = this.#queues.get(name)
    if (!queue) throw new Refusal(404, `NOT_FOUND - no queue '${name}' in vhost '${this.virtualHost}'`)
    return queue
  }

  findExchange(name: string): void {
    if (name !== 'amq.topic') {
      throw new Refusal(404, `NOT_FOUND - no exchange '${name}' in vhost '${this.virtualHost}'`)
    }
  }

  declare(name: string, fields: Record<string, unknown>): FakeQueue {
    const known = this.#queues.get(name)
    if (fields.passive === true) return this.findQueue(name)
    const options: QueueOptions = {
      durable: fields.durable === true,
      exclusive: fields.exclusive === true,
      autoDelete: fields.autoDelete === true,
    }
    if (known) {
      const isSame = JSON.stringify(known.options) === JSON.stringify(options)
      if (!isSame) throw new Refusal(406, `PRECONDITION_FAILED - inequivalent arg for queue '${name}'`)
      return known
    }
    const queue = new FakeQueue(name || `amq.gen-${this.nextNumber()}`, options)
    this.#queues.set(queue.name, queue)
    return queue
  }

  /** How many messages went with it; its consumers are told. */
  deleteQueue(name: string): number {
    const queue = this.#queues.get(name)
    this.#queues.delete(name)
    for (const consumer of queue?.consumers ?? []) consumer.cancelled()
    return queue?.ready.length ?? 0
  }

  /** @throws {Refusal} as RabbitMQ does, unless the client has proved itself */
  authenticate(mechanism: string, response: string, socket: Socket): void {
    const { user = 'fedora', password = '' } = this.#options
    const isRight =
      mechanism === 'EXTERNAL'
        ? socket instanceof TLSSocket && socket.authorized
        : mechanism === 'PLAIN' && response === `\0${user}\0${password}`
    if (isRight && this.mechanisms.includes(mechanism)) return
    throw new Refusal(
      403,
      `ACCESS_REFUSED - Login was refused using authentication mechanism ${mechanism}.`,
      'connection',
    )
  }

  nextNumber(): number {
    this.#numbers += 1
    return this.#numbers
  }

  forget(connection: FakeConnection): void {
    this.#connections.delete(connection)
  }
}
