import type { Edit, SpecLine, SpecText } from './lines.ts'
import { findSections } from './sections.ts'

/** A `%setup` or `%autosetup` in `%prep`. */
export interface SetupMacro {
  name: 'setup' | 'autosetup'
  line: SpecLine
  /** Offsets of the options behind the name. */
  argsStart: number
  argsEnd: number
}

/** Letters of the options that take a value. */
const WITH_VALUE = { setup: 'abn', autosetup: 'abnpS' } as const

/** The setup macros in the order they stand; comments are passed over. */
export function findSetupMacros(spec: SpecText): SetupMacro[] {
  const lines = findSections(spec)
    .filter((section) => section.name === 'prep')
    .flatMap((section) => section.lines)
  return lines.flatMap((line) => {
    if (/^[ \t]*(#|%dnl\b)/.test(line.text)) return []
    const match = /(?<!%)(?:%%)*%(\{?)(setup|autosetup)(?![\w])/.exec(line.text)
    if (!match) return []
    const argsStart = line.start + match.index + match[0].length
    const argsEnd = argsStart + argumentsLength(line.text.slice(argsStart - line.start))
    return { name: match[2] === 'setup' ? 'setup' : 'autosetup', line, argsStart, argsEnd }
  })
}

/** The options end at the end of the line, or at the brace that closes what the macro is written in. */
function argumentsLength(rest: string): number {
  let depth = 0
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '\n') return i
    if (rest[i] === '{') depth++
    if (rest[i] === '}' && --depth < 0) return i
  }
  return rest.trimEnd().length
}

/**
 * The macro whose `-n` says where the sources are: the first `%setup`, or the first `%autosetup` if there is none.
 * Among several in branches of a condition, the one that counts.
 */
export function pickSetupMacro(
  macros: readonly SetupMacro[],
  isLive: (macro: SetupMacro) => boolean = () => false,
): SetupMacro | undefined {
  const live = macros.filter(isLive)
  const candidates = live.length > 0 ? live : macros
  return candidates.find((macro) => macro.name === 'setup') ?? candidates[0]
}

/** Sets `-n directory` in that macro: its value is replaced, or the option added; all else stays. */
export function setSetupDirectory(spec: SpecText, macro: SetupMacro, directory: string): Edit {
  const args = spec.slice(macro.argsStart, macro.argsEnd)
  const value = findNameOption(args, WITH_VALUE[macro.name])
  const quoted = /\s/.test(directory) ? `"${directory}"` : directory
  if (!value) {
    const end = macro.argsStart + args.trimEnd().length
    return { start: end, end, by: ` -n ${quoted}` }
  }
  return { start: macro.argsStart + value.start, end: macro.argsStart + value.end, by: value.glue + quoted }
}

interface Word {
  text: string
  start: number
  end: number
}

/** Where the value of `-n` stands; `glue` is what has to be put before a new one (a blank after a bare `-n`). */
function findNameOption(args: string, withValue: string): { start: number; end: number; glue: string } | undefined {
  const words = splitWords(args)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (!word || !/^-[A-Za-z]/.test(word.text)) continue
    for (let at = 1; at < word.text.length; at++) {
      const letter = word.text[at] ?? ''
      if (!withValue.includes(letter)) continue
      const attached = at + 1 < word.text.length
      if (letter !== 'n') {
        if (!attached) i++
        break
      }
      if (attached) return { start: word.start + at + 1, end: word.end, glue: '' }
      const next = words[i + 1]
      return next ? { start: next.start, end: next.end, glue: '' } : { start: word.end, end: word.end, glue: ' ' }
    }
  }
  return undefined
}

/** Splits at blanks that aren't inside quotes or a macro expansion. */
function splitWords(args: string): Word[] {
  const words: Word[] = []
  let start: number | undefined
  let depth = 0
  let quote = ''
  for (let i = 0; i <= args.length; i++) {
    const char = args[i] ?? ''
    if (char === '' || (/\s/.test(char) && depth === 0 && quote === '')) {
      if (start !== undefined) words.push({ text: args.slice(start, i), start, end: i })
      start = undefined
      continue
    }
    start ??= i
    if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    if ('{(['.includes(char)) depth++
    if ('})]'.includes(char)) depth = Math.max(0, depth - 1)
  }
  return words
}
