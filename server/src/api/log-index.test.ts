import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BLOCK_BYTES, LogIndexes } from './log-index.ts'

/** A log in memory that notes how much of it was read. */
function memoryLog() {
  let log = Buffer.alloc(0)
  const read: number[] = []
  return {
    read,
    write: (data: Buffer | string) => {
      log = Buffer.concat([log, Buffer.from(data as string)])
    },
    replace: (data: string) => {
      log = Buffer.from(data)
    },
    bytes: () => log,
    range: async (_key: string, start: number, length: number) => {
      const data = log.subarray(start, start + length)
      read.push(data.length)
      return { data, start, size: log.length }
    },
  }
}

/** The same by the plainest way. */
function expected(log: Buffer): number[] {
  const starts = [0]
  for (let at = 0; at < log.length; at++) if (log[at] === 0x0a) starts.push(at + 1)
  const blocks = Math.floor((log.length + 1) / BLOCK_BYTES) + 1
  return Array.from({ length: blocks }, (_, block) => starts.filter((start) => start < block * BLOCK_BYTES).length + 1)
}

test('a block is told by its first line, wherever lines and blocks meet', async () => {
  const log = memoryLog()
  const indexes = new LogIndexes(log)
  log.write(`${'x'.repeat(BLOCK_BYTES - 1)}\n${'y'.repeat(BLOCK_BYTES)}\n`)
  assert.deepEqual((await indexes.find('log'))?.firstLines, [1, 2, 3])
  for (let length = 1; length < 5000; length += 37) log.write(`${'z'.repeat(length)}\n`)
  log.write('the end has no newline')
  const found = await indexes.find('log')
  assert.deepEqual(found?.firstLines, expected(log.bytes()))
  assert.equal(found?.size, log.bytes().length)
})

test('a log that grows is read on where the last reader stopped, also by several at once', async () => {
  const log = memoryLog()
  const indexes = new LogIndexes(log)
  log.write('one line\n'.repeat(50_000))
  await Promise.all([indexes.find('log'), indexes.find('log')])
  assert.equal(
    log.read.reduce((sum, bytes) => sum + bytes, 0),
    450_000,
  )
  log.write('more\n'.repeat(30_000))
  assert.deepEqual((await indexes.find('log'))?.firstLines, expected(log.bytes()))
  assert.equal(
    log.read.reduce((sum, bytes) => sum + bytes, 0),
    600_000,
  )
})

test('a log that was begun anew is indexed anew; one that is not there has none', async () => {
  const log = memoryLog()
  const indexes = new LogIndexes(log)
  log.write('long\n'.repeat(100_000))
  await indexes.find('log')
  log.replace('short\n')
  assert.deepEqual(await indexes.find('log'), { size: 6, firstLines: [1] })
  assert.equal(await new LogIndexes({ range: async () => undefined }).find('none'), undefined)
})
