import type { Hit } from './hits.ts'
import { type LogLines, withoutPrefix } from './lines.ts'
import { WEAK } from './rules/rule.ts'
import type { Part } from './section.ts'

export interface Line {
  number: number
  text: string
}

const MAX_LINES = 10
/** Room for what belongs to the other hits is only left when there are few. */
const MAX_HIT_LINES = 8
/** Hits that are this much less telling than the main one are left out. */
const WEIGHT_RANGE = 30
/** So far above is looked for the line that a hit belongs to. */
const BACK_LINES = 200
/** So far is looked for a second line where all is empty. */
const FILL_LINES = 5000

/** Collects lines of a log, no more than ten, none empty and none twice. */
export class Choice {
  readonly #lines: LogLines
  readonly #part: Part
  readonly #chosen = new Map<number, string>()

  constructor(lines: LogLines, part: Part) {
    this.#lines = lines
    this.#part = part
  }

  get size(): number {
    return this.#chosen.size
  }

  add(index: number, max = MAX_LINES): void {
    if (index < 0 || index >= this.#lines.count || this.size >= max || this.#chosen.has(index)) return
    const text = this.#lines.text(index)
    const alike = likeness(text)
    if (alike === '' || [...this.#chosen.values()].some((other) => likeness(other) === alike)) return
    this.#chosen.set(index, text)
  }

  /** Adds the lines around a hit that belong to it. */
  addContext({ index, rule }: Hit): void {
    for (const form of rule.back ?? []) this.#addBack(index, form)
    for (let i = index - 1; i >= Math.max(this.#part.from, index - (rule.before ?? 0)); i--) this.add(i)
    const { after = 0 } = rule
    if (typeof after === 'number') for (let i = 1; i <= after && index + i < this.#part.to; i++) this.add(index + i)
    else
      for (let i = index + 1; i < this.#part.to && this.size < MAX_LINES && after.test(this.#read(i)); i++) this.add(i)
  }

  /** Adds the command of the script that ran at a line: the shell shows each with `+`. */
  addCommand(index: number): void {
    this.#addBack(index, /^\+ (?!echo |cd |export |umask |exit |jobs |true$|:$)/)
  }

  /** Adds the nearest lines that aren't empty, until there are `count`. */
  fill(index: number, count: number): void {
    for (let i = index + 1; i <= index + FILL_LINES && this.size < count; i++) this.add(i)
    for (let i = index - 1; i >= Math.max(0, index - FILL_LINES) && this.size < count; i--) this.add(i)
  }

  /** In the order of the log. */
  lines(): Line[] {
    const sorted = [...this.#chosen].toSorted(([a], [b]) => a - b)
    return sorted.map(([index, text]) => ({ number: index + 1, text }))
  }

  #addBack(index: number, form: RegExp): void {
    for (let i = index - 1; i >= Math.max(this.#part.from, index - BACK_LINES); i--) {
      if (!form.test(this.#read(i))) continue
      this.add(i)
      return
    }
  }

  #read(index: number): string {
    return withoutPrefix(this.#lines.text(index))
  }
}

/** Lines with the same likeness say the same: of long ones (a download tried again) only the numbers differ. */
function likeness(text: string): string {
  return text.length > 150 ? text.replace(/0x[0-9a-f]+|\d+/g, '0') : text.trim()
}

/** The lines that say why: the main one with what belongs to it, then the others, most telling first. */
export function chooseLines(lines: LogLines, part: Part, main: Hit, hits: readonly Hit[]): Line[] {
  const choice = new Choice(lines, part)
  choice.add(main.index)
  choice.addContext(main)
  const least = main.weight <= WEAK ? main.weight + 1 : Math.max(main.weight - WEIGHT_RANGE, WEAK + 1)
  const others = hits
    .filter((hit) => hit !== main && hit.weight >= least)
    .toSorted((a, b) => b.weight - a.weight || a.index - b.index)
  for (const hit of others) choice.add(hit.index, MAX_HIT_LINES)
  for (const hit of others.slice(0, MAX_LINES)) choice.addContext(hit)
  if (choice.size < 4 && part.section !== '%files') choice.addCommand(main.index)
  if (choice.size < 2) choice.fill(main.index, 2)
  return choice.lines()
}

/** The last lines of a part and the command that printed them: what was going on when it ended. */
export function lastLines(lines: LogLines, part: Part, count = 5): { main: number; lines: Line[] } | undefined {
  let main = lines.lastBefore(part.to)
  while (main >= 0 && lines.text(main).trim() === '') main = lines.lastBefore(main)
  if (main < 0) return undefined
  const choice = new Choice(lines, part)
  choice.add(main)
  if (!lines.text(main).startsWith('+ ')) choice.addCommand(main)
  for (let i = main - 1; i >= Math.max(part.from, main - 20) && choice.size < count; i--) {
    if (lines.text(i).startsWith('+ ')) break
    choice.add(i)
  }
  if (choice.size < 2) choice.fill(main, 2)
  return { main, lines: choice.lines() }
}
