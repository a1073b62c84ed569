import { type SpecLine, type SpecText, splitLines } from './lines.ts'

/** A part of a spec file: the preamble, or what follows a line such as `%prep` or `%package -n libfoo`. */
export interface Section {
  /** Lower case, without the percent sign; `preamble` for the text before the first section. */
  name: string
  /** What stands behind the name in its line. */
  args: string
  /** The line that begins it; undefined for the preamble. */
  head?: SpecLine
  /** Offset of the content. */
  start: number
  /** Offset after the content. */
  end: number
  lines: SpecLine[]
}

const NAMES = [
  'package description prep generate_buildrequires conf build install check clean',
  'pre post preun postun pretrans posttrans preuntrans postuntrans verifyscript',
  'trigger triggerin triggerun triggerprein triggerpostun',
  'filetriggerin filetriggerun filetriggerpostun transfiletriggerin transfiletriggerun transfiletriggerpostun',
  'files changelog sourcelist patchlist sepolicy',
]
const SECTION_NAMES: ReadonlySet<string> = new Set(NAMES.join(' ').split(' '))

/**
 * The sections of a spec file in their order; the first is always the preamble. A section begins at a line that starts
 * with its name in any case, but not inside a macro definition of several lines.
 */
export function findSections(spec: SpecText): Section[] {
  const sections: Section[] = [{ name: 'preamble', args: '', start: 0, end: 0, lines: [] }]
  for (const line of splitLines(spec)) {
    const begun = beginSection(line)
    if (begun) sections.push(begun)
    const current = sections.at(-1)
    if (!current) continue
    if (!begun) current.lines.push(line)
    current.end = line.end
  }
  return sections
}

function beginSection(line: SpecLine): Section | undefined {
  const match = /^%([a-z_]+)(?:[ \t]+(.*?))?[ \t]*$/is.exec(line.text)
  const name = match?.[1]?.toLowerCase()
  if (!name || !SECTION_NAMES.has(name)) return undefined
  return { name, args: match?.[2] ?? '', head: line, start: line.end, end: line.end, lines: [] }
}
