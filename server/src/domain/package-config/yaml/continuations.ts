import { Lexer } from 'yaml'
import { MAX_TOKENS } from './limits.ts'

/** More columns than anything is indented by. */
const PADDING = 200
/** Places of one file that are looked at again. */
const MAX_REPAIRS = 20

export interface Indented {
  text: string
  /** The offset in the text as it was. */
  original(offset: number): number
}

/**
 * Indents the further lines of quoted texts and bracketed collections. Python's parser doesn't care how far they are
 * indented, the one used here (as YAML has it) does; the blanks at the begin of such a line mean nothing.
 */
export function indentContinuations(text: string): Indented {
  const lines = new Set<number>()
  let indented = pad(text, lines)
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    const found = findUnindented(indented, text)
    if (found.length === 0 || found.every((line) => lines.has(line))) break
    for (const line of found) lines.add(line)
    indented = pad(text, lines)
  }
  return indented
}

/** Starts, in the original text, of lines that continue what the parser takes for ended. */
function findUnindented({ text, original }: Indented, source: string): number[] {
  let offset = 0
  let tokens = 0
  let isContent = false
  for (const token of new Lexer().lex(text)) {
    if (token === '\u0018') return [original(offset)]
    const isQuoted = !isContent && (token[0] === '"' || token[0] === "'")
    if (isQuoted && !isClosed(token)) return linesOfQuoted(source, original(offset))
    isContent = token === '\u001f'
    if (isContent || token === '\u0002') continue
    offset += token.length
    tokens += 1
    if (tokens > MAX_TOKENS) break
  }
  return []
}

function isClosed(token: string): boolean {
  return (token[0] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED).exec(token)?.[0].length === token.length
}

// one step for many characters: long texts would overflow the engine's stack
const DOUBLE_QUOTED = /^"[^"\\]*(?:\\[\s\S][^"\\]*)*"/
const SINGLE_QUOTED = /^'[^']*(?:''[^']*)*'/

function linesOfQuoted(source: string, start: number): number[] {
  const rest = source.slice(start)
  const whole = (rest[0] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED).exec(rest)?.[0] ?? ''
  return [...whole.matchAll(/\n/g)].map(({ index }) => start + index + 1)
}

function pad(text: string, lines: ReadonlySet<number>): Indented {
  if (lines.size === 0) return { text, original: (offset) => offset }
  const starts = [...lines].sort((a, b) => a - b)
  const parts = [0, ...starts].map((start, i) => text.slice(start, starts[i]))
  return {
    text: parts.join(' '.repeat(PADDING)),
    original(offset) {
      let shift = 0
      for (const start of starts) {
        if (start + shift >= offset) break
        shift += Math.min(PADDING, offset - start - shift)
      }
      return offset - shift
    },
  }
}
