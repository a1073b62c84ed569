/**
 * How the sandboxed program and the host talk: frames of one byte for the kind, four bytes for the length (big endian),
 * and the payload. What comes from inside is hostile; every bound below is there for that.
 */

/** The largest message, and the largest piece of a file, in bytes. */
export const FRAME_BYTES = { message: 4 * 1024 * 1024, data: 256 * 1024 } as const
/** JSON deeper than this is refused: what walks it later may be recursive. */
const MAX_DEPTH = 64
const HEADER_BYTES = 5
const KINDS = { message: 0x4a, data: 0x44 } as const

export type Frame = { kind: 'message'; value: unknown } | { kind: 'data'; bytes: Buffer }

/** The other side did not keep to the protocol. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

/** One message as a frame. Throws `ProtocolError` when it is larger than a frame may be. */
export function encodeMessage(value: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(value) ?? 'null')
  if (payload.length > FRAME_BYTES.message) {
    throw new ProtocolError(`a message of ${payload.length} bytes; at most ${FRAME_BYTES.message} are allowed`)
  }
  return Buffer.concat([header(KINDS.message, payload.length), payload])
}

/** A piece of a file as a frame; the caller cuts it to `FRAME_BYTES.data`. */
export function encodeData(bytes: Buffer): Buffer {
  return Buffer.concat([header(KINDS.data, bytes.length), bytes])
}

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeUInt8(kind, 0)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

/** Puts the frames of a stream together again; holds at most one frame and one chunk. */
export class FrameReader {
  private chunks: Buffer[] = []
  private held = 0

  /** Whether the stream stopped in the middle of a frame. */
  get incomplete(): boolean {
    return this.held > 0
  }

  /**
   * The frames that are complete now.
   *
   * @throws {ProtocolError} for an unknown kind, a length over the bound, or a message that isn't JSON
   */
  *push(chunk: Buffer): Generator<Frame> {
    this.chunks.push(chunk)
    this.held += chunk.length
    for (;;) {
      const start = this.peek(HEADER_BYTES)
      if (!start) return
      const length = checkHeader(start)
      if (this.held < HEADER_BYTES + length) return
      const frame = this.peek(HEADER_BYTES + length) as Buffer
      this.drop(HEADER_BYTES + length)
      yield decode(frame)
    }
  }

  private peek(length: number): Buffer | undefined {
    if (this.held < length) return undefined
    const [first] = this.chunks
    if (first && first.length >= length) return first.subarray(0, length)
    const joined = Buffer.concat(this.chunks)
    this.chunks = [joined]
    return joined.subarray(0, length)
  }

  private drop(length: number): void {
    const [first] = this.chunks
    this.held -= length
    // peek() has joined what the frame spans, so it lies in the first chunk
    if (first && first.length > length) this.chunks[0] = first.subarray(length)
    else this.chunks.shift()
  }
}

function checkHeader(bytes: Buffer): number {
  const kind = bytes.readUInt8(0)
  const length = bytes.readUInt32BE(1)
  const limit = kind === KINDS.message ? FRAME_BYTES.message : kind === KINDS.data ? FRAME_BYTES.data : undefined
  if (limit === undefined) throw new ProtocolError(`a frame of the unknown kind ${kind}`)
  if (length > limit) throw new ProtocolError(`a frame of ${length} bytes; at most ${limit} are allowed`)
  return length
}

function decode(frame: Buffer): Frame {
  const payload = frame.subarray(HEADER_BYTES)
  if (frame.readUInt8(0) === KINDS.data) return { kind: 'data', bytes: payload }
  if (depthOf(payload) > MAX_DEPTH) throw new ProtocolError(`a message nested deeper than ${MAX_DEPTH}`)
  try {
    return { kind: 'message', value: JSON.parse(payload.toString()) }
  } catch {
    throw new ProtocolError('a message that is not JSON')
  }
}

/** How deep brackets nest outside of strings. */
function depthOf(json: Buffer): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return deepest
}
