import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeData, encodeMessage, FRAME_BYTES, FrameReader, ProtocolError } from './frames.ts'

/** Feeds bytes in pieces of the given sizes, the last of which is used to the end. */
function read(bytes: Buffer, sizes: readonly number[]) {
  const reader = new FrameReader()
  const frames = []
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? bytes.length)
    frames.push(...reader.push(bytes.subarray(start, start + size)))
    start += size
  }
  return { frames, incomplete: reader.incomplete }
}

test('frames come out as they went in, however the stream cuts them', () => {
  const frame = fc.oneof(
    fc
      .jsonValue({ maxDepth: 5 })
      .map((value) => ({ bytes: encodeMessage(value), expected: { kind: 'message', value } })),
    fc.uint8Array({ maxLength: 300 }).map((data) => {
      const bytes = Buffer.from(data)
      return { bytes: encodeData(bytes), expected: { kind: 'data', bytes } }
    }),
  )
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 50 })), (frames, sizes) => {
      const { frames: found, incomplete } = read(Buffer.concat(frames.map(({ bytes }) => bytes)), sizes)
      assert.deepEqual(JSON.stringify(found), JSON.stringify(frames.map(({ expected }) => expected)))
      assert.equal(incomplete, false)
    }),
  )
})

test('any other bytes are refused or waited for, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.integer({ min: 1, max: 100 })), (bytes, sizes) => {
      try {
        read(Buffer.from(bytes), sizes)
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a frame that says it is larger than allowed is refused before it has come', () => {
  const reader = new FrameReader()
  const start = Buffer.alloc(5)
  start.writeUInt8(0x4a, 0)
  start.writeUInt32BE(FRAME_BYTES.message + 1, 1)

  assert.throws(() => [...reader.push(start)], /a frame of 4194305 bytes; at most 4194304 are allowed/)
})

test('a message of ours that is too large is not sent', () => {
  assert.throws(() => encodeMessage('x'.repeat(FRAME_BYTES.message)), ProtocolError)
})

test('brackets in texts do not count as nesting', () => {
  const text = { text: '[{"'.repeat(1_000) }
  assert.deepEqual([...new FrameReader().push(encodeMessage(text))], [{ kind: 'message', value: text }])
})
