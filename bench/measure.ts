import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `x` is a ratio: how many times as much. */
export type Unit = 'ms' | 'x' | '/s' | 'MB/s' | ''

/** Something that was measured several times. */
export interface Figure {
  what: string
  unit: Unit
  samples: number[]
}

/** Several things about each of many: a table with a column for each. A value that can't be had is null. */
export interface Grid {
  heading: string
  columns: { name: string; unit: Unit }[]
  rows: { what: string; values: (number | null)[] }[]
}

/** How a benchmark is run. */
export interface Settings {
  /** Small data and short times: tells whether it works, not how fast. */
  quick: boolean
  /** How many times the usual data a case shall also be run with. */
  factor: number
  /** Address of a PostgreSQL database to use; filled when it is empty, and kept. */
  database: string | undefined
}

/** One benchmark: a section of the document, and a name for `--only`. */
export interface Case {
  name: string
  title: string
  /** How it is measured, in sentences of Markdown. */
  method: string
  /** Run only when it is asked for: it needs the network, or minutes. */
  isExtra?: boolean
  /** @param say  tells how far it is */
  run(say: (line: string) => void, settings: Settings): Promise<Figure[] | { figures: Figure[]; grids: Grid[] }>
}

export interface Summary {
  what: string
  unit: Unit
  median: number
  low: number
  high: number
  count: number
}

/** The middle one. @throws {RangeError} of nothing */
export function median(values: readonly number[]): number {
  return summarize({ what: 'median', unit: '', samples: [...values] }).median
}

/** @throws {RangeError} without any sample: a benchmark that measured nothing has failed */
export function summarize({ what, unit, samples }: Figure): Summary {
  const sorted = samples.toSorted((a, b) => a - b)
  const [low] = sorted
  const high = sorted.at(-1)
  if (low === undefined || high === undefined) throw new RangeError(`nothing was measured: ${what}`)
  const middle = (sorted.length - 1) / 2
  const half = ((sorted[Math.floor(middle)] ?? low) + (sorted[Math.ceil(middle)] ?? high)) / 2
  return { what, unit, median: half, low, high, count: sorted.length }
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Gathers figures by name, in the order in which they are first met. */
export class Samples {
  readonly #figures = new Map<string, Figure>()

  add(what: string, unit: Unit, value: number): void {
    const figure = this.#figures.get(what) ?? { what, unit, samples: [] }
    figure.samples.push(value)
    this.#figures.set(what, figure)
  }

  get figures(): Figure[] {
    return [...this.#figures.values()]
  }
}

/** A folder that is gone with the block that opened it. */
export async function openFolder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-bench-'))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}
