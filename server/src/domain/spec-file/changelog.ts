import { findAutoMacros } from './auto-macros.ts'
import { applyEdits, lineEnd, type SpecText, toSpecText } from './lines.ts'
import { findSections } from './sections.ts'

/** A new entry of `%changelog`. */
export interface ChangelogEntry {
  at: Date
  /** `Name <address>`. */
  packager: string
  /** `[epoch:]version-release`, without the dist macro. */
  evr: string
  /** One or more lines; already made safe by `sanitizeChangelog`. */
  text: string
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * The text with an entry on top of `%changelog`, in the manner of the newest one there (padding of the day, time of day);
 * unchanged when there is no such section or `%autochangelog` writes it.
 */
export function addChangelogEntry(spec: SpecText, entry: ChangelogEntry): SpecText {
  const section = findSections(spec).find((candidate) => candidate.name === 'changelog')
  if (!section?.head || findAutoMacros('', spec.slice(section.start, section.end)).autochangelog) return spec

  const newline = lineEnd(spec)
  const newest = section.lines.find((line) => line.text.startsWith('*'))
  const header = `* ${formatDate(entry.at, newest?.text)} ${entry.packager} - ${entry.evr}`
  const lines = toSpecText(`${header}\n${entry.text.trimEnd()}`).split('\n')
  const at = newest?.start ?? section.start
  const missingEnd = spec[at - 1] === '\n' ? '' : newline
  const gap = spec.slice(at, section.end).trim() === '' ? [''] : ['', '']
  return applyEdits(spec, [{ start: at, end: at, by: missingEnd + [...lines, ...gap].join(newline) }])
}

/** English whatever the locale is, in UTC; `like` is the header of the entry below. */
function formatDate(at: Date, like = ''): string {
  const [, blanks = '', digits = '00'] = /^\*\s*\w{3}\s+\w{3}(\s+)(\d{1,2})\s/.exec(like) ?? []
  const day = String(at.getUTCDate())
  const padded = digits.length === 2 ? day.padStart(2, '0') : day.padStart(blanks.length)
  const extended = /^\*\s*\w{3}\s+\w{3}\s+\d{1,2}\s+\d\d:\d\d:\d\d\s/.test(like)
  const time = extended ? `${at.toISOString().slice(11, 19)} UTC ` : ''
  const [weekday, month] = [DAYS[at.getUTCDay()], MONTHS[at.getUTCMonth()]]
  return `${weekday} ${month} ${padded} ${time}${at.getUTCFullYear()}`
}

/**
 * Text made safe for a changelog: macros aren't expanded (`%name` → `%%name`; what is doubled already stays), and no line
 * but the header begins with a star.
 */
export function sanitizeChangelog(text: string): string {
  return text
    .replace(/(%+)(?=[\w{([])/g, (signs) => (signs.length % 2 === 1 ? `${signs}%` : signs))
    .replace(/^\*/gm, ' *')
}
