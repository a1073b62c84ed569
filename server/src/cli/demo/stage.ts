import { pino } from 'pino'
import type { Config } from '../../config.ts'
import { findDelivery } from '../../db/deliveries.ts'
import { listPipelinesOfEvent } from '../../db/events.ts'
import type { Run } from '../../db/runs.ts'
import { installOf } from '../results.ts'
import { untilStopped } from '../serve.ts'
import type { Service } from '../service.ts'
import { type Started, start } from '../start.ts'
import { followRuns, type Step } from '../steps.ts'
import { causeLines, type Output, paint, type StepPrinter } from '../terminal.ts'

/** Where a demo is shown. */
export interface Stage {
  output: Output
  printer: StepPrinter
  /** It ends with its story, instead of serving on. */
  once: boolean
}

/** What a story looks at: the data of the service, and where it answers on this machine. */
export interface Place {
  service: Pick<Service, 'database' | 'storage'>
  url: string
}

/** A line about what has happened. */
export function done({ printer, output }: Stage, line: string): void {
  printer.print(`${paint(output, 'green', '✓')} ${line}`)
}

/** What happens next. */
export function heading({ printer, output }: Stage, line: string): void {
  printer.print(`\n${paint(output, 'bold', line)}`)
}

/**
 * Starts the service, has a story told, and serves on.
 *
 * @param story  gives the exit code: 0 when all went well
 */
export async function play(
  { output, printer, once }: Stage,
  config: Config,
  story: (started: Started) => Promise<number>,
): Promise<void> {
  const started = await start(config, pino({ level: config.logLevel, base: null }), {
    say: (line) => printer.print(paint(output, 'grey', line)),
  })
  try {
    process.exitCode = await story(started)
    if (once) return await started.stop()
  } catch (error) {
    printer.close()
    await started.stop()
    throw error
  }
  output.write('\nServing; Ctrl-C stops.\n')
  await untilStopped(started)
}

/** Shows what was decided about a delivery; gives the event that it told of, if there is one. */
export async function showDecision(
  { service }: Place,
  deliveryId: number,
  { printer, output }: Stage,
): Promise<number | undefined> {
  const delivery = await untilDecided(service.database.db, deliveryId)
  const mark = delivery.state === 'decided' ? paint(output, 'green', '✓') : paint(output, 'red', '✗')
  printer.print(
    `${mark} Jobs decided: ${delivery.decision}${delivery.state === 'decided' ? '' : ` (${delivery.reasons.join('; ')})`}`,
  )
  return delivery.eventId ?? undefined
}

/** Shows the newest runs of an event while they happen; gives them as they ended. */
export async function showRuns({ service }: Place, eventId: number, { printer, output }: Stage): Promise<Run[]> {
  const pipelines = await listPipelinesOfEvent(service.database.db, eventId)
  const newest = Math.max(...pipelines.map((p) => p.attempt))
  const runIds = [...new Set(pipelines.filter((p) => p.attempt === newest).map((p) => p.mergedRunId ?? p.id))]
  const last = new Map<string, Step>()
  const runs = await followRuns(runIds, service, {
    onStep(step) {
      last.set(step.key, step)
      printer.onStep(step)
    },
    onLog: () => {},
  })
  for (const step of last.values()) for (const line of causeLines(output, step)) printer.print(line)
  return runs
}

async function untilDecided(db: Parameters<typeof findDelivery>[0], id: number) {
  for (;;) {
    const delivery = await findDelivery(db, id)
    if (!delivery) throw new Error('the delivery is gone')
    if (delivery.state !== 'received') return delivery
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function hasFailed(runs: readonly Run[]): boolean {
  return runs.some((run) => ['failure', 'error'].includes(run.pipelines[0]?.state ?? 'error'))
}

/** The page of each run, and how to install what it has built. */
export function resultLines({ url }: Place, runs: readonly Run[], output: Output): string[] {
  const lines: string[] = ['']
  for (const run of runs) {
    const state = run.pipelines[0]
    lines.push(
      `${paint(output, 'bold', 'Run')}         ${url}/pipeline/${run.id}${state?.reason ? `  (${state.reason})` : ''}`,
    )
    for (const { repoFile, commands } of installOf(run, `${url}/repos`)) {
      lines.push(
        `${paint(output, 'bold', 'Repository')}  ${repoFile}`,
        '',
        ...commands.map((command) => `  ${command}`),
      )
    }
  }
  return lines
}
