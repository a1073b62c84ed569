import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, type ChannelModel, type ConsumeMessage, connect, credentials } from 'amqplib'
import type { ListenerOptions } from './messages.ts'
import { bindingKeys } from './topics.ts'

/** The exchange that everything is published to. */
const EXCHANGE = 'amq.topic'
/** Messages that are under way to us at a time. */
const PREFETCH = 25
const CONNECT_TIMEOUT_MS = 20_000
const CLOSE_MS = 3_000

/** One connection to the broker, from which messages come. */
export interface Session {
  /** Rejects when the connection, the channel or the queue is lost. */
  readonly lost: Promise<never>
  ack(message: ConsumeMessage): void
  /** Gives a message back to the queue, from which it comes again. */
  giveBack(message: ConsumeMessage): void
  /** Has the broker send no more. */
  cancel(): Promise<void>
  close(): Promise<void>
}

type Options = Pick<ListenerOptions, 'url' | 'tls' | 'queue' | 'topicPrefix'> & { heartbeatSeconds: number }

/**
 * Connects, makes sure of queue and bindings, and lets messages come.
 *
 * @throws {Error} naming what the broker refused, or why it can't be reached
 */
export async function openSession(options: Options, onMessage: (m: ConsumeMessage) => void): Promise<Session> {
  const connection = await connectTo(options)
  const lost = Promise.withResolvers<never>()
  // whoever waits for it is told; nobody does while a session is still being opened
  lost.promise.catch(() => {})
  connection.on('error', lost.reject)
  connection.on('close', (error) => lost.reject(error ?? new Error('the broker closed the connection')))
  try {
    const channel = await connection.createChannel()
    channel.on('error', lost.reject)
    channel.on('close', () => lost.reject(new Error('the broker closed the channel')))
    await prepare(channel, options)
    const { consumerTag } = await channel.consume(options.queue, (message) => {
      if (message) onMessage(message)
      else lost.reject(new Error(`the broker removed the queue ${options.queue}`))
    })
    return {
      lost: lost.promise,
      ack: (message) => channel.ack(message),
      giveBack: (message) => channel.nack(message, false, true),
      cancel: () => atMost(CLOSE_MS, channel.cancel(consumerTag)),
      close: () => closeQuietly(connection),
    }
  } catch (error) {
    await closeQuietly(connection)
    throw error
  }
}

function connectTo({ url, tls, heartbeatSeconds }: Options): Promise<ChannelModel> {
  const address = new URL(url)
  address.searchParams.set('heartbeat', String(heartbeatSeconds))
  return connect(address.href, {
    ...(tls.ca === undefined ? {} : { ca: [tls.ca] }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key, credentials: credentials.external() }),
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { product: 'packit-service' },
  })
}

/** The queue outlives us: what is told while we are away waits there. Equal repeats change nothing. */
async function prepare(channel: Channel, { queue, topicPrefix }: Options): Promise<void> {
  await channel.prefetch(PREFETCH)
  await channel.checkExchange(EXCHANGE)
  await channel.assertQueue(queue, { durable: true, autoDelete: false, exclusive: false })
  for (const key of bindingKeys(topicPrefix)) await channel.bindQueue(queue, EXCHANGE, key)
}

/** A connection that is lost already can't be closed, and a broker that hangs does not answer. */
async function closeQuietly(connection: ChannelModel): Promise<void> {
  await atMost(CLOSE_MS, connection.close())
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const done = work.then(
    () => {},
    () => {},
  )
  await Promise.race([done, sleep(ms, undefined, { signal: over.signal }).catch(() => {})])
  over.abort()
}
