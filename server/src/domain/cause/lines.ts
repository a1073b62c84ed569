import { plainText } from '../escape.ts'

/** Longer lines are cut: for matching they say enough by then, and for reading too. */
const MAX_TEXT = 500

/** The lines of a log, found by index (from 0; the line's number is one more) without copying them all. */
export class LogLines {
  readonly log: string
  readonly #starts: number[] = [0]

  constructor(log: string) {
    this.log = log
    for (let end = log.indexOf('\n'); end >= 0 && end + 1 < log.length; end = log.indexOf('\n', end + 1))
      this.#starts.push(end + 1)
  }

  get count(): number {
    return this.log === '' ? 0 : this.#starts.length
  }

  /** The line as it was printed, its first 2,000 characters. */
  raw(index: number): string {
    const start = this.#starts[index] ?? this.log.length
    const next = this.#starts[index + 1] ?? this.log.length + 1
    const end =
      next > this.log.length && this.log.endsWith('\n') ? this.log.length - 1 : Math.min(next - 1, this.log.length)
    return this.log.slice(start, Math.min(end, start + 4 * MAX_TEXT))
  }

  /** The line as it is read: without colours and control characters, at most 500 characters. */
  text(index: number): string {
    const text = cleanLine(this.raw(index))
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
  }

  /** Where the line begins in the log. */
  start(index: number): number {
    return this.#starts[index] ?? this.log.length
  }

  /** Index of the last line before another that isn't blank; -1 if all are. */
  lastBefore(index: number): number {
    let offset = this.start(index) - 1
    while (offset >= 0 && this.log.charCodeAt(offset) <= 0x20) offset--
    return offset < 0 ? -1 : this.indexAt(offset)
  }

  /** Index of the line that holds the character at `offset`. */
  indexAt(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** One line for reading; of a progress display that rewrites its line, what it showed last. */
export function cleanLine(raw: string): string {
  const shown = raw.includes('\r') ? (raw.split('\r').findLast((part) => part !== '') ?? '') : raw
  return plainText(shown).trimEnd()
}

/** Without what mock and Koji put before the lines of the build. */
export function withoutPrefix(text: string): string {
  return text.replace(/^(?:BUILDSTDERR: |DEBUG util\.py:\d+: {1,2}|\[ *\d+s\] )/, '')
}
