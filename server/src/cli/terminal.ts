import { terminalText } from '../domain/escape.ts'
import { hasEnded, LOOKS, type State } from '../domain/status.ts'
import type { Step } from './steps.ts'

/** Where a command writes. */
export interface Output {
  write(text: string): void
  isTerminal: boolean
  /** False with `NO_COLOR`, and where the output is no terminal. */
  hasColor: boolean
  columns: number
}

/** Standard output as a command writes to it; pipes and `NO_COLOR` are respected. */
export function standardOutput(stream: NodeJS.WriteStream, noColor: boolean): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    hasColor: stream.isTTY === true && !noColor,
    get columns() {
      return stream.columns ?? 100
    },
  }
}

const CODES = { grey: 90, blue: 34, green: 32, red: 31, orange: 33, purple: 35, bold: 1, dim: 2 } as const
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const TICK_MS = 100
const SHOWN_LOG_LINES = 5

/** Wraps text in a colour, where the output has colours. */
export function paint(output: Output, color: keyof typeof CODES, text: string): string {
  return output.hasColor ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text
}

/** `340 ms`, `1.4 s`, `2 min 5 s`: two units at most. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/**
 * One line a step: a spinner while it runs, then a mark and how long it took. On a terminal the last log lines stand
 * below; in a pipe all of them are printed.
 */
export class StepPrinter {
  readonly #output: Output
  readonly #running = new Map<string, { step: Step; lines: string[] }>()
  readonly #ended = new Set<string>()
  #drawn = 0
  #frame = 0
  #timer: NodeJS.Timeout | undefined

  constructor(output: Output) {
    this.#output = output
  }

  onStep(step: Step): void {
    if (this.#ended.has(step.key)) return
    if (hasEnded(step.state)) this.#end(step)
    else if (step.state === 'running') this.#show(step)
  }

  #show(step: Step): void {
    const known = this.#running.get(step.key)
    this.#running.set(step.key, { step, lines: known?.lines ?? [] })
    if (!known && !this.#output.isTerminal) this.print(`${LOOKS.running.mark} ${step.name}`)
    this.#start()
  }

  onLog(step: Step, lines: string[]): void {
    const clean = lines.map(terminalText)
    if (!this.#output.isTerminal) this.#output.write(clean.map((line) => `  | ${line}\n`).join(''))
    const known = this.#running.get(step.key)
    if (known) known.lines = [...known.lines, ...clean].slice(-SHOWN_LOG_LINES)
  }

  /** A line that stays, above what is running. */
  print(line: string): void {
    this.#erase()
    this.#output.write(`${line}\n`)
    this.#draw()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#erase()
  }

  #end(step: Step): void {
    this.#ended.add(step.key)
    this.#running.delete(step.key)
    this.print(endLine(this.#output, step))
  }

  #start(): void {
    if (!this.#output.isTerminal || this.#timer) return
    this.#timer = setInterval(() => {
      this.#frame += 1
      this.#erase()
      this.#draw()
    }, TICK_MS)
    this.#timer.unref()
  }

  #draw(): void {
    if (!this.#output.isTerminal) return
    const lines: string[] = []
    for (const { step, lines: log } of this.#running.values()) {
      const since = step.startedAt ? duration(Date.now() - step.startedAt.getTime()) : ''
      const spinner = paint(this.#output, 'blue', SPINNER[this.#frame % SPINNER.length] ?? '')
      lines.push(`${spinner} ${step.name}  ${paint(this.#output, 'grey', since)}`)
      for (const line of log) lines.push(paint(this.#output, 'grey', `  ${line}`.slice(0, this.#output.columns - 1)))
    }
    this.#output.write(lines.map((line) => `${line}\n`).join(''))
    this.#drawn = lines.length
  }

  #erase(): void {
    if (this.#drawn > 0) this.#output.write(`\u001b[${this.#drawn}A\u001b[0J`)
    this.#drawn = 0
  }
}

/** Mark, name, duration and what came out; the reason where there is one. */
export function endLine(output: Output, step: Step): string {
  const look = LOOKS[step.state]
  const took = step.startedAt && step.endedAt ? duration(step.endedAt.getTime() - step.startedAt.getTime()) : ''
  const more = terminalText(step.reason ?? step.result ?? '')
  const parts = [
    markOf(output, step.state),
    step.name,
    paint(output, 'grey', took),
    step.state === 'success' ? paint(output, 'grey', more) : more,
  ]
  return parts.filter(Boolean).join('  ') || look.word
}

export function markOf(output: Output, state: State): string {
  return paint(output, LOOKS[state].color, LOOKS[state].mark)
}

/** The cause of a failure, in full: what failed, the lines that say why with their numbers. */
export function causeLines(output: Output, step: Pick<Step, 'name' | 'cause'>): string[] {
  const { cause } = step
  if (!cause) return []
  const width = String(Math.max(0, ...cause.lines.map((l) => l.number))).length
  const lines = cause.lines.map(({ number, text }) => {
    const isMain = number === cause.line
    const line = `  ${paint(output, 'grey', `${String(number).padStart(width)} │`)} ${terminalText(text)}`
    return isMain ? line.replace(terminalText(text), paint(output, 'bold', terminalText(text))) : line
  })
  return ['', paint(output, 'red', terminalText(cause.summary)), ...lines]
}
