import { terminalText } from '../../domain/escape.ts'
import { type Output, paint } from '../terminal.ts'
import { type Finding, type Section, worst } from './finding.ts'

const MARKS = {
  ok: { mark: '✓', color: 'green' },
  warning: { mark: '▲', color: 'orange' },
  problem: { mark: '✗', color: 'red' },
} as const

/** What one section found, with what to do below each thing that is not as it should be. */
export function sectionText({ title, findings }: Section, output: Output): string {
  const lines = findings.flatMap(({ state, what, advice }) => {
    const { mark, color } = MARKS[state]
    const first = `  ${paint(output, color, mark)} ${terminalText(what)}`
    return advice === undefined ? [first] : [first, `    ${paint(output, 'grey', '→')} ${terminalText(advice)}`]
  })
  return `${paint(output, 'bold', title)}\n${lines.join('\n')}\n\n`
}

/** The last line: whether all is well. */
export function summaryText(sections: readonly Section[], output: Output): string {
  const all = sections.flatMap(({ findings }) => findings)
  const count = (state: Finding['state']) => all.filter((finding) => finding.state === state).length
  const state = worst(sections)
  const { mark, color } = MARKS[state]
  const parts = [plural(count('problem'), 'problem'), plural(count('warning'), 'warning')].filter(Boolean)
  const text = state === 'ok' ? `all is well: ${all.length} things were looked at` : parts.join(', ')
  return `${paint(output, color, mark)} ${text}\n`
}

function plural(count: number, word: string): string {
  if (count === 0) return ''
  return count === 1 ? `1 ${word}` : `${count} ${word}s`
}
