import type { Run } from '../db/runs.ts'
import { terminalText } from '../domain/escape.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import { hasEnded, LOOKS } from '../domain/status.ts'
import type { Step } from './steps.ts'
import { causeLines, type Output, paint, StepPrinter } from './terminal.ts'
import type { SavedResult } from './try-results.ts'

export interface TryEnd {
  code: number
  runs: readonly Run[]
  saved: readonly SavedResult[]
  steps: readonly Step[]
  /** What else one should know of the results, in sentences. */
  notes: readonly string[]
}

/** How `try` tells what happens: to a person, or to a program. */
export interface TryReport {
  say(line: string): void
  /** What is waited for before the first step; undefined when that is over. */
  busy(text: string | undefined): void
  plan(plan: Plan): void
  problem(problem: PlanProblem): void
  step(step: Step): void
  log(step: Step, lines: string[]): void
  end(end: TryEnd): void
  /** It ended before anything was built; the message itself goes to standard error. */
  failed(code: number, message: string): void
  close(): void
}

export function createTextReport(output: Output): TryReport {
  const printer = new StepPrinter(output)
  return {
    say: (line) => printer.print(paint(output, 'grey', terminalText(line))),
    busy: (text) => printer.busy(text),
    plan(plan) {
      for (const line of planLines(output, plan)) printer.print(line)
    },
    problem({ title, summary, lines }) {
      printer.print(`${paint(output, 'red', '✗')} ${terminalText(title)}`)
      for (const line of summary.split('\n')) printer.print(`  ${terminalText(line)}`)
      for (const { number, text } of lines)
        printer.print(`  ${paint(output, 'grey', `${String(number).padStart(4)} │`)} ${terminalText(text)}`)
    },
    step: (step) => printer.onStep(step),
    log: (step, lines) => printer.onLog(step, lines),
    end(end) {
      printer.close()
      for (const line of endLines(output, end)) output.write(`${line}\n`)
    },
    failed: () => printer.close(),
    close: () => printer.close(),
  }
}

/** What is built, which jobs are not and why, and what is doubtful. */
function planLines(output: Output, { configPath, summary, jobs, warnings }: Plan): string[] {
  const mark = jobs.some((job) => job.wanted) ? paint(output, 'green', '✓') : paint(output, 'orange', '!')
  const reasons = Map.groupBy(
    jobs.filter((job) => !job.wanted),
    (job) => job.reason,
  )
  return [
    `${mark} ${terminalText(`${configPath ?? 'Configuration'}: ${summary}`)}`,
    ...[...reasons].map(([reason, left]) => {
      const names = [...new Set(left.map((job) => job.job))].join(', ')
      return `${paint(output, 'purple', LOOKS.skipped.mark)}  ${terminalText(`job ${names}: ${reason}`)}`
    }),
    ...warnings.map((warning) => `${paint(output, 'orange', '!')} ${terminalText(warning)}`),
  ]
}

/** What was built and where it is; after a failure the cause stands last. */
function endLines(output: Output, { runs, saved, steps, notes }: TryEnd): string[] {
  const lines: string[] = []
  for (const { dir, repository, install } of saved) {
    lines.push('', `${paint(output, 'bold', 'Results')}     ${dir}`)
    if (repository) lines.push(`${paint(output, 'bold', 'Repository')}  ${repository}`)
    lines.push(...install.map((line) => `\n  ${line}`))
  }
  const explained = steps.filter((step) => step.cause).flatMap((step) => [step.reason, step.cause?.summary])
  const reasons = runs.map((run) => run.pipelines[0]?.reason ?? '').filter((reason) => !explained.includes(reason))
  const said = [...new Set([...reasons, ...notes])].filter(Boolean)
  if (said.length > 0) lines.push('', ...said.map(terminalText))
  for (const step of steps) lines.push(...causeLines(output, step))
  return lines
}

/** One JSON object a line: `event` is `note`, `plan`, `problem`, `step`, `log` or, always the last one, `end`. */
export function createJsonReport({ write }: Pick<Output, 'write'>): TryReport {
  const tell = (event: string, data: object) => write(`${JSON.stringify({ event, ...data })}\n`)
  return {
    busy: () => {},
    say: (text) => tell('note', { text }),
    plan: ({ summary, jobs, warnings, configPath }) =>
      tell('plan', { summary, jobs, warnings, config_path: configPath }),
    problem: (problem) => tell('problem', problem),
    step: (step) => tell('step', jsonStep(step)),
    log: (step, lines) => tell('log', { step: step.key, lines }),
    failed: (code, message) => tell('end', { code, error: message }),
    end: ({ code, runs, saved, steps, notes }) =>
      tell('end', {
        code,
        state: runs.map((run) => run.pipelines[0]?.state ?? null),
        reason: runs.map((run) => run.pipelines[0]?.reason ?? null),
        results: saved,
        notes,
        causes: steps
          .filter((step) => step.cause && hasEnded(step.state))
          .map((step) => ({ step: step.key, name: step.name, ...step.cause })),
      }),
    close: () => {},
  }
}

function jsonStep({ key, name, state, reason, startedAt, endedAt, result }: Step) {
  return { step: key, name, state, reason, started_at: startedAt, ended_at: endedAt, result }
}
