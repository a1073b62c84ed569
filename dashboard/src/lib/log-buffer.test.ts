import { expect, test } from 'vitest'
import { LogBuffer } from './log-buffer.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('lines that come in parts are put together', () => {
  const log = new LogBuffer()
  log.append(bytes('one\ntw'))
  expect([log.lineCount, log.line(2)]).toEqual([2, 'tw'])
  log.append(bytes('o\n'))
  expect([log.lineCount, log.line(2), log.line(3)]).toEqual([2, 'two', ''])
  expect(log.offset).toBe(8)
})

test('a letter that is cut between two parts is whole again', () => {
  const log = new LogBuffer()
  const [first, rest] = [bytes('Grü').slice(0, 3), bytes('Grü').slice(3)]
  log.append(first)
  log.append(rest)
  expect(log.line(1)).toBe('Grü')
})

test('an empty log has no lines', () => {
  const log = new LogBuffer()
  log.append(new Uint8Array())
  expect(log.lineCount).toBe(0)
})

test('a text is found in any case, in the open last line too', () => {
  const log = new LogBuffer()
  log.append(bytes('error: a\nfine\nERROR: b'))
  expect(log.find('Error')).toEqual([1, 3])
  expect(log.find('')).toEqual([])
  expect(log.find('e', 1)).toEqual([1])
})
