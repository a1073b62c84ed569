import type { ImportProgress, ImportResult } from '../db/import/run-import.ts'
import { terminalText } from '../domain/escape.ts'
import { duration, type Output } from './terminal.ts'

const DRAW_MS = 100
const STEPS = { read: 'reading', prepare: 'preparing', write: 'writing', texts: 'copying' } as const

const count = (rows: number) => rows.toLocaleString('en')

/** One line that says how far an import is; on a terminal only. */
export class ImportPrinter {
  readonly #output: Output
  #step: ImportProgress['step'] | undefined
  #stepBegan = 0
  #drawnAt = 0

  constructor(output: Output) {
    this.#output = output
  }

  show(at: ImportProgress, now: number): void {
    if (!this.#output.isTerminal) return
    if (at.step !== this.#step) {
      this.#step = at.step
      this.#stepBegan = now
    } else if (now - this.#drawnAt < DRAW_MS) return
    this.#drawnAt = now
    this.#output.write(`\r\u001b[K${progressLine(at, now - this.#stepBegan).slice(0, this.#output.columns - 1)}`)
  }

  clear(): void {
    if (this.#output.isTerminal) this.#output.write('\r\u001b[K')
  }
}

/** @param ms  how long the step has taken so far */
export function progressLine({ step, table, rows, of, done }: ImportProgress, ms: number): string {
  const what = `${STEPS[step]} ${table}`
  if (step === 'prepare') return what
  if (step === 'texts') return `${what}  ${count(rows)}`
  const rate = ms > 0 ? (done / ms) * 1000 : 0
  const left = rate > 0 && ms >= 1000 ? `  ${duration(((of - done) / rate) * 1000)} left` : ''
  return `${what}  ${count(rows)} rows  ${count(Math.round(rate))} rows/s  ${Math.floor((done / Math.max(of, 1)) * 100)} %${left}`
}

/** What a run of an import has done, for people. */
export function resultLines(
  result: ImportResult,
  { source, report, ms }: { source: string; report: string; ms: number },
): string[] {
  const written = Object.entries(result.tables).filter(([, { added, changed }]) => added + changed > 0)
  const sum = (key: 'added' | 'changed') => written.reduce((all, [, table]) => all + table[key], 0)
  const rate = Math.round((result.sourceRows / Math.max(ms, 1)) * 1000)
  return [
    ...(result.wasBrokenOff ? ['went on with an import that had been broken off'] : []),
    `read ${count(result.sourceRows)} rows of ${source} in ${duration(ms)} (${count(rate)} rows/s)`,
    `added ${count(sum('added'))} rows and ${count(result.texts)} logs, changed ${count(sum('changed'))} rows`,
    ...written.map(
      ([table, { added, changed }]) => `  ${table}  ${count(added)}${changed ? `, changed ${count(changed)}` : ''}`,
    ),
    ...toldLines(result, report),
  ].map(terminalText)
}

function toldLines({ told }: ImportResult, report: string): string[] {
  if (told.length === 0) return ['every row was placed']
  const lines = told.map(({ outcome, source, reason, count: rows, ids }) => {
    const more = rows > ids.length ? ', …' : ''
    return `  ${outcome}: ${count(rows)} of ${source}: ${reason} (${ids.join(', ')}${more})`
  })
  return ['rows that could not be placed, or not whole:', ...lines, `all of them are in ${report}`]
}
