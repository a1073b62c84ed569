/** The classes of Python's `re` for texts: all of Unicode, unless the flag `a` is set. */
export interface Classes {
  /** Items of a JavaScript class (flag `v`), without its brackets. */
  d: string
  w: string
  s: string
}

export const UNICODE: Classes = { d: '\\p{Nd}', w: '\\p{L}\\p{N}_', s: '\\t-\\r\\x1c-\\x20\\x85\\p{Z}' }
export const ASCII: Classes = { d: '0-9', w: 'a-zA-Z0-9_', s: '\\t-\\r\\x20' }

/** A character as itself, inside of a class or outside. */
export function literal(code: number): string {
  const char = String.fromCodePoint(code)
  return /[A-Za-z0-9_]/.test(char) ? char : `\\u{${code.toString(16)}}`
}

/** `\d`, `\W` … as a class; undefined for other letters. */
export function classOf(letter: string, classes: Classes): string | undefined {
  if (letter === 'd' || letter === 'w' || letter === 's') return `[${classes[letter]}]`
  if (letter === 'D' || letter === 'W' || letter === 'S') return `[^${classes[letter.toLowerCase() as keyof Classes]}]`
  return undefined
}

/** `\b` and `\B`, which JavaScript only knows for ASCII. */
export function wordBorder(letter: 'b' | 'B', { w }: Classes): string {
  const word = `[${w}]`
  return letter === 'b'
    ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
}
