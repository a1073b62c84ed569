import type { Edit, SpecLine, SpecText } from './lines.ts'
import { findSections, type Section } from './sections.ts'

/** A line `Name: value`, or a line of `%sourcelist` or `%patchlist`. */
export interface Tag {
  /** As written, e.g. `Source0`; `''` in a list section. */
  name: string
  /** Lower case without its number: `version`, `source`. */
  kind: string
  /** The number in the name, if it has one. */
  number?: number
  value: string
  valueStart: number
  valueEnd: number
  line: SpecLine
  /** Where it stands. */
  section: 'preamble' | 'package' | 'sourcelist' | 'patchlist'
  /** What surrounds a tag that is written inside a conditional expansion, e.g. `%{?with_docs:` and `}`. */
  wrapper?: { before: string; after: string }
}

const TAG = /^([ \t]*)([A-Za-z]+?)(\d*)([ \t]*(?:\([^)]*\))?[ \t]*:[ \t]*)(.*?)[ \t]*$/s
const WRAPPED = /^([ \t]*%\{[!?]+\w+:[ \t]*)(.*)(\}[ \t]*)$/s

/** All tags of the preamble and the `%package` sections, and the lines of `%sourcelist` and `%patchlist`, in order. */
export function findTags(spec: SpecText): Tag[] {
  return findSections(spec).flatMap((section) => {
    if (section.name === 'preamble' || section.name === 'package') return tagsOf(section, section.name)
    if (section.name === 'sourcelist' || section.name === 'patchlist') return listItemsOf(section, section.name)
    return []
  })
}

function tagsOf(section: Section, name: 'preamble' | 'package'): Tag[] {
  return section.lines.flatMap((line) => {
    const wrapped = WRAPPED.exec(line.text)
    const before = wrapped?.[1] ?? ''
    const tag = TAG.exec(wrapped?.[2] ?? line.text)
    if (!tag) return []
    const [, indent = '', kind = '', digits = '', colon = '', value = ''] = tag
    const valueStart = line.start + before.length + indent.length + kind.length + digits.length + colon.length
    return {
      name: kind + digits,
      kind: kind.toLowerCase(),
      ...(digits && { number: Number(digits) }),
      value,
      valueStart,
      valueEnd: valueStart + value.length,
      line,
      section: name,
      ...(wrapped && { wrapper: { before, after: wrapped[3] ?? '' } }),
    }
  })
}

function listItemsOf(section: Section, name: 'sourcelist' | 'patchlist'): Tag[] {
  return section.lines.flatMap((line) => {
    const item = /^([ \t]*)([^\s#%].*?|%(?!if|else|endif|elif|dnl).*?)[ \t]*$/s.exec(line.text)
    if (!item) return []
    const value = item[2] ?? ''
    const valueStart = line.start + (item[1] ?? '').length
    const kind = name === 'sourcelist' ? 'source' : 'patch'
    return { name: '', kind, value, valueStart, valueEnd: valueStart + value.length, line, section: name }
  })
}

/** Replaces the value of a tag; name, alignment and line end stay. */
export function setTagValue(tag: Tag, value: string): Edit {
  return { start: tag.valueStart, end: tag.valueEnd, by: value }
}

/**
 * The tag to read or edit among several of one kind: the one that counts (`live`, as rpm has evaluated the conditions),
 * else the first.
 */
export function pickTag(tags: readonly Tag[], isLive: (tag: Tag) => boolean = () => false): Tag | undefined {
  return tags.find(isLive) ?? tags[0]
}

/** The `Version`, `Release`, … tags of the package itself, not of its subpackages. */
export function mainTags(tags: readonly Tag[], kind: string): Tag[] {
  return tags.filter((tag) => tag.section === 'preamble' && tag.kind === kind && tag.number === undefined)
}
