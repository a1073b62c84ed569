/**
 * A growing log, cut into lines as its bytes come.
 *
 * A part may end anywhere, in the middle of a letter too: the decoder and the open last line wait for the next.
 */
export class LogBuffer {
  readonly lines: string[] = []
  /** Bytes taken so far: where to go on reading. */
  offset = 0
  private open = ''
  private decoder = new TextDecoder()

  /** Lines that are complete, and the one that is still being written. */
  get lineCount(): number {
    return this.lines.length + (this.open === '' ? 0 : 1)
  }

  /** The line with this number, counted from 1; `''` where there is none. */
  line(number: number): string {
    return this.lines[number - 1] ?? (number === this.lines.length + 1 ? this.open : '')
  }

  append(bytes: Uint8Array): void {
    this.offset += bytes.length
    const parts = (this.open + this.decoder.decode(bytes, { stream: true })).split('\n')
    this.open = parts.pop() ?? ''
    for (const part of parts) this.lines.push(part)
  }

  /** The numbers of the lines that hold `text`, whatever its case; none for an empty text. */
  find(text: string, limit = 10_000): number[] {
    const wanted = text.toLowerCase()
    const found: number[] = []
    if (wanted === '') return found
    for (let number = 1; number <= this.lineCount && found.length < limit; number++) {
      if (this.line(number).toLowerCase().includes(wanted)) found.push(number)
    }
    return found
  }
}
