import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { type Config, readConfig, wantsNoColor } from '../config.ts'
import { listHeads, listPipelinesOfEvent } from '../db/events.ts'
import { openEmbedded } from '../db/open.ts'
import { findTrigger } from '../db/projects.ts'
import type { Run } from '../db/runs.ts'
import { ConfigError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { planHead } from '../events/plan-head.ts'
import { runHead } from '../events/run-head.ts'
import { createService, type Service } from './service.ts'
import { followRuns, type Step } from './steps.ts'
import { standardOutput } from './terminal.ts'
import { planTry } from './try-plan.ts'
import { createJsonReport, createTextReport, type TryReport } from './try-report.ts'
import { type SavedResult, saveResults } from './try-results.ts'
import { findTryHead, openForTry, type TryHead } from './try-source.ts'

export interface TryOptions {
  base?: string
  head?: string
  pr?: number
  chroot: string[]
  package: string[]
  merge: boolean
  committed: boolean
  keep: boolean
  json: boolean
  strict: boolean
}

export function tryCommand(): Command {
  return new Command('try')
    .description(
      'build a change of any project that has a package configuration: no forge and no running service needed',
    )
    .argument('<source>', 'path of a repository, or address git can fetch from')
    .option('--base <ref>', 'branch to merge into (default: where the HEAD of the repository points)')
    .option('--head <ref>', 'branch, tag or commit to build (default: the working tree of a path, else the base)')
    .option('--pr <number>', 'pull or merge request to build', wholeNumber)
    .option('--chroot <name>', 'build for this one only; may be given again', collect, [])
    .option('--package <name>', 'of several packages, build this one only; may be given again', collect, [])
    .option('--no-merge', 'build the head as it is, not merged into the base')
    .option('--committed', 'build the commit that is checked out, not the working tree', false)
    .option('--keep', 'keep the folder with mirror, logs and results of all steps', false)
    .option('--json', 'tell what happens as JSON, one object a line', false)
    .option('--strict', 'fail also when a wanted target can not be built here', false)
    .addHelpText(
      'after',
      '\nEnds with 0 when something was built and nothing failed, 1 when a build failed, 2 when the input is wrong.',
    )
    .action(async (source: string, options: TryOptions) => {
      process.exitCode = await runTry(source, options)
    })
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a number is needed')
  return Number(text)
}

const collect = (value: string, list: string[]) => [...list, value]

async function runTry(source: string, options: TryOptions): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'packit-try-'))
  const settings = readConfig({ changed: { PACKIT_DATA_DIR: dir, DATABASE_URL: '' } })
  const config = await openForTry(source, settings)
  const report = options.json ? createJsonReport() : createTextReport(standardOutput(process.stdout, wantsNoColor()))
  const stop = stopOnSignal()
  try {
    return await tryIn(config, source, options, report, stop)
  } finally {
    report.close()
    if (options.keep) report.say(`kept: ${dir}`)
    else await rm(dir, { recursive: true, force: true })
  }
}

/** Ctrl-C ends what runs, cleans up, and ends with the usual code. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => controller.abort(new ConfigError('stopped')))
  return controller.signal
}

async function tryIn(
  config: Config,
  source: string,
  options: TryOptions,
  report: TryReport,
  signal: AbortSignal,
): Promise<number> {
  const database = await openEmbedded()
  const service = await createService(
    config,
    database,
    pino({ level: config.logLevel === 'info' ? 'silent' : config.logLevel, base: null }),
  )
  try {
    const head = await findTryHead(source, options, service, (line) => report.say(line), signal)
    for (const note of head.notes) report.say(note)
    const planned = await planTry(head, options, service, await planHead(head, service.events, signal))
    if (planned.plan.problem) return reportProblem(planned.plan, report)
    report.plan(planned.plan)
    await runHead(undefined, head, service.events, { cause: 'try', plan: planned, signal })
    await service.work()
    const steps = new Map<string, Step>()
    const runs = await followRuns(await findRuns(head, service), service, watch(steps, report), signal)
    const saved = await saveResults(runs, service.storage, process.cwd())
    return conclude(runs, [...steps.values()], saved, options, report)
  } finally {
    await service.stop()
    await database.close()
  }
}

function watch(steps: Map<string, Step>, report: TryReport) {
  return {
    onStep(step: Step) {
      steps.set(step.key, step)
      report.step(step)
    },
    onLog: (step: Step, lines: string[]) => report.log(step, lines),
  }
}

/** The configuration, or what it asks for, is not possible: the input is wrong. */
function reportProblem({ problem }: Plan, report: TryReport): number {
  if (problem) report.problem(problem)
  return 2
}

async function findRuns(head: TryHead, { database }: Service): Promise<number[]> {
  const trigger = await findTrigger(database.db, head)
  const [newest] = trigger ? await listHeads(database.db, trigger.id) : []
  const pipelines = newest ? await listPipelinesOfEvent(database.db, newest.id) : []
  return [...new Set(pipelines.map((pipeline) => pipeline.mergedRunId ?? pipeline.id))]
}

/** Tells the end, causes last, and gives the exit code. */
function conclude(
  runs: readonly Run[],
  steps: readonly Step[],
  saved: readonly SavedResult[],
  options: TryOptions,
  report: TryReport,
): number {
  const states = runs.map((run) => run.pipelines[0]?.state ?? 'error')
  const failed = states.some((state) => state === 'failure' || state === 'error' || state === 'canceled')
  const built = runs.some((run) => run.targets.some((target) => target.state === 'success'))
  const missed = runs.some((run) => run.targets.some((target) => target.state === 'skipped'))
  const code = failed || !built || (options.strict && missed) ? 1 : 0
  report.end({ code, runs, saved, steps })
  return code
}
