import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { listen } from './listener.ts'
import type { ConnectionState, Hint, Listener, ListenerOptions } from './messages.ts'

/** What Copr says when a build has ended in a chroot. */
export function coprMessage(build: number, more: object = {}): object {
  const who = { user: 'packit', owner: '@packit', copr: 'acme-hello-41', pkg: 'hello', version: '1.0-1' }
  return {
    build,
    chroot: 'fedora-45-x86_64',
    status: 1,
    ...who,
    ip: null,
    who: 'worker-1',
    pid: 7,
    what: 'end',
    ...more,
  }
}

export const PREFIX = 'org.fedoraproject.test'
export const END = `${PREFIX}.copr.build.end`

/** So that a test that waits in vain ends. */
const LONGEST_MS = 120_000

/** Looks until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + LONGEST_MS
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${holds}`)
    await sleep(10)
  }
}

/** A wire between listener and broker, which a test may cut, whatever broker it leads to. */
export class Wire {
  readonly #sockets = new Set<Socket>()
  readonly #server
  readonly #broker: URL

  constructor(broker: string) {
    this.#broker = new URL(broker)
    this.#server = createServer((near) => {
      const far = connectTo(Number(this.#broker.port || 5672), this.#broker.hostname)
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): string {
    const url = new URL(this.#broker)
    url.hostname = '127.0.0.1'
    url.port = String((this.#server.address() as AddressInfo).port)
    return url.href
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }
}

/** Somebody else at the same broker: publishes, and looks into queues. */
export class Publisher {
  readonly #connection: ChannelModel
  readonly #channel: ConfirmChannel

  private constructor(connection: ChannelModel, channel: ConfirmChannel) {
    this.#connection = connection
    this.#channel = channel
  }

  static async open(url: string): Promise<Publisher> {
    const connection = await connect(url)
    return new Publisher(connection, await connection.createConfirmChannel())
  }

  get channel(): Channel {
    return this.#channel
  }

  /** Resolves when the broker has it. */
  async publish(topic: string, body: unknown): Promise<void> {
    const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
    this.#channel.publish('amq.topic', topic, content, { contentType: 'application/json', persistent: true })
    await this.#channel.waitForConfirms()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close()
  }
}

/** A listener whose hints a test may look at, and that a test may have refuse them. */
export class ListenerUnderTest {
  readonly hints: Hint[] = []
  readonly states: ConnectionState[] = []
  readonly warnings: string[] = []
  readonly listener: Listener
  /** What is done with a hint. */
  take: (hint: Hint) => Promise<boolean> = async () => true

  constructor(options: Pick<ListenerOptions, 'url' | 'queue'> & Partial<ListenerOptions>) {
    this.listener = listen({
      tls: { ca: undefined, cert: undefined, key: undefined },
      topicPrefix: PREFIX,
      timing: { firstWaitMs: 10, longestWaitMs: 100 },
      onConnection: (state) => this.states.push(state),
      warn: (line) => this.warnings.push(line),
      take: (hint) => {
        this.hints.push(hint)
        return this.take(hint)
      },
      ...options,
    })
  }

  ids(): string[] {
    return this.hints.map(({ buildId }) => buildId)
  }

  connected(): Promise<void> {
    return until(() => this.listener.isConnected())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.stop()
  }
}
