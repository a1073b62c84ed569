import { ASCII, type Classes, classOf, literal, UNICODE, wordBorder } from './classes.ts'
import { Reader } from './reader.ts'
import { parseSet } from './set.ts'

/** A part of a pattern in JavaScript's syntax, and how many characters it matches at least and at most. */
interface Part {
  js: string
  min: number
  max: number
  /** What can't be repeated: an anchor, or nothing at all. */
  fixed?: boolean
}

interface Flags {
  multiline: boolean
  dotAll: boolean
  verbose: boolean
  classes: Classes
}

const MAX_REPEATS = 1000
const MAX_DEPTH = 50
const START = '(?<![\\s\\S])'
const END = '(?![\\s\\S])'
const NOTHING: Part = { js: '', min: 0, max: 0 }

/**
 * Reads a pattern in the syntax of Python's `re` (3.11) and writes it in JavaScript's, for the flag `v`.
 *
 * @throws {PatternError} with the place
 */
export function parsePattern(source: string): { js: string; ignoreCase: boolean } {
  return new Parser(source).parse()
}

class Parser {
  readonly #reader: Reader
  readonly #names = new Map<string, number>()
  /** Width of each group; undefined while it is open. */
  readonly #groups: (Part | undefined)[] = [undefined]
  #flags: Flags = { multiline: false, dotAll: false, verbose: false, classes: UNICODE }
  #depth = 0

  constructor(source: string) {
    this.#reader = new Reader(source)
  }

  parse(): { js: string; ignoreCase: boolean } {
    const reader = this.#reader
    let ignoreCase = false
    for (let flags = reader.match(/\(\?([a-zA-Z]+)\)/y); flags; flags = reader.match(/\(\?([a-zA-Z]+)\)/y)) {
      ignoreCase ||= this.#setFlags(flags[1] ?? '', '').ignoreCase === true
    }
    const { js } = this.#alternatives()
    if (!reader.done) reader.fail('there is a ")" too many')
    return { js, ignoreCase }
  }

  #alternatives(): Part {
    const parts = [this.#sequence()]
    while (this.#reader.skip('|')) parts.push(this.#sequence())
    const min = Math.min(...parts.map((part) => part.min))
    return { js: parts.map((part) => part.js).join('|'), min, max: Math.max(...parts.map((part) => part.max)) }
  }

  #sequence(): Part {
    const whole = { ...NOTHING }
    for (;;) {
      this.#skipSpace()
      if (this.#reader.done || this.#reader.peek() === '|' || this.#reader.peek() === ')') return whole
      const part = this.#repeated()
      whole.js += part.js
      whole.min += part.min
      whole.max += part.max
    }
  }

  #skipSpace(): void {
    if (this.#flags.verbose) this.#reader.match(/(?:\s|#[^\n]*(?:\n|$))*/y)
  }

  #repeated(): Part {
    const reader = this.#reader
    const start = reader.at
    if (this.#count()) reader.fail('there is nothing to repeat', start)
    const part = this.#item()
    this.#skipSpace()
    const at = reader.at
    const count = this.#count()
    if (!count) return part
    if (part.fixed) reader.fail('there is nothing to repeat', at)
    const lazy = reader.skip('?') ? '?' : ''
    if (!lazy && reader.peek() === '+')
      reader.fail('possessive repeats ("*+", "++", "?+", "{…}+") are not supported; leave out the "+"')
    this.#skipSpace()
    const again = reader.at
    if (this.#count()) reader.fail('something is repeated twice; put it into a group "(?:…)"', again)
    const [low, high] = count
    const times = high === Number.POSITIVE_INFINITY ? `{${low},}` : `{${low},${high}}`
    const max = part.max === 0 ? 0 : part.max * high
    return { js: `(?:${part.js})${times}${lazy}`, min: part.min * low, max }
  }

  /** Reads a repeat count, if one comes. */
  #count(): [number, number] | undefined {
    const reader = this.#reader
    if (reader.skip('*')) return [0, Number.POSITIVE_INFINITY]
    if (reader.skip('+')) return [1, Number.POSITIVE_INFINITY]
    if (reader.skip('?')) return [0, 1]
    const at = reader.at
    // "{}" and braces around anything else are literal characters
    const braces = reader.match(/\{(?:(\d+)|(\d*),(\d*))\}/y)
    if (!braces) return undefined
    const low = Number(braces[1] ?? (braces[2] || 0))
    const high = braces[1] !== undefined ? low : braces[3] ? Number(braces[3]) : Number.POSITIVE_INFINITY
    if (high < low) reader.fail(`it repeats at least ${low} and at most ${high} times`, at)
    if (low > MAX_REPEATS || (high > MAX_REPEATS && high !== Number.POSITIVE_INFINITY)) {
      reader.fail(`it repeats more than ${MAX_REPEATS} times`, at)
    }
    return [low, high]
  }

  #item(): Part {
    const reader = this.#reader
    const { multiline, dotAll, classes } = this.#flags
    switch (reader.peek()) {
      case '(':
        return this.#group()
      case '[':
        return { js: parseSet(reader, classes), min: 1, max: 1 }
      case '\\':
        return this.#escape()
    }
    const char = reader.take()
    if (char === '.') return { js: dotAll ? '[\\s\\S]' : '[^\\n]', min: 1, max: 1 }
    if (char === '^') return { js: multiline ? '(?<![^\\n])' : START, min: 0, max: 0, fixed: true }
    // without "m" it matches before a newline at the end, too
    if (char === '$') return { js: multiline ? '(?![^\\n])' : `(?=\\n?${END})`, min: 0, max: 0, fixed: true }
    return { js: literal(char.codePointAt(0) ?? 0), min: 1, max: 1 }
  }

  #escape(): Part {
    const reader = this.#reader
    const start = reader.at
    reader.take()
    const code = reader.escapedCode(false)
    if (code !== undefined) return { js: literal(code), min: 1, max: 1 }
    const number = reader.match(/[1-9]\d?/y)
    if (number) return this.#reference(Number(number[0]), start)
    const letter = reader.take()
    const { classes } = this.#flags
    const set = classOf(letter, classes)
    if (set) return { js: set, min: 1, max: 1 }
    if (letter === 'b' || letter === 'B') return { js: wordBorder(letter, classes), min: 0, max: 0, fixed: true }
    if (letter === 'A') return { js: START, min: 0, max: 0, fixed: true }
    if (letter === 'Z') return { js: END, min: 0, max: 0, fixed: true }
    return reader.fail(`Python does not know the escape \\${letter}`, start)
  }

  #reference(number: number, start: number): Part {
    if (number >= this.#groups.length) this.#reader.fail(`there is no group ${number} before it`, start)
    const group = this.#groups[number]
    if (!group) return this.#reader.fail(`group ${number} refers to itself`, start)
    return { js: `(?:\\${number})`, min: group.min, max: group.max }
  }

  #group(): Part {
    const reader = this.#reader
    const start = reader.at
    if (++this.#depth > MAX_DEPTH) reader.fail(`it has more than ${MAX_DEPTH} groups inside each other`)
    reader.take()
    const part = reader.skip('?') ? this.#special(start) : this.#capture('', start)
    this.#depth--
    return part
  }

  #special(start: number): Part {
    const reader = this.#reader
    if (reader.skip('#')) return this.#comment(start)
    if (reader.skip(':')) return this.#inside('(?:', start)
    if (reader.skip('P<')) return this.#capture(this.#newName(), start)
    if (reader.skip('P=')) return this.#named(start)
    if (reader.skip('=') || reader.skip('!'))
      return { ...this.#inside(`(?${reader.source[reader.at - 1]}`, start), min: 0, max: 0 }
    if (reader.skip('<=') || reader.skip('<!')) return this.#lookBehind(reader.source[reader.at - 1] ?? '', start)
    if (reader.skip('>')) reader.fail('atomic groups "(?>…)" are not supported; use "(?:…)"', start)
    if (reader.skip('(')) reader.fail('conditions "(?(…)…)" are not supported; use "|"', start)
    if (reader.skip('<')) reader.fail('groups are named as in Python: "(?P<name>…)"', start)
    const flags = reader.match(/([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y)
    if (flags) return this.#scoped(flags[1] ?? '', flags[2] ?? '', start)
    if (reader.match(/[a-zA-Z]+\)/y)) reader.fail('flags for the whole pattern have to be at its start', start)
    return reader.fail(`"(?${reader.peek()}" is unknown`, start)
  }

  #comment(start: number): Part {
    if (!this.#reader.match(/[^)]*\)/y)) this.#reader.fail('the comment lacks its ")"', start)
    return { ...NOTHING, fixed: true }
  }

  #inside(open: string, start: number): Part {
    const outside = this.#flags
    const part = this.#alternatives()
    this.#flags = outside
    if (!this.#reader.skip(')')) this.#reader.fail('the group lacks its ")"', start)
    return { js: `${open}${part.js})`, min: part.min, max: part.max }
  }

  #capture(name: string, start: number): Part {
    const number = this.#groups.push(undefined) - 1
    if (name) this.#names.set(name, number)
    const part = this.#inside(name ? `(?<${name}>` : '(', start)
    this.#groups[number] = part
    return part
  }

  #newName(): string {
    const reader = this.#reader
    const start = reader.at
    const name = reader.match(/([\p{ID_Start}_][\p{ID_Continue}]*)>/uy)?.[1]
    if (!name) return reader.fail('a group\'s name is a letter or "_", then letters, digits or "_", then ">"', start)
    if (this.#names.has(name)) reader.fail(`there are two groups named "${name}"`, start)
    return name
  }

  #named(start: number): Part {
    const name = this.#reader.match(/([^)]*)\)/y)?.[1] ?? ''
    const number = this.#names.get(name)
    return number === undefined
      ? this.#reader.fail(`there is no group named "${name}" before it`, start)
      : this.#reference(number, start)
  }

  #lookBehind(sign: string, start: number): Part {
    const part = this.#inside(`(?<${sign}`, start)
    if (part.min !== part.max) this.#reader.fail('what is looked for behind must have a fixed length', start)
    return { ...part, min: 0, max: 0 }
  }

  #scoped(on: string, off: string, start: number): Part {
    const outside = this.#flags
    const { ignoreCase } = this.#setFlags(on, off)
    const modifier = ignoreCase === undefined ? '' : ignoreCase ? 'i' : '-i'
    const part = this.#inside(`(?${modifier}:`, start)
    this.#flags = outside
    return part
  }

  #setFlags(on: string, off: string): { ignoreCase?: boolean } {
    const wrong = /[^aimsux]/.exec(on) ?? /[^imsx]/.exec(off)
    if (wrong) this.#reader.fail(wrong[0] === 'L' ? 'the flag "L" is for bytes' : `the flag "${wrong[0]}" is unknown`)
    const set = (flag: string, before: boolean) => (on.includes(flag) ? true : off.includes(flag) ? false : before)
    const { multiline, dotAll, verbose, classes } = this.#flags
    this.#flags = {
      multiline: set('m', multiline),
      dotAll: set('s', dotAll),
      verbose: set('x', verbose),
      classes: on.includes('a') ? ASCII : on.includes('u') ? UNICODE : classes,
    }
    if (on.includes('i')) return { ignoreCase: true }
    return off.includes('i') ? { ignoreCase: false } : {}
  }
}
