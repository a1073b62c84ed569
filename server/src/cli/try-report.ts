import type { Run } from '../db/runs.ts'
import { terminalText } from '../domain/escape.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import { hasEnded } from '../domain/status.ts'
import type { Step } from './steps.ts'
import { causeLines, type Output, paint, StepPrinter } from './terminal.ts'
import type { SavedResult } from './try-results.ts'

export interface TryEnd {
  code: number
  runs: readonly Run[]
  saved: readonly SavedResult[]
  steps: readonly Step[]
}

/** How `try` tells what happens: to a person, or to a program. */
export interface TryReport {
  say(line: string): void
  plan(plan: Plan): void
  problem(problem: PlanProblem): void
  step(step: Step): void
  log(step: Step, lines: string[]): void
  end(end: TryEnd): void
  close(): void
}

export function createTextReport(output: Output): TryReport {
  const printer = new StepPrinter(output)
  return {
    say: (line) => printer.print(paint(output, 'grey', terminalText(line))),
    plan(plan) {
      printer.print(
        `${paint(output, 'green', '✓')} ${plan.configPath ?? 'Configuration'}: ${terminalText(plan.summary)}`,
      )
      for (const warning of plan.warnings) printer.print(`${paint(output, 'orange', '!')} ${terminalText(warning)}`)
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
    close: () => printer.close(),
  }
}

/** What was built and where it is; after a failure the cause stands last. */
function endLines(output: Output, { runs, saved, steps }: TryEnd): string[] {
  const lines: string[] = []
  for (const { dir, repository, install } of saved) {
    lines.push('', `${paint(output, 'bold', 'Results')}     ${dir}`)
    if (repository) lines.push(`${paint(output, 'bold', 'Repository')}  ${repository}`)
    lines.push(...install.map((line) => `\n  ${line}`))
  }
  const causes = steps.map((step) => step.cause?.summary)
  for (const reason of runs.map((run) => run.pipelines[0]?.reason)) {
    if (reason && !causes.includes(reason)) lines.push('', terminalText(reason))
  }
  for (const step of steps) lines.push(...causeLines(output, step))
  return lines
}

/** One JSON object a line: `event` is `note`, `plan`, `problem`, `step`, `log` or `end`. */
export function createJsonReport(
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): TryReport {
  const tell = (event: string, data: object) => write(JSON.stringify({ event, ...data }))
  return {
    say: (text) => tell('note', { text }),
    plan: ({ summary, jobs, warnings, configPath }) =>
      tell('plan', { summary, jobs, warnings, config_path: configPath }),
    problem: (problem) => tell('problem', problem),
    step: (step) => tell('step', jsonStep(step)),
    log: (step, lines) => tell('log', { step: step.key, lines }),
    end: ({ code, runs, saved, steps }) =>
      tell('end', {
        code,
        state: runs.map((run) => run.pipelines[0]?.state ?? null),
        reason: runs.map((run) => run.pipelines[0]?.reason ?? null),
        results: saved,
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
