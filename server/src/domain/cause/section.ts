import { type LogLines, withoutPrefix } from './lines.ts'

/** The part of a log in which the failure is to be looked for: lines `from` up to, not including, `to`. */
export interface Part {
  section: string | null
  from: number
  to: number
}

/**
 * Where the step failed: the script that rpmbuild says ended badly, else what was going on last.
 *
 * Offsets are found by plain search, so that a log of many MB costs milliseconds.
 */
export function findFailedPart(lines: LogLines, stepKind: 'srpm' | 'build' | 'test'): Part {
  const scripts = findMarks(lines, 'Executing(', /^Executing\((%?\w+)\):/)
  const ends = findMarks(lines, 'Bad exit status from ', /^error: Bad exit status from \S+ \((%?\w+)\)/)
  const end = ends.at(-1)
  if (end) {
    const start =
      scripts.findLast((s) => s.index < end.index && s.name === end.name) ??
      scripts.findLast((s) => s.index < end.index)
    return { section: sectionName(end.name), from: start?.index ?? 0, to: end.index }
  }
  if (stepKind === 'srpm') return findHeading(lines)
  const last = scripts.findLast((s) => MAIN_SECTIONS.has(s.name))
  if (!last) return { section: null, from: 0, to: lines.count }
  const files = findMarks(lines, 'Processing files: ', /^(Processing files): /).find((m) => m.index > last.index)
  if (files) return { section: '%files', from: files.index, to: lines.count }
  return { section: sectionName(last.name), from: last.index, to: lines.count }
}

const MAIN_SECTIONS = new Set(['%prep', '%generate_buildrequires', '%conf', '%build', '%install', '%check'])

function sectionName(name: string): string {
  return name.startsWith('%') ? name : `%${name}`
}

function findMarks(lines: LogLines, words: string, pattern: RegExp): { index: number; name: string }[] {
  const marks: { index: number; name: string }[] = []
  let index = 0
  for (let at = lines.log.indexOf(words); at >= 0; at = lines.log.indexOf(words, lines.start(index + 1))) {
    index = lines.indexAt(at)
    const name = pattern.exec(withoutPrefix(lines.text(index)))?.[1]
    if (name !== undefined) marks.push({ index, name })
  }
  return marks
}

/** The making of an SRPM prints a heading, `==> …`, before each thing it does. */
function findHeading(lines: LogLines): Part {
  const { log } = lines
  const at = log.startsWith('==> ') ? Math.max(0, log.lastIndexOf('\n==> ') + 1) : log.lastIndexOf('\n==> ') + 1
  if (!log.startsWith('==> ', at)) return { section: null, from: 0, to: lines.count }
  const from = lines.indexAt(at)
  const title = lines.text(from).slice(4)
  return { section: /^Action [\w-]+/.exec(title)?.[0] ?? title.split(' ')[0] ?? title, from: from, to: lines.count }
}
