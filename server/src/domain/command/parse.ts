import { nearest } from '../nearest.ts'
import type { Selection } from '../selection.ts'
import { COMMAND_WORDS, type CommandName, findCommand, OPTIONS, type OptionName, specOf, usageOf } from './commands.ts'
import { findCommandLines, type Line } from './lines.ts'
import { readOperand, readOption, type Values } from './values.ts'
import { splitWords, WordsError } from './words.ts'

/** A command as somebody wrote it. */
export interface Command extends Values {
  name: CommandName
  /** Counted from 1. */
  line: number
  /** The line, as it was written: a stranger's text. */
  text: string
}

/** A line that is meant as a command and is none. */
export interface CommandError {
  line: number
  text: string
  /** What is wrong, with what was written as it was: a stranger's text. */
  message: string
  /** How it is written; null when not even the command is known. */
  usage: string | null
}

/** Nothing of a comment counts when a line of it is wrong: who wrote it writes one new comment, not half of one. */
export type ParsedComment = { ok: true; commands: Command[] } | { ok: false; errors: CommandError[] }

/** Most commands of a comment. */
export const MOST_COMMANDS = 10
/** Longest line of a command, in characters. */
export const LONGEST_LINE = 1000

/**
 * The commands of a comment, none twice.
 *
 * @param prefix  the first word of their lines, e.g. `/packit`
 */
export function parseComment(body: string, prefix: string): ParsedComment {
  const lines = findCommandLines(body, prefix)
  const tooMany = lines[MOST_COMMANDS]
  if (tooMany)
    return {
      ok: false,
      errors: [wrong(tooMany, `a comment has at most ${MOST_COMMANDS} commands, and this is one more`)],
    }
  const parsed = lines.map((line) => parseLine(line, prefix))
  const errors = parsed.filter((one) => 'message' in one)
  if (errors.length > 0) return { ok: false, errors }
  const commands = new Map<string, Command>()
  for (const command of parsed) {
    if ('message' in command) continue
    const { line: _, text: __, ...meaning } = command
    const key = JSON.stringify(meaning)
    if (!commands.has(key)) commands.set(key, command)
  }
  return { ok: true, commands: [...commands.values()] }
}

function wrong(line: Line, message: string, usage: string | null = null): CommandError {
  return { line: line.number, text: line.text.slice(0, LONGEST_LINE), message, usage }
}

function parseLine(line: Line, prefix: string): Command | CommandError {
  if (line.text.length > LONGEST_LINE) return wrong(line, `it is longer than ${LONGEST_LINE} characters`)
  try {
    return readWords(splitWords(line.text).slice(1), line, prefix)
  } catch (error) {
    if (error instanceof WordsError) return wrong(line, error.message)
    throw error
  }
}

/** A part of a line: an option with its value, or a word by itself. */
type Part = { option: OptionName; flag: string; value: string | undefined } | { word: string }

function readWords(words: readonly string[], line: Line, prefix: string): Command | CommandError {
  const parts = readParts(words)
  if (typeof parts === 'string') return wrong(line, parts)
  const [word, ...operands] = parts.flatMap((part) => ('word' in part ? [part.word] : []))
  if (word === undefined) return wrong(line, 'it names no command', `${prefix} help`)
  const name = findCommand(word)
  if (!name) return wrong(line, unknown('command', word, COMMAND_WORDS), `${prefix} help`)
  const usage = usageOf(name, prefix)
  const values: Values = {}
  const { options, operand } = specOf(name)
  for (const part of parts) {
    if ('word' in part) continue
    const problem = options.includes(part.option)
      ? readOption(part.option, part.flag, part.value, values)
      : `${part.flag} is no option of ${word}`
    if (problem) return wrong(line, problem, usage)
  }
  if (operands.length > (operand?.most ?? 0))
    return wrong(line, `${JSON.stringify(operands.at(-1))} is too much`, usage)
  if (operand?.needed && operands.length === 0) return wrong(line, `${operand.name} is missing`, usage)
  for (const text of operands) {
    const problem = readOperand(name, text, values)
    if (problem) return wrong(line, problem, usage)
  }
  if (values.branch !== undefined && values.release !== undefined)
    return wrong(line, '--commit and --release exclude each other', usage)
  return { name, line: line.number, text: line.text, ...values }
}

const FLAGS = new Map<string, OptionName>(
  (Object.keys(OPTIONS) as OptionName[]).flatMap((name) => OPTIONS[name].flags.map((flag) => [flag, name] as const)),
)

/** Options may stand before and after the command. */
function readParts(words: readonly string[]): Part[] | string {
  const parts: Part[] = []
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (!word.startsWith('-') || word === '-') {
      parts.push({ word })
      continue
    }
    const [flag = '', inline] = splitFlag(word)
    const option = FLAGS.get(flag)
    if (!option) return unknown('option', flag, FLAGS.keys())
    if (OPTIONS[option].value === null) parts.push({ option, flag, value: inline })
    else if (inline !== undefined) parts.push({ option, flag, value: inline })
    else {
      i += 1
      parts.push({ option, flag, value: words[i] })
    }
  }
  return parts
}

function splitFlag(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function unknown(what: string, word: string, known: Iterable<string>): string {
  const near = nearest(word, known, 2)
  const advice = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''
  return `there is no ${what} ${JSON.stringify(word)}${advice}`
}

/** What of a configuration's builds, or tests, a command asks for. */
export function selectionOf({ name, packages, identifier, labels, targets, env, pullRequests }: Command): Selection {
  return {
    kinds: [name === 'test' ? 'test' : 'build'],
    includeManual: true,
    ...(env ? { env } : {}),
    ...(pullRequests ? { others: pullRequests } : {}),
    ...(packages ? { packages } : {}),
    ...(identifier === undefined ? {} : { identifier }),
    ...(labels ? { labels } : {}),
    ...(targets ? { targets } : {}),
  }
}
