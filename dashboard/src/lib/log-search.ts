import { cutLines, type LogStore, type Part } from './log-store.ts'

/** More lines than these are not listed. */
export const MOST_FOUND = 10_000
/** Blocks searched at a time, a megabyte together: between two the page can draw. */
const BLOCKS_AT_ONCE = 16

/** Gives the bytes of a part. */
export type ReadPart = (part: Part) => Promise<Uint8Array>

/** Looks for a text in a whole log, part by part; what is not here is read for it and not kept. */
export class LogSearch {
  /** Numbers of the lines that hold the text, whatever its case. */
  readonly found: number[] = []
  /** The next line to look at. */
  next = 1
  private readonly wanted: string
  private readonly store: LogStore
  private readonly read: ReadPart

  constructor(text: string, store: LogStore, read: ReadPart) {
    this.wanted = text.toLowerCase()
    this.store = store
    this.read = read
  }

  /**
   * Looks through the next part.
   *
   * @param end  the last line to look at: the one that is still being written may change
   * @returns    false when there is nothing left to look at
   */
  async step(end: number): Promise<boolean> {
    if (this.next > end || this.found.length >= MOST_FOUND) return false
    const block = this.store.blockOf(this.next)
    const last = Math.min(end, Math.max(this.next, this.store.firstLine(block + BLOCKS_AT_ONCE) - 1))
    const here = this.linesHere(this.next, last)
    if (here) this.look(here, this.next, last)
    else {
      const first = this.store.firstLine(block)
      this.look(cutLines(await this.read(this.store.partOf(block, BLOCKS_AT_ONCE)), block > 0), first, last)
    }
    this.next = last + 1
    return true
  }

  private linesHere(first: number, last: number): string[] | null {
    const lines: string[] = []
    for (let number = first; number <= last; number++) {
      const line = this.store.line(number)
      if (line === undefined) return null
      lines.push(line)
    }
    return lines
  }

  private look(lines: readonly string[], first: number, last: number): void {
    const skipped = this.next - first
    for (let i = skipped; i <= last - first && i < lines.length; i++) {
      if (this.found.length >= MOST_FOUND) return
      if (lines[i]?.toLowerCase().includes(this.wanted)) this.found.push(first + i)
    }
  }
}
