import { expect, test } from 'vitest'
import { BLOCK_BYTES, cutLines, LogStore, type Part } from './log-store.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

test('lines and letters may be cut anywhere', () => {
  const store = new LogStore()
  const bytes = bytesOf('grün\nein Wört')
  for (const byte of bytes) store.append(Uint8Array.of(byte))
  expect([store.lineCount, store.line(1), store.line(2)]).toEqual([2, 'grün', 'ein Wört'])
  store.append(bytesOf('chen\n\n'))
  expect([store.lineCount, store.line(2), store.line(3), store.line(4)]).toEqual([3, 'ein Wörtchen', '', ''])
  expect(store.offset).toBe(bytes.length + 6)
})

/** A log whose lines have all kinds of lengths, some longer than a block. */
function bigLog(lines: number): string[] {
  return Array.from({ length: lines }, (_, i) =>
    i % 997 === 500 ? `${i} ${'long '.repeat(30_000)}` : `${i} ${'ü'.repeat((i * 31) % 160)}`,
  )
}

/** The index as the service makes it. */
function indexOf(bytes: Uint8Array): number[] {
  const first = [1]
  let newlines = 0
  for (let at = 0; at <= bytes.length; at++) {
    if ((at + 1) % BLOCK_BYTES === 0) first.push(newlines + 2)
    if (bytes[at] === 10) newlines++
  }
  return first
}

function fetchAll(store: LogStore, bytes: Uint8Array, first: number, last: number): Part[] {
  const parts: Part[] = []
  for (let part = store.missing(first, last); part; part = store.missing(first, last)) {
    parts.push(part)
    store.put(part, bytes.subarray(part.from, part.to))
    if (parts.length > 100) throw new Error('it never ends')
  }
  return parts
}

test('a log that was read from the end on gives every line, and only what is looked at is fetched', () => {
  const lines = bigLog(5_000)
  const bytes = bytesOf(`${lines.join('\n')}\n`)
  const store = new LogStore()
  store.jump({ firstLines: indexOf(bytes) })
  store.append(bytes.subarray(store.offset))
  expect(store.lineCount).toBe(5_000)
  for (const number of [1, 2, 501, 502, 1_499, 2_500, 3_000, 4_990, 5_000]) {
    expect(fetchAll(store, bytes, number, Math.min(5_000, number + 40)).length).toBeLessThan(7)
    expect(store.line(number)?.slice(0, 1_000)).toBe(lines[number - 1]?.slice(0, 1_000))
  }
})

test('a log that was read from its beginning has the same index as one that the service made', () => {
  const lines = bigLog(2_000)
  const bytes = bytesOf(lines.join('\n'))
  const store = new LogStore()
  for (let at = 0; at < bytes.length; at += 10_007) store.append(bytes.subarray(at, at + 10_007))
  const index = indexOf(bytes)
  expect(store.blockCount).toBe(index.length)
  expect(index.map((_, block) => store.firstLine(block))).toEqual(index)
  for (let number = 1; number <= 2_000; number++)
    expect(store.line(number)?.slice(0, 1_000)).toBe(lines[number - 1]?.slice(0, 1_000))
})

test('what nobody looks at is forgotten, and fetched again when it is wanted', () => {
  const lines = Array.from({ length: 400_000 }, (_, i) => `gcc -O2 -c a-file-with-a-name-${i + 1}.c`)
  const bytes = bytesOf(`${lines.join('\n')}\n`)
  const store = new LogStore()
  for (let at = 0; at < bytes.length; at += 1_000_003) store.append(bytes.subarray(at, at + 1_000_003))
  expect(store.line(1)).toBeUndefined()
  expect(store.line(400_000)).toBe(lines[399_999])
  expect(fetchAll(store, bytes, 1, 60)).toHaveLength(1)
  expect([store.line(1), store.line(60)]).toEqual([lines[0], lines[59]])
})

test('a line that never ends does not grow without end', () => {
  const store = new LogStore()
  for (let i = 0; i < 100; i++) store.append(bytesOf('x'.repeat(10_000)))
  expect(store.lineCount).toBe(1)
  expect(store.line(1)?.length).toBeLessThan(30_000)
})

test('a part begins with its first whole line', () => {
  expect(cutLines(bytesOf('\na\nb'), true)).toEqual(['a', 'b'])
  expect(cutLines(bytesOf('xyz\na\n'), true)).toEqual(['a', ''])
  expect(cutLines(bytesOf('xyz'), true)).toEqual([])
  expect(cutLines(bytesOf('a\nb'), false)).toEqual(['a', 'b'])
})
