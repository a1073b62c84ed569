import { type Classes, classOf, literal } from './classes.ts'
import type { Reader } from './reader.ts'

/**
 * A set `[…]` in JavaScript's syntax for the flag `v`.
 *
 * @throws {PatternError} for a set without end or a range the wrong way round
 */
export function parseSet(reader: Reader, classes: Classes): string {
  const start = reader.at
  reader.take()
  const negated = reader.skip('^')
  const items: string[] = []
  // a "]" that comes first is one of its characters
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.done) reader.fail('the set lacks its "]"', start)
    items.push(parseItem(reader, classes, start))
  }
  reader.take()
  return `[${negated ? '^' : ''}${items.join('')}]`
}

function parseItem(reader: Reader, classes: Classes, start: number): string {
  const at = reader.at
  const from = parseMember(reader, classes)
  if (reader.peek() !== '-') return shown(from)
  reader.take()
  if (reader.done) reader.fail('the set lacks its "]"', start)
  if (reader.peek() === ']') return `${shown(from)}${literal(0x2d)}`
  const to = parseMember(reader, classes)
  const range = reader.source.slice(at, reader.at)
  if (typeof from === 'string' || typeof to === 'string')
    return reader.fail(`"${range}" is no range: its ends must be characters`, at)
  if (from > to) reader.fail(`the range "${range}" is the wrong way round`, at)
  return `${literal(from)}-${literal(to)}`
}

/** A character's code, or a class. */
function parseMember(reader: Reader, classes: Classes): number | string {
  const at = reader.at
  const char = reader.take()
  if (char !== '\\') return char.codePointAt(0) ?? 0
  const code = reader.escapedCode(true)
  if (code !== undefined) return code
  const letter = reader.take()
  return classOf(letter, classes) ?? reader.fail(`Python does not know the escape \\${letter} in a set`, at)
}

function shown(member: number | string): string {
  return typeof member === 'number' ? literal(member) : member
}
