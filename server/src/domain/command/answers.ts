import { markdownText, plainText } from '../escape.ts'
import type { CommandError } from './parse.ts'

/** Longest name that is repeated to who wrote it. */
const LONGEST_NAME = 100

/** A stranger's word as code within a line of Markdown: cut, on one line, and no way out of it. */
export function markdownCode(text: string): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim()
  const cut = line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line
  const longest = Math.max(0, ...Array.from(cut.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const room = longest > 0 || cut === '' ? ' ' : ''
  return `${fence}${room}${cut}${room}${fence}`
}

/** How many wrong lines of a comment are told. */
const MOST_TOLD = 5

/** The answer to a comment that holds wrong commands: which line, what is wrong, and how it is written. */
export function explainErrors(errors: readonly CommandError[], prefix: string): string {
  const told = errors.slice(0, MOST_TOLD).map(({ line, message, usage }) => {
    const hint = usage === null ? '' : ` It is written \`${usage}\`.`
    return `- Line ${line}: ${markdownText(message.slice(0, 400))}.${hint}`
  })
  return [
    'I did not understand that, so nothing of this comment was run:',
    '',
    ...told,
    '',
    `Please write a new comment: each is read once. \`${prefix} help\` tells what can be asked for here.`,
  ].join('\n')
}

/** One answer to all commands of a comment that need one. */
export function joinAnswers(answers: readonly { command: string; text: string }[], prefix: string): string {
  const [first, ...more] = answers
  if (!first) return ''
  if (more.length === 0) return first.text
  return answers.map(({ command, text }) => `\`${prefix} ${command}\`: ${text}`).join('\n\n')
}
