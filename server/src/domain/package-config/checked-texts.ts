import { type Reader, text } from './readers.ts'
import { patternProblem } from './user-pattern.ts'
import { shorten } from './yaml/nodes.ts'

/** The name of an archive and its folder: it has to be a file's name. */
export const fileName: Reader<string> = (node, place, problems) => {
  const name = text(node, place, problems)
  if (name === undefined || !/[/\0]/.test(name)) return name
  problems.error('bad_name', node, place, `${place.key} names a file, so it can't contain "/": "${shorten(name)}"`)
  return undefined
}

/** The longest name of a package, and identifier of a job. */
export const MAX_NAME = 200

/** A text that names a check, a repository or a row: it has to be short. */
export function shortText(max: number): Reader<string> {
  return (node, place, problems) => {
    const read = text(node, place, problems)
    if (read === undefined || read.length <= max) return read
    problems.error('bad_name', node, place, `${place.key} has ${read.length} characters; at most ${max} are allowed`)
    return undefined
  }
}

/** A regular expression in Python's syntax. */
export const pattern: Reader<string> = (node, place, problems) => {
  const source = text(node, place, problems)
  const problem = source === undefined ? undefined : patternProblem(source)
  if (problem === undefined) return source
  problems.error(
    'bad_pattern',
    node,
    place,
    `${place.key} is not a regular expression this service can use: ${problem}`,
  )
  return undefined
}

// versions and their comparisons as PEP 440 defines them: https://peps.python.org/pep-0440/
const RELEASE = String.raw`v?(?:\d+!)?\d+(?:\.\d+)*`
const SUFFIXES = String.raw`(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?`
const LOCAL = String.raw`(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?`
const SPECIFIER = new RegExp(
  [
    String.raw`^(?:===\s*[^\s;)]+`,
    String.raw`(?:==|!=)\s*${RELEASE}(?:\.\*|${SUFFIXES}${LOCAL})`,
    String.raw`~=\s*v?(?:\d+!)?\d+(?:\.\d+)+${SUFFIXES}`,
    String.raw`(?:<=|>=|<|>)\s*${RELEASE}${SUFFIXES})$`,
  ].join('|'),
  'i',
)

/** Which versions are taken over, such as `>=1.0, <2`; each part is checked, an empty text allows all. */
export const versionSpecifiers: Reader<string> = (node, place, problems) => {
  const specifiers = text(node, place, problems)
  const parts = specifiers?.split(',').map((part) => part.trim())
  const wrong = parts?.find((part) => part !== '' && !isSpecifier(part))
  if (wrong === undefined) return specifiers
  const hint = 'each part is an operator (~= == != <= >= < > ===) and a version, for example ">=1.0, <2"'
  problems.error(
    'bad_specifier',
    node,
    place,
    `"${shorten(wrong)}" in ${place.key} is no comparison of versions; ${hint}`,
  )
  return undefined
}

function isSpecifier(part: string): boolean {
  // longer ones are no versions, and the expression would be slow on them
  return part.length <= 200 && SPECIFIER.test(part)
}
