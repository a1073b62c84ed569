import type { TestCaseResult } from '../../domain/test-result.ts'

/** What rpmlint calls an error although it says nothing against a build that is tested here. */
const NO_ERRORS_HERE = new Set([
  // nothing else can be tried in an empty root
  'statically-linked-binary',
  // `%autochangelog` is written when a distribution builds
  'no-changelogname-tag',
])

/** `hello.x86_64: W: no-documentation`, `hello.spec:12: E: hardcoded-library-path in /usr/lib`. */
const FINDING = /^(\S+?)(?::(\d+))?: ([EWI]): (\S+)(?: (.*))?$/
const SUMMARY = /packages and \d+ specfiles checked; \d+ errors, \d+ warnings/

/**
 * What rpmlint found, a result for each finding with its place, and one for the whole. Its errors are failures; warnings are
 * shown and nothing more.
 */
export function readRpmlint({ exitCode, output }: { exitCode: number; output: string }): TestCaseResult[] {
  const lines = output.split('\n')
  const findings = lines.flatMap((line) => readFinding(line.trimEnd()) ?? [])
  if (!SUMMARY.test(output)) return [...findings, describeBroken(exitCode, lines)]
  const failed = findings.filter(({ result }) => result === 'failed').length
  const others = findings.length - failed
  const message = `${count(failed, 'error')}, ${count(others, 'warning')}`
  return [...findings, { ...BLANK, name: 'rpmlint', result: failed === 0 ? 'passed' : 'info', message }]
}

const BLANK = { suite: 'rpmlint', seconds: null, message: null, place: null, logs: [] }

function readFinding(line: string): TestCaseResult | undefined {
  const [, where, number, letter, name, details = ''] = FINDING.exec(line) ?? []
  if (where === undefined || name === undefined) return undefined
  // what is named with a line is a file of the sources: paths that follow are those of its text
  const path = where.endsWith('.spec') ? null : /(?:^|\s)(\/[^\s:]+)(?::(\d+))?/.exec(details)
  const line_ = number ?? path?.[2]
  return {
    ...BLANK,
    name,
    result: letter === 'E' && !NO_ERRORS_HERE.has(name) ? 'failed' : 'info',
    message: details === '' ? where : `${where}: ${details}`,
    place: { path: path?.[1] ?? where, line: line_ === undefined ? null : Number(line_) },
  }
}

function describeBroken(exitCode: number, lines: string[]): TestCaseResult {
  const said = lines.map((line) => line.trim()).filter(Boolean)
  const message = exitCode === 127 ? 'This machine lacks rpmlint.' : `rpmlint broke off (exit code ${exitCode}).`
  return { ...BLANK, name: 'rpmlint', result: 'error', message: [message, ...said.slice(-10)].join('\n') }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
