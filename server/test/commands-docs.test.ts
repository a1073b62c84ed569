import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  COMMAND_NAMES,
  COMMAND_WORDS,
  findCommand,
  OPTIONS,
  type OptionName,
  type Place,
  specOf,
  type Who,
} from '../src/domain/command/commands.ts'
import { parseComment } from '../src/domain/command/parse.ts'
import { readText } from './source-tree.ts'

const WHO: Record<Who, string> = {
  anybody: 'anybody',
  author: 'write access; author of the pull request',
  write: 'write access',
}
const PLACES: Record<Place, string> = { pull_request: 'pull request', issue: 'issue', commit: 'commit' }

/** The cells of the table that begins with a heading; code is without its ticks. */
function tableOf(text: string, heading: string): string[][] {
  const rows = text.slice(text.indexOf(`| ${heading} |`)).split('\n')
  const end = rows.findIndex((row) => !row.startsWith('|'))
  return rows.slice(2, end).map((row) =>
    row
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  )
}

const ticked = (words: readonly string[]) => words.map((word) => `\`${word}\``)

test('docs/commands.md has every command, with its arguments, places and who may', () => {
  const expected = COMMAND_NAMES.map((name) => {
    const { words, on, who, about, options, operand, unavailable, needsTests } = specOf(name)
    const flags = options.map((option) => OPTIONS[option].flags[0])
    return [
      ticked(words).join(', '),
      ticked([...(operand ? [operand.name] : []), ...flags]).join(' '),
      on.map((place) => PLACES[place]).join(', '),
      WHO[who],
      `${about}${unavailable === undefined ? '' : ` (not here: ${unavailable})`}${needsTests ? ' (where a test runner is set up)' : ''}`,
    ]
  })
  assert.deepEqual(tableOf(readText('docs/commands.md'), 'command'), expected)
})

test('docs/commands.md has every argument', () => {
  const expected = (Object.keys(OPTIONS) as OptionName[]).map((name) => {
    const { flags, value, about } = OPTIONS[name]
    return [ticked(flags).join(', '), value === null ? '' : `\`${value}\``, about]
  })
  assert.deepEqual(tableOf(readText('docs/commands.md'), 'argument'), expected)
})

test('every command of docs/commands.md is understood with each of its arguments', () => {
  const examples: Record<string, string> = {
    '--env': 'A=1',
    '<namespace>/<repository>#<pull request>': 'a/b#1',
    '<Fedora account>': 'ann',
  }
  for (const [words = '', given = ''] of tableOf(readText('docs/commands.md'), 'command')) {
    for (const [, word = ''] of words.matchAll(/`([^`]+)`/g)) {
      assert.ok(COMMAND_WORDS.includes(word), word)
      const args = [...given.matchAll(/`([^`]+)`/g)].map(([, arg = '']) => arg)
      const needed = args.includes('<Fedora account>') ? 'ann' : ''
      for (const arg of ['', ...args]) {
        const isSwitch = arg === '--with-pr-config' || arg === '--all-branches'
        const option = arg.startsWith('--') ? `${arg}${isSwitch ? '' : ` ${examples[arg] ?? 'x'}`}` : ''
        const operand = arg.startsWith('<') ? (examples[arg] ?? '') : needed
        const parsed = parseComment(`/packit ${word} ${operand} ${option}`, '/packit')
        assert.ok(parsed.ok && parsed.commands[0]?.name === findCommand(word), `${word} ${operand} ${option}`)
      }
    }
  }
})
