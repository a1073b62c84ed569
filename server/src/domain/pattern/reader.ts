import { PatternError } from './pattern-error.ts'

const SIMPLE: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }

/** Reads a pattern character by character; knows the escapes that are the same everywhere. */
export class Reader {
  readonly source: string
  at = 0

  constructor(source: string) {
    this.source = source
  }

  get done(): boolean {
    return this.at >= this.source.length
  }

  /** The next character, whole also where it has two code units; empty at the end. */
  peek(): string {
    return String.fromCodePoint(this.source.codePointAt(this.at) ?? 0).slice(0, this.done ? 0 : 2)
  }

  take(): string {
    const char = this.peek()
    this.at += char.length
    return char
  }

  /** Goes on behind `text` if it comes next. */
  skip(text: string): boolean {
    const found = this.source.startsWith(text, this.at)
    if (found) this.at += text.length
    return found
  }

  /** Takes what fits a sticky pattern. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)
    if (found) this.at += found[0].length
    return found
  }

  /** @throws {PatternError} always */
  fail(problem: string, position = this.at): never {
    throw new PatternError(problem, this.source, position)
  }

  /**
   * The character an escape stands for, behind its backslash; undefined for what means something else (`\d`, `\1`, `\b`), which is
   * then still to be read.
   */
  escapedCode(inSet: boolean): number | undefined {
    const start = this.at - 1
    if (this.done) return this.fail('it ends with a backslash', start)
    const hex = this.match(/x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y)
    if (hex) return this.#checked(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16), start)
    if (/[xuU]/.test(this.peek())) return this.fail(`the escape \\${this.peek()} lacks digits`, start)
    const octal = this.match(inSet ? /[0-3][0-7]{0,2}|[4-7][0-7]?/y : /0[0-7]{0,2}|[1-3][0-7]{2}/y)
    if (octal) return Number.parseInt(octal[0], 8)
    if (this.peek() === 'N') return this.fail("characters can't be given by name here; use \\uXXXX", start)
    if (inSet && this.skip('b')) return 8
    const simple = SIMPLE[this.peek()]
    if (simple !== undefined) this.take()
    else if (/[A-Za-z0-9]/.test(this.peek())) return undefined
    return simple ?? this.take().codePointAt(0)
  }

  #checked(code: number, start: number): number {
    return code > 0x10ffff ? this.fail('there is no such character', start) : code
  }
}
