import type { Socket } from 'node:net'
import { FakeChannel } from './channel.ts'
import {
  decodeHeader,
  decodeMethod,
  encodeFrame,
  encodeHeader,
  encodeMethod,
  type Fields,
  FRAME,
  type Frame,
  type MethodName,
  takeFrames,
} from './codec.ts'
import type { FakeBroker } from './fake-broker.ts'
import { Refusal } from './refusal.ts'

const HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1')
const FRAME_MAX = 131_072

const SERVER_PROPERTIES = {
  product: 'FakeBroker',
  capabilities: { publisher_confirms: true, consumer_cancel_notify: true, 'basic.nack': true },
}

/** The broker's side of one connection. */
export class FakeConnection {
  readonly #broker: FakeBroker
  readonly #socket: Socket
  readonly #channels = new Map<number, FakeChannel>()
  #data: Buffer = Buffer.alloc(0)
  #begun = false
  #heartbeat: NodeJS.Timeout | undefined

  constructor(broker: FakeBroker, socket: Socket) {
    this.#broker = broker
    this.#socket = socket
    socket.on('data', (data) => this.#receive(data))
    socket.on('error', () => {})
    socket.on('close', () => this.#end())
  }

  /** As when a cable is cut. */
  drop(): void {
    this.#socket.destroy()
  }

  send(channel: number, name: MethodName, fields: Fields = {}): void {
    this.#write({ type: FRAME.method, channel, payload: encodeMethod(name, fields) })
  }

  sendContent(channel: number, content: Buffer, properties: Buffer): void {
    this.#write({ type: FRAME.header, channel, payload: encodeHeader(content.length, properties) })
    for (let at = 0; at < content.length; at += FRAME_MAX - 8) {
      this.#write({ type: FRAME.body, channel, payload: content.subarray(at, at + FRAME_MAX - 8) })
    }
  }

  #write(frame: Frame): void {
    if (!this.#broker.isFrozen && this.#socket.writable) this.#socket.write(encodeFrame(frame))
  }

  #end(): void {
    clearInterval(this.#heartbeat)
    for (const channel of this.#channels.values()) channel.end()
    this.#channels.clear()
    this.#broker.forget(this)
  }

  #receive(data: Buffer): void {
    if (this.#broker.isFrozen) return
    this.#data = Buffer.concat([this.#data, data])
    if (!this.#begun) {
      if (this.#data.length < HEADER.length) return
      if (!this.#data.subarray(0, HEADER.length).equals(HEADER)) return void this.#socket.end(HEADER)
      this.#data = this.#data.subarray(HEADER.length)
      this.#begun = true
      const mechanisms = this.#broker.mechanisms.join(' ')
      this.send(0, 'connection.start', { minor: 9, server: SERVER_PROPERTIES, mechanisms, locales: 'en_US' })
    }
    const { frames, rest } = takeFrames(this.#data)
    this.#data = rest
    for (const frame of frames) this.#handle(frame)
  }

  #handle({ type, channel, payload }: Frame): void {
    if (type === FRAME.header) this.#channels.get(channel)?.takeHeader(decodeHeader(payload))
    else if (type === FRAME.body) this.#channels.get(channel)?.takeBody(payload)
    else if (type === FRAME.method) this.#handleMethod(channel, payload)
  }

  #handleMethod(channel: number, payload: Buffer): void {
    const { name, fields } = decodeMethod(payload)
    try {
      if (channel === 0) this.#answer(name, fields)
      else this.#answerOn(channel, name, fields)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const on = error.closes === 'channel' ? channel : 0
      this.send(on, `${error.closes}.close`, { replyCode: error.code, replyText: error.message })
      if (error.closes === 'channel') this.#closeChannel(channel)
    }
  }

  #answer(name: MethodName, fields: Fields): void {
    if (name === 'connection.start-ok') {
      this.#broker.authenticate(String(fields.mechanism), String(fields.response), this.#socket)
      this.send(0, 'connection.tune', { channelMax: 2047, frameMax: FRAME_MAX, heartbeat: 60 })
    } else if (name === 'connection.tune-ok') this.#beat(Number(fields.heartbeat))
    else if (name === 'connection.open') this.#open(String(fields.virtualHost))
    else if (name === 'connection.close') {
      this.send(0, 'connection.close-ok')
      this.#socket.end()
    } else if (name === 'connection.close-ok') this.#socket.end()
  }

  #open(host: string): void {
    if (host !== this.#broker.virtualHost) throw new Refusal(530, `NOT_ALLOWED - vhost ${host} not found`, 'connection')
    this.send(0, 'connection.open-ok')
  }

  #beat(seconds: number): void {
    if (seconds === 0) return
    const beat = () => this.#write({ type: FRAME.heartbeat, channel: 0, payload: Buffer.alloc(0) })
    this.#heartbeat = setInterval(beat, (seconds * 1000) / 2)
  }

  #answerOn(number: number, name: MethodName, fields: Fields): void {
    if (name === 'channel.open') {
      this.#channels.set(number, new FakeChannel(this.#broker, this, number))
      this.send(number, 'channel.open-ok')
    } else if (name === 'channel.close') {
      this.#closeChannel(number)
      this.send(number, 'channel.close-ok')
    } else this.#channels.get(number)?.answer(name, fields)
  }

  #closeChannel(number: number): void {
    this.#channels.get(number)?.end()
    this.#channels.delete(number)
  }
}
