import { applyEdits, type Edit, lineEnd, type SpecText } from './lines.ts'
import { findSections } from './sections.ts'
import { findTags, pickTag, setTagValue, type Tag } from './tags.ts'

/** A source or patch with the number rpm gives it. */
export interface Numbered {
  tag: Tag
  number: number
}

/**
 * Numbers the sources or patches of a spec file. A tag without a number, or a line of a list section, follows the one
 * before it; the first is 0. A tag in a branch that isn't taken gets a number, but doesn't move the counting on.
 */
export function numberTags(
  tags: readonly Tag[],
  kind: 'source' | 'patch',
  isLive: (tag: Tag) => boolean = () => true,
): Numbered[] {
  let last = -1
  return tags
    .filter((tag) => tag.kind === kind)
    .map((tag) => {
      const number = tag.number ?? last + 1
      if (isLive(tag)) last = number
      return { tag, number }
    })
}

/**
 * The number in a configured `spec_source_id` (`Source0`, `1`, `"2"`, …): its first run of digits, 0 if there is none.
 */
export function sourceNumber(id: string | number): number {
  return Number(/\d+/.exec(String(id))?.[0] ?? 0)
}

/** Makes the source of that number name another file; undefined when no source has the number. */
export function setSource(
  spec: SpecText,
  number: number,
  fileName: string,
  isLive?: (tag: Tag) => boolean,
): Edit | undefined {
  const found = numberTags(findTags(spec), 'source', isLive).filter((source) => source.number === number)
  const tags = found.map((source) => source.tag)
  const tag = pickTag(tags, isLive)
  return tag && setTagValue(tag, fileName)
}

/** A patch to be listed in a spec file. */
export interface NewPatch {
  fileName: string
  /** Lines of the comment above it, without the sign. */
  comment: readonly string[]
  /** Wanted number; one more than the last by default. */
  number?: number
}

/**
 * The text with patches listed after the last patch, else after the last source, else at the end of the preamble's tags.
 *
 * @throws {RangeError} when a wanted number isn't higher than that of the patch before it
 */
export function addPatches(spec: SpecText, patches: readonly NewPatch[]): SpecText {
  const tags = findTags(spec)
  const known = numberTags(tags, 'patch')
  const after =
    known.at(-1)?.tag ?? tags.findLast((tag) => tag.kind === 'source' && isPreamble(tag)) ?? tags.findLast(isPreamble)
  if (!after) return spec

  const newline = lineEnd(spec)
  let last = Math.max(0, ...known.map((patch) => patch.number))
  const added = patches.map((patch) => {
    const number = patch.number ?? last + 1
    if (number <= last) {
      throw new RangeError(`patch ${patch.fileName} asks for number ${number}, but the patch before it has ${last}`)
    }
    last = number
    const comment = patch.comment.map((line) => `${`# ${line}`.trimEnd()}${newline}`).join('')
    return comment + patchLine(after, number, patch.fileName) + newline
  })
  const at = endOfConditions(spec, after)
  const missingEnd = spec[at - 1] === '\n' ? '' : newline
  return applyEdits(spec, [{ start: at, end: at, by: missingEnd + added.join('') }])
}

/** Where the outermost condition around a tag ends, so that what is put there always counts; else the end of its line. */
function endOfConditions(spec: SpecText, tag: Tag): number {
  const lines = findSections(spec).find((section) => section.lines.some((line) => line.start === tag.line.start))?.lines
  let depth = 0
  for (const line of lines ?? []) {
    if (/^[ \t]*%if/.test(line.text)) depth++
    if (/^[ \t]*%endif\b/.test(line.text)) depth--
    if (line.start >= tag.line.start && depth <= 0) return line.end
  }
  return tag.line.end
}

function isPreamble(tag: Tag): boolean {
  return tag.section === 'preamble'
}

/** The patch's line in the manner of its neighbour: the value begins in the same column, lists have bare names. */
function patchLine(neighbour: Tag, number: number, fileName: string): string {
  if (neighbour.section === 'patchlist') return fileName
  const digits = neighbour.kind === 'patch' && neighbour.number !== undefined ? neighbour.name.length - 5 : 4
  const name = `Patch${String(number).padStart(digits, '0')}:`
  const column = neighbour.wrapper ? 0 : neighbour.valueStart - neighbour.line.start
  return `${name.padEnd(Math.max(column, name.length + 1))}${fileName}`
}
