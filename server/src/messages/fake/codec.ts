/** The part of AMQP 0-9-1 that the fake broker speaks, by https://www.rabbitmq.com/resources/specs/amqp0-9-1.xml. */

type Kind = 'octet' | 'short' | 'long' | 'longlong' | 'shortstr' | 'longstr' | 'bit' | 'table'
export type Value = number | string | boolean | object
export type Fields = Record<string, Value>

type Spec = readonly [classId: number, methodId: number, fields: Record<string, Kind>]

const CLOSE = { replyCode: 'short', replyText: 'shortstr', classId: 'short', methodId: 'short' } as const
const TUNE = { channelMax: 'short', frameMax: 'long', heartbeat: 'short' } as const

const METHODS = {
  'connection.start': [
    10,
    10,
    { major: 'octet', minor: 'octet', server: 'table', mechanisms: 'longstr', locales: 'longstr' },
  ],
  'connection.start-ok': [10, 11, { client: 'table', mechanism: 'shortstr', response: 'longstr', locale: 'shortstr' }],
  'connection.tune': [10, 30, TUNE],
  'connection.tune-ok': [10, 31, TUNE],
  'connection.open': [10, 40, { virtualHost: 'shortstr', reserved1: 'shortstr', reserved2: 'bit' }],
  'connection.open-ok': [10, 41, { reserved1: 'shortstr' }],
  'connection.close': [10, 50, CLOSE],
  'connection.close-ok': [10, 51, {}],
  'channel.open': [20, 10, { reserved1: 'shortstr' }],
  'channel.open-ok': [20, 11, { reserved1: 'longstr' }],
  'channel.close': [20, 40, CLOSE],
  'channel.close-ok': [20, 41, {}],
  'exchange.declare': [
    40,
    10,
    {
      reserved1: 'short',
      exchange: 'shortstr',
      type: 'shortstr',
      passive: 'bit',
      durable: 'bit',
      autoDelete: 'bit',
      internal: 'bit',
      noWait: 'bit',
      arguments: 'table',
    },
  ],
  'exchange.declare-ok': [40, 11, {}],
  'queue.declare': [
    50,
    10,
    {
      reserved1: 'short',
      queue: 'shortstr',
      passive: 'bit',
      durable: 'bit',
      exclusive: 'bit',
      autoDelete: 'bit',
      noWait: 'bit',
      arguments: 'table',
    },
  ],
  'queue.declare-ok': [50, 11, { queue: 'shortstr', messageCount: 'long', consumerCount: 'long' }],
  'queue.bind': [
    50,
    20,
    {
      reserved1: 'short',
      queue: 'shortstr',
      exchange: 'shortstr',
      routingKey: 'shortstr',
      noWait: 'bit',
      arguments: 'table',
    },
  ],
  'queue.bind-ok': [50, 21, {}],
  'queue.delete': [50, 40, { reserved1: 'short', queue: 'shortstr', ifUnused: 'bit', ifEmpty: 'bit', noWait: 'bit' }],
  'queue.delete-ok': [50, 41, { messageCount: 'long' }],
  'basic.qos': [60, 10, { prefetchSize: 'long', prefetchCount: 'short', global: 'bit' }],
  'basic.qos-ok': [60, 11, {}],
  'basic.consume': [
    60,
    20,
    {
      reserved1: 'short',
      queue: 'shortstr',
      consumerTag: 'shortstr',
      noLocal: 'bit',
      noAck: 'bit',
      exclusive: 'bit',
      noWait: 'bit',
      arguments: 'table',
    },
  ],
  'basic.consume-ok': [60, 21, { consumerTag: 'shortstr' }],
  'basic.cancel': [60, 30, { consumerTag: 'shortstr', noWait: 'bit' }],
  'basic.cancel-ok': [60, 31, { consumerTag: 'shortstr' }],
  'basic.publish': [
    60,
    40,
    { reserved1: 'short', exchange: 'shortstr', routingKey: 'shortstr', mandatory: 'bit', immediate: 'bit' },
  ],
  'basic.deliver': [
    60,
    60,
    {
      consumerTag: 'shortstr',
      deliveryTag: 'longlong',
      redelivered: 'bit',
      exchange: 'shortstr',
      routingKey: 'shortstr',
    },
  ],
  'basic.ack': [60, 80, { deliveryTag: 'longlong', multiple: 'bit' }],
  'basic.reject': [60, 90, { deliveryTag: 'longlong', requeue: 'bit' }],
  'basic.nack': [60, 120, { deliveryTag: 'longlong', multiple: 'bit', requeue: 'bit' }],
  'confirm.select': [85, 10, { noWait: 'bit' }],
  'confirm.select-ok': [85, 11, {}],
} as const satisfies Record<string, Spec>

export type MethodName = keyof typeof METHODS

export const FRAME = { method: 1, header: 2, body: 3, heartbeat: 8 } as const
const FRAME_END = 0xce

export interface Frame {
  type: number
  channel: number
  payload: Buffer
}

export function encodeFrame({ type, channel, payload }: Frame): Buffer {
  const head = Buffer.alloc(7)
  head.writeUInt8(type, 0)
  head.writeUInt16BE(channel, 1)
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, Buffer.from([FRAME_END])])
}

/** The whole frames at the start of what has come so far, and the rest. */
export function takeFrames(data: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let at = 0
  while (data.length - at >= 8) {
    const end = at + 7 + data.readUInt32BE(at + 3)
    if (data.length <= end) break
    if (data[end] !== FRAME_END) throw new Error('a frame does not end where it should')
    frames.push({ type: data.readUInt8(at), channel: data.readUInt16BE(at + 1), payload: data.subarray(at + 7, end) })
    at = end + 1
  }
  return { frames, rest: data.subarray(at) }
}

export function encodeMethod(name: MethodName, fields: Fields): Buffer {
  const [classId, methodId, kinds]: Spec = METHODS[name]
  const parts = [shorts(classId, methodId)]
  let bits = 0
  for (const [field, kind] of Object.entries(kinds)) {
    if (kind !== 'bit') {
      bits = 0
      parts.push(encodeField(kind, fields[field] ?? (kind.endsWith('str') ? '' : 0)))
      continue
    }
    const byte = bits === 0 ? Buffer.alloc(1) : (parts.at(-1) ?? Buffer.alloc(1))
    if (fields[field]) byte.writeUInt8(byte.readUInt8(0) | (1 << bits), 0)
    if (bits === 0) parts.push(byte)
    bits += 1
  }
  return Buffer.concat(parts)
}

export function decodeMethod(payload: Buffer): { name: MethodName; fields: Fields } {
  const ids = [payload.readUInt16BE(0), payload.readUInt16BE(2)]
  const found = Object.entries(METHODS).find(([, [classId, methodId]]) => classId === ids[0] && methodId === ids[1])
  if (!found) throw new Error(`the fake broker does not know the method ${ids.join('.')}`)
  const fields: Fields = {}
  let at = 4
  let bits = 0
  for (const [field, kind] of Object.entries<Kind>(found[1][2])) {
    if (kind === 'bit') {
      fields[field] = (payload.readUInt8(bits === 0 ? at++ : at - 1) & (1 << bits)) !== 0
      bits += 1
      continue
    }
    bits = 0
    const { value, bytes } = decodeField(kind, payload.subarray(at))
    fields[field] = value
    at += bytes
  }
  return { name: found[0] as MethodName, fields }
}

/** Properties of a message that is JSON, as the payload of a header frame without its size. */
export const JSON_PROPERTIES = Buffer.concat([shorts(0x8000), shortString('application/json')])

/** The properties are kept as they came: nobody here looks into them. */
export function encodeHeader(bodyBytes: number, properties: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(bodyBytes))
  return Buffer.concat([shorts(60, 0), size, properties])
}

export function decodeHeader(payload: Buffer): { bodyBytes: number; properties: Buffer } {
  return { bodyBytes: Number(payload.readBigUInt64BE(4)), properties: payload.subarray(12) }
}

function encodeField(kind: Exclude<Kind, 'bit'>, value: Value): Buffer {
  if (kind === 'shortstr') return shortString(String(value))
  if (kind === 'longstr') return longString(Buffer.from(String(value)))
  if (kind === 'table') return encodeTable(Object(value))
  const bytes = { octet: 1, short: 2, long: 4, longlong: 8 }[kind]
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64BE(BigInt(Number(value)))
  return buffer.subarray(8 - bytes)
}

function decodeField(kind: Exclude<Kind, 'bit'>, data: Buffer): { value: Value; bytes: number } {
  if (kind === 'shortstr') {
    const length = data.readUInt8(0)
    return { value: data.toString('utf8', 1, 1 + length), bytes: 1 + length }
  }
  if (kind === 'longstr' || kind === 'table') {
    const length = data.readUInt32BE(0)
    // nobody here looks into the tables of clients
    return { value: kind === 'table' ? {} : data.toString('utf8', 4, 4 + length), bytes: 4 + length }
  }
  const bytes = { octet: 1, short: 2, long: 4, longlong: 8 }[kind]
  return { value: bytes === 8 ? Number(data.readBigUInt64BE(0)) : data.readUIntBE(0, bytes), bytes }
}

/** Tables of texts, flags and tables. */
function encodeTable(table: Record<string, unknown>): Buffer {
  const entries = Object.entries(table).map(([name, value]) => {
    if (typeof value === 'boolean') return Buffer.concat([shortString(name), Buffer.from('t'), Buffer.from([+value])])
    if (typeof value === 'string') {
      return Buffer.concat([shortString(name), Buffer.from('S'), longString(Buffer.from(value))])
    }
    return Buffer.concat([shortString(name), Buffer.from('F'), encodeTable(Object(value))])
  })
  return longString(Buffer.concat(entries))
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function longString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function shorts(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => void buffer.writeUInt16BE(value, i * 2))
  return buffer
}
