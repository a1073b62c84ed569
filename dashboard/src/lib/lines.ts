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

/** Browsers stop laying out elements of some 17 million pixels; longer texts are squeezed into them. */
export const MAX_HEIGHT = 16_000_000

/** A long text in a window of its own. Sizes in pixels. */
export interface Scroll {
  /** Height of what is on screen. */
  height: number
  rowHeight: number
  count: number
}

/** Height of what is scrolled: that of the text, or less where no browser could show all of it. */
export function canvasHeight({ count, rowHeight }: Scroll): number {
  return Math.min(count * rowHeight, MAX_HEIGHT)
}

/** Where the upper edge of the window lies in the text, from how far the canvas was scrolled. */
export function textTop(scrollTop: number, scroll: Scroll): number {
  const [text, canvas] = [scroll.count * scroll.rowHeight, canvasHeight(scroll)]
  if (text <= canvas) return scrollTop
  return Math.min(text, scrollTop * ((text - scroll.height) / (canvas - scroll.height)))
}

/** The way back: how far to scroll so that the window begins there. */
export function scrollTopFor(top: number, scroll: Scroll): number {
  const [text, canvas] = [scroll.count * scroll.rowHeight, canvasHeight(scroll)]
  return text <= canvas ? top : top * ((canvas - scroll.height) / (text - scroll.height))
}

/**
 * Where lines are that wrap, and so are of unknown heights: this line, at this part of its height, stands as far down the
 * window as the window is down the text. So the first line can be seen, and the last.
 */
export function anchorOf(scrollTop: number, maxScroll: number, count: number): { line: number; part: number } {
  const share = maxScroll <= 0 ? 0 : Math.min(1, Math.max(0, scrollTop / maxScroll))
  const at = share * count
  const line = Math.min(count, Math.floor(at) + 1)
  return { line, part: at - (line - 1) }
}

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
