/** Lines a link points to: `#L12` or `#L12-L20`. */
export interface LineRange {
  first: number
  last: number
}

/** Reads the lines out of a fragment, with or without `#`; null for anything else. */
export function parseLines(hash: string): LineRange | null {
  const match = /^#?L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash)
  if (!match) return null
  const first = Number(match[1])
  const last = match[2] ? Number(match[2]) : first
  return first < 1 ? null : { first: Math.min(first, last), last: Math.max(first, last) }
}

/** From the first to the last of some lines; null when there are none. */
export function rangeOf(lines: readonly { number: number }[]): LineRange | null {
  const [first, last] = [lines[0], lines.at(-1)]
  return first && last ? { first: first.number, last: last.number } : null
}

/** The fragment of a line, without `#`. */
export function lineHash(first: number, last = first): string {
  return first === last ? `L${first}` : `L${first}-L${last}`
}

/** Browsers stop laying out elements of some 17 million pixels; longer logs are cut there. */
export const MAX_HEIGHT = 16_000_000

export interface Window {
  first: number
  last: number
}

/**
 * The lines to draw: those on screen and some around them, numbered from 1.
 *
 * @param overscan  how many more above and below, so that fast scrolling doesn't show a gap
 */
export function visibleLines(top: number, height: number, rowHeight: number, count: number, overscan = 30): Window {
  const first = Math.max(1, Math.floor(top / rowHeight) + 1 - overscan)
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + overscan)
  return { first: Math.min(first, Math.max(1, count)), last }
}
