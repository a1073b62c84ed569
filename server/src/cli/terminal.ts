import { terminalText } from '../domain/escape.ts'
import { hasEnded, LOOKS, type State } from '../domain/status.ts'
import type { Step } from './steps.ts'
import { READER_GONE } from './stop.ts'

/** Where a command writes. */
export interface Output {
  write(text: string): void
  isTerminal: boolean
  /** False with `NO_COLOR`, and where the output is no terminal. */
  hasColor: boolean
  columns: number
  /** Lines of the terminal; 24 when left out. */
  rows?: number
}

/**
 * Standard output as a command writes to it; pipes and `NO_COLOR` are respected.
 *
 * @param onClosed  nobody reads any more (`| head`): by default the process ends as others do
 */
export function standardOutput(
  stream: NodeJS.WriteStream,
  noColor: boolean,
  onClosed: () => void = () => process.exit(READER_GONE),
): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') onClosed()
    else throw error
  })
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    hasColor: stream.isTTY === true && !noColor,
    get columns() {
      return stream.columns || 100
    },
    get rows() {
      return stream.rows || 24
    },
  }
}

const CODES = { grey: 90, blue: 34, green: 32, red: 31, orange: 33, purple: 35, bold: 1, dim: 2 } as const
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const TICK_MS = 100
const SHOWN_LOG_LINES = 5

/** Wraps text in a colour, where the output has colours. */
export function paint(output: Output, color: keyof typeof CODES, text: string): string {
  return output.hasColor && text !== '' ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text
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
  readonly #live: LiveRegion
  readonly #running = new Map<string, RunningStep>()
  readonly #ended = new Set<string>()
  #busy: { text: string; since: Date } | undefined
  #frame = 0
  #timer: NodeJS.Timeout | undefined

  constructor(output: Output) {
    this.#output = output
    this.#live = new LiveRegion(output)
  }

  onStep(step: Step): void {
    if (this.#ended.has(step.key)) return
    if (hasEnded(step.state)) this.#end(step)
    else if (step.state === 'running') this.#show(step)
  }

  #show(step: Step): void {
    const known = this.#running.get(step.key)
    this.#running.set(step.key, { name: step.name, since: step.startedAt, lines: known?.lines ?? [] })
    if (!known && !this.#output.isTerminal) this.print(`${LOOKS.running.mark} ${step.name}`)
    this.#start()
  }

  onLog(step: Step, lines: string[]): void {
    const clean = lines.map(terminalText)
    if (!this.#output.isTerminal) this.#output.write(clean.map((line) => `  | ${line}\n`).join(''))
    const known = this.#running.get(step.key)
    if (known) known.lines = [...known.lines, ...clean].slice(-SHOWN_LOG_LINES)
  }

  /** What is done before the first step, on a terminal only; undefined when that is over. */
  busy(text: string | undefined): void {
    this.#busy = text === undefined ? undefined : { text: terminalText(text), since: this.#busy?.since ?? new Date() }
    this.#live.draw(this.#lines())
    if (this.#busy) this.#start()
  }

  /** A line that stays, above what is running. */
  print(line: string): void {
    this.#live.draw(this.#lines(), `${line}\n`)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#live.draw([])
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
      this.#live.draw(this.#lines())
    }, TICK_MS)
    this.#timer.unref()
  }

  /** As many lines as the terminal has room for: the steps first, then the ends of their logs. */
  #lines(): string[] {
    if (!this.#output.isTerminal) return []
    const busy = this.#busy && { name: this.#busy.text, since: this.#busy.since, lines: [] }
    const all = [...(busy ? [busy] : []), ...this.#running.values()]
    const room = Math.max(2, (this.#output.rows ?? 24) - 1)
    const shown = all.length > room ? all.slice(0, room - 1) : all
    const logLines = Math.min(SHOWN_LOG_LINES, Math.floor((room - shown.length) / shown.length))
    const lines = shown.flatMap((step) => this.#runningLines(step, logLines))
    return shown.length < all.length ? [...lines, `  and ${all.length - shown.length} more`] : lines
  }

  #runningLines({ name, since, lines }: RunningStep, logLines: number): string[] {
    const took = since ? duration(Date.now() - since.getTime()) : ''
    const spinner = paint(this.#output, 'blue', SPINNER[this.#frame % SPINNER.length] ?? '')
    const shown = logLines > 0 ? lines.slice(-logLines) : []
    return [
      `${spinner} ${name}  ${paint(this.#output, 'grey', took)}`,
      ...shown.map((line) => paint(this.#output, 'grey', `  ${line}`.slice(0, this.#output.columns))),
    ]
  }
}

interface RunningStep {
  name: string
  since: Date | null
  lines: string[]
}

/** The lines at the end of the terminal that are written over and over. */
class LiveRegion {
  readonly #output: Output
  #height = 0

  constructor(output: Output) {
    this.#output = output
  }

  /** Shows other lines, `above` them a text that stays; all in one write, over what was there, so that nothing flickers. */
  draw(lines: readonly string[], above = ''): void {
    const up = this.#height > 0 ? `\u001b[${this.#height}A` : ''
    // a line that is too wide ends at the edge: wrapped, it would take a line more than was counted
    const live = lines.map((line) => `${line}\u001b[K\n`).join('')
    const text = `${above && up ? `${up}\u001b[J` : up}${above}${live && `\u001b[?7l${live}\u001b[?7h`}`
    const rest = this.#height > lines.length && !above ? '\u001b[J' : ''
    this.#height = lines.length
    if (text || rest) this.#output.write(text + rest)
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
export function causeLines(output: Output, step: Pick<Step, 'name' | 'state' | 'reason' | 'cause'>): string[] {
  const { cause } = step
  if (!cause) return []
  const width = String(Math.max(0, ...cause.lines.map((l) => l.number))).length
  const lines = cause.lines.map(({ number, text }) => {
    const shown = terminalText(text)
    const gutter = paint(output, 'grey', `${String(number).padStart(width)} │`)
    return `  ${gutter} ${number === cause.line ? paint(output, 'bold', shown) : shown}`
  })
  return ['', paint(output, LOOKS[step.state].color, terminalText(causeHeading(step))), ...lines]
}

/** Where the change is not to blame (`this machine lacks …`), the reason says more than the line of the log. */
function causeHeading({ name, state, reason, cause }: Pick<Step, 'name' | 'state' | 'reason' | 'cause'>): string {
  return state === 'error' && reason ? `${name}: ${reason}` : (cause?.summary ?? '')
}
