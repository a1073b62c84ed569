/** Bytes of a block, the unit in which a log is fetched, kept and forgotten; the service's index has the same. */
export const BLOCK_BYTES = 65_536
/** As much of a line as is kept: the raw log has the rest. */
const MOST_LINE_BYTES = 16_384
/** Blocks kept at a time, some 8 MB of log. */
const MOST_BLOCKS = 128
const NEWLINE = 0x0a

/** Where the lines of a log begin: for each block, the number of the first line that begins in it or later. */
export interface StartsOfLines {
  firstLines: readonly number[]
}

/** Bytes of a log to be read: `from` is the byte before the first block, which tells whether a line begins with it. */
export interface Part {
  block: number
  from: number
  /** Before this one. */
  to: number
}

/**
 * The lines of a log, as far as they are needed: the end is added as it is written, blocks in the middle are put in when
 * somebody looks at them, and what nobody has looked at for long is forgotten.
 *
 * A line belongs to the block in which it begins.
 */
export class LogStore {
  /** Bytes taken from the log so far by reading on: where to go on. */
  offset = 0
  private newlines = 0
  private readonly firstLines = [1]
  private readonly blocks = new Map<number, string[]>()
  private open = ''
  private openBlock = 0
  /** What comes belongs to a line that began before. */
  private isInside = false
  private decoder = new TextDecoder()

  /** Lines that are complete, and the one that is still being written. */
  get lineCount(): number {
    return this.newlines + (this.open === '' ? 0 : 1)
  }

  /** Lines whose end is written. */
  get completeLines(): number {
    return this.newlines
  }

  get blockCount(): number {
    return this.firstLines.length
  }

  /** Goes to the last block that an index knows, as if everything before had been read. */
  jump({ firstLines }: StartsOfLines): void {
    const block = firstLines.length - 1
    const first = firstLines[block] ?? 1
    if (block < this.firstLines.length) return
    this.firstLines.splice(0, this.firstLines.length, ...firstLines.slice(0, block))
    this.offset = block * BLOCK_BYTES - 1
    this.newlines = first - 2
    this.open = ''
    this.isInside = true
    this.decoder = new TextDecoder()
  }

  /** Takes what follows `offset`. A part may end anywhere, in the middle of a letter too. */
  append(bytes: Uint8Array): void {
    const parts = this.decoder.decode(bytes, { stream: true }).split('\n')
    let at = -1
    for (const part of parts) {
      this.addToOpen(part)
      at = bytes.indexOf(NEWLINE, at + 1)
      if (at === -1) break
      this.closeBlocks(this.offset + at)
      this.endLine(this.offset + at)
    }
    this.offset += bytes.length
    this.closeBlocks(this.offset)
    this.forget()
  }

  private addToOpen(text: string): void {
    if (!this.isInside && this.open.length < MOST_LINE_BYTES) this.open += text
  }

  private endLine(at: number): void {
    if (!this.isInside) this.linesOf(this.openBlock)?.push(this.open)
    this.newlines++
    this.open = ''
    this.isInside = false
    this.openBlock = Math.floor((at + 1) / BLOCK_BYTES)
  }

  /** Lines of a block, if they are here from its first on. */
  private linesOf(block: number): string[] | undefined {
    const lines = this.blocks.get(block)
    if (lines || this.firstLines[block] !== this.newlines + 1) return lines
    const fresh: string[] = []
    this.blocks.set(block, fresh)
    return fresh
  }

  private closeBlocks(offset: number): void {
    while (this.firstLines.length * BLOCK_BYTES - 1 <= offset) this.firstLines.push(this.newlines + 2)
  }

  /** The line with this number, counted from 1; undefined where it has to be fetched first. */
  line(number: number): string | undefined {
    if (number === this.newlines + 1) return this.open
    const block = this.blockOf(number)
    return this.blocks.get(block)?.[number - (this.firstLines[block] ?? 1)]
  }

  /** The block in which a line begins. */
  blockOf(number: number): number {
    let [low, high] = [0, this.firstLines.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.firstLines[middle] ?? 1) <= number) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The first part to fetch for these lines; undefined when all of them are here. They count as looked at. */
  missing(first: number, last: number): Part | undefined {
    let found: Part | undefined
    const end = this.blockOf(Math.min(last, this.newlines))
    for (let block = this.blockOf(first); block <= end; block++) {
      const lines = this.blocks.get(block)
      if (lines) {
        this.blocks.delete(block)
        this.blocks.set(block, lines)
      } else if (this.countOf(block) > 0) found ??= this.partOf(block, 1)
    }
    return found
  }

  /** Some blocks as one part, with what their last line may need of the next. */
  partOf(block: number, count: number): Part {
    const to = Math.min(this.offset, (block + count) * BLOCK_BYTES + MOST_LINE_BYTES)
    return { block, from: Math.max(0, block * BLOCK_BYTES - 1), to }
  }

  /** How many complete lines begin in a block. */
  private countOf(block: number): number {
    const next = this.firstLines[block + 1] ?? this.newlines + 1
    return Math.min(next, this.newlines + 1) - (this.firstLines[block] ?? 1)
  }

  firstLine(block: number): number {
    return this.firstLines[block] ?? this.newlines + 1
  }

  /** Puts a fetched block in. */
  put(part: Part, bytes: Uint8Array): void {
    this.blocks.set(part.block, cutLines(bytes, part.block > 0).slice(0, Math.max(0, this.countOf(part.block))))
    this.forget(part.block)
  }

  private forget(keep = -1): void {
    for (const block of this.blocks.keys()) {
      if (this.blocks.size <= MOST_BLOCKS) return
      if (block !== keep && block !== this.openBlock) this.blocks.delete(block)
    }
  }
}

/**
 * The lines that begin in a part of a log.
 *
 * @param hasByteBefore  the first byte is the one before the part, and so the rest of a line that began earlier
 */
export function cutLines(bytes: Uint8Array, hasByteBefore: boolean): string[] {
  const start = hasByteBefore ? bytes.indexOf(NEWLINE) + 1 : 0
  if (hasByteBefore && start === 0) return []
  return new TextDecoder().decode(bytes.subarray(start)).split('\n')
}
