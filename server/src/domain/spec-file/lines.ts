/**
 * A spec file as text in which every character is one byte (Latin-1 decoded), so that whatever encoding it has, what is
 * not edited comes out as it went in.
 */
export type SpecText = string

/** One logical line: several physical ones when a macro or a backslash goes on over the line's end. */
export interface SpecLine {
  /** Offset of the first character in the text. */
  start: number
  /** Offset after the line's end, its newline included. */
  end: number
  /** The content, without the newline that ends it. */
  text: string
}

/** Bytes of a file → text to edit. */
export function decodeSpec(bytes: Uint8Array): SpecText {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Edited text → bytes for the file. */
export function encodeSpec(text: SpecText): Buffer {
  return Buffer.from(text, 'latin1')
}

/** Ordinary text (a name with accents, a commit's subject) in the form that can be put into a `SpecText`. */
export function toSpecText(text: string): SpecText {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The line end that the file uses: that of its first line, `\n` when it has none. */
export function lineEnd(spec: SpecText): '\n' | '\r\n' {
  const first = spec.indexOf('\n')
  return first > 0 && spec[first - 1] === '\r' ? '\r\n' : '\n'
}

/** One stretch of a text to be replaced. */
export interface Edit {
  start: number
  end: number
  by: string
}

/** The text with all edits made; they are given by the text's own offsets and don't overlap. */
export function applyEdits(spec: SpecText, edits: readonly Edit[]): SpecText {
  const fromEnd = [...edits].sort((a, b) => b.start - a.start)
  return fromEnd.reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), spec)
}

/**
 * The logical lines of a spec file, as rpm reads them: a line goes on while a `%{`, `%(` or `%[` is open; the definition of a
 * macro also over a backslash at the end. One that is never closed counts as a single line, so that an error in one place
 * doesn't hide the rest.
 */
export function splitLines(spec: SpecText): SpecLine[] {
  const lines: SpecLine[] = []
  let start = 0
  while (start < spec.length) {
    const end = logicalEnd(spec, start)
    lines.push({ start, end, text: spec.slice(start, end).replace(/\r?\n$/, '') })
    start = end
  }
  return lines
}

function logicalEnd(spec: string, start: number): number {
  const open = { '{': 0, '(': 0, '[': 0 }
  const isDefinition = /^[ \t]*%(?:global|define)\b/.test(spec.slice(start, start + 80))
  let at = start
  while (at < spec.length) {
    const end = physicalEnd(spec, at)
    const continued = scan(spec.slice(at, end), open) && isDefinition
    at = end
    if (!continued && open['{'] + open['('] + open['['] === 0) return at
  }
  // a backslash in the very last line continues nothing; something never closed ends where its first line does
  return open['{'] + open['('] + open['['] === 0 ? at : physicalEnd(spec, start)
}

function physicalEnd(spec: string, from: number): number {
  const newline = spec.indexOf('\n', from)
  return newline === -1 ? spec.length : newline + 1
}

const CLOSES = { '}': '{', ')': '(', ']': '[' } as const

/** Counts what a physical line opens and closes; true when a backslash ends it. */
function scan(line: string, open: Record<'{' | '(' | '[', number>): boolean {
  for (let i = 0; i < line.length; i++) {
    const char = line[i]
    const next = line[i + 1]
    if (char === '\\') {
      if (next === '\n' || (next === '\r' && line[i + 2] === '\n')) return true
      i++
    } else if (char === '%') {
      if (next === '%') i++
      else if (next === '{' || next === '(' || next === '[') {
        open[next]++
        i++
      }
    } else if (char === '{' || char === '(' || char === '[') {
      if (open[char] > 0) open[char]++
    } else if (char === '}' || char === ')' || char === ']') {
      const opener = CLOSES[char]
      if (open[opener] > 0) open[opener]--
    }
  }
  return false
}
