import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { UNCHECKED } from '../builders/local/inside/rebuild-result.ts'
import { type Config, readConfig, wantsNoColor } from '../config.ts'
import type { Database } from '../db/database.ts'
import { listHeads, listPipelinesOfEvent } from '../db/events.ts'
import { openEmbedded } from '../db/open.ts'
import { findTrigger } from '../db/projects.ts'
import type { Run } from '../db/runs.ts'
import { ConfigError, SetupError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import type { TargetTable } from '../domain/targets.ts'
import { planHead } from '../events/plan-head.ts'
import { runHead } from '../events/run-head.ts'
import { exitCodeOf, tellError } from './errors.ts'
import { createService, type Service } from './service.ts'
import { followRuns, type Step, type StepListener } from './steps.ts'
import { READER_GONE, type Stop, stopOnSignals } from './stop.ts'
import { readTargetsFile } from './targets-file.ts'
import { standardOutput } from './terminal.ts'
import { planTry } from './try-plan.ts'
import { createJsonReport, createTextReport, type TryReport } from './try-report.ts'
import { type SavedResult, saveResults } from './try-results.ts'
import { findTryHead, findTryPlace, openForTry, type TryHead, type TryPlace } from './try-source.ts'

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

/** Not told to the parser, which would print them in the help. */
const DEFAULTS: TryOptions = {
  chroot: [],
  package: [],
  merge: true,
  committed: false,
  keep: false,
  json: false,
  strict: false,
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
    .option('--chroot <name>', 'build, and test, for this one only; may be given again', collect)
    .option('--package <name>', 'of several packages, build, and test, this one only; may be given again', collect)
    .option('--no-merge', 'build the head as it is, not merged into the base')
    .option('--committed', 'build the commit that is checked out, not the working tree')
    .option('--keep', 'keep the folder with mirror, logs and results of all steps')
    .option('--json', 'tell what happens as JSON, one object a line')
    .option('--strict', 'fail also when a wanted target can not be built here')
    .addHelpText(
      'after',
      '\nEnds with 0 when something was built and nothing failed, 1 when a build failed, 2 when the input is wrong,\n130 when Ctrl-C ended it.',
    )
    .action(async (source: string, given: Partial<TryOptions>) => {
      process.exitCode = await runTry(source, { ...DEFAULTS, ...given })
    })
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a number from 1 on is needed')
  return Number(text)
}

const collect = (value: string, list: string[] = []) => [...list, value]

async function runTry(source: string, options: TryOptions): Promise<number> {
  const output = standardOutput(process.stdout, wantsNoColor(), () => stop?.abort(READER_GONE))
  const report = options.json ? createJsonReport(output) : createTextReport(output)
  let stop: Stop | undefined
  try {
    if (options.pr !== undefined && options.head !== undefined)
      throw new ConfigError('--head and --pr exclude each other')
    const place = await findTryPlace(source)
    const settings = openForTry(place, readConfig({ changed: { DATABASE_URL: '', PACKIT_BUILDER: 'local' } }))
    report.busy('Preparing')
    // until there is something to clean up, a signal simply ends it
    const database = await openEmbedded()
    stop = stopOnSignals()
    return await tryInFolder(place, options, { settings, database, report, stop })
  } catch (error) {
    report.failed(exitCodeOf(error), error instanceof Error ? error.message : String(error))
    if (!stop?.signal.aborted) throw error
    tellError(stop.signal.reason)
    // what does not listen to the signal is not waited for
    return process.exit(exitCodeOf(stop.signal.reason))
  } finally {
    report.close()
  }
}

interface Trial {
  settings: Config
  database: Database
  report: TryReport
  stop: Stop
}

/** How long a stopped trial has for putting things away. */
const STOP_MS = 800

async function tryInFolder(place: TryPlace, options: TryOptions, trial: Trial): Promise<number> {
  const dir = await makeTemporaryFolder()
  const table = await readTargetsFile(trial.settings.dataDir)
  const config = { ...trial.settings, dataDir: dir, targetSource: undefined }
  if (options.keep) trial.report.say(`Mirror, logs and results of all steps are kept in ${dir}`)
  const work = tryIn(config, place, options, { ...trial, table })
  try {
    return await Promise.race([work, trial.stop.stopped])
  } catch (error) {
    if (trial.stop.signal.aborted) await Promise.race([work.catch(() => {}), sleep(STOP_MS)])
    throw error
  } finally {
    if (!options.keep) await rm(dir, { recursive: true, force: true })
  }
}

async function makeTemporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'packit-try-')).catch((cause: Error) => {
    throw new SetupError(`no folder for the trial can be made in ${tmpdir()} (TMPDIR): ${cause.message}`, { cause })
  })
}

async function tryIn(
  config: Config,
  place: TryPlace,
  options: TryOptions,
  trial: Trial & { table: TargetTable },
): Promise<number> {
  const { database, report, table } = trial
  const { signal } = trial.stop
  const log = pino({ level: config.logLevel === 'info' ? 'silent' : config.logLevel, base: null })
  const service = await createService(config, database, log, { targets: { current: async () => table } })
  try {
    const { mirrors } = service.builds
    const onProgress = (line: string) => report.busy(`Fetching: ${line}`)
    const head = await findTryHead(place, options, { mirrors, options: { signal, onProgress } })
    for (const note of head.notes) report.say(note)
    // who tries a change wants it built, whatever its commit says or its paths are
    const asked = { includeManual: false }
    const planned = await planTry(head, options, service, await planHead(head, service.events, signal, asked))
    report.busy(undefined)
    if (planned.plan.problem) return reportProblem(planned.plan, report)
    report.plan(planned.plan)
    report.say(`Targets as of ${table.asOf}`)
    await runHead(undefined, head, service.events, { cause: 'try', plan: planned, signal })
    await service.work()
    const watched = watch(report)
    const runs = await followRuns(await findRuns(head, service), service, watched, signal)
    const saved = await saveResults(runs, service.storage, process.cwd())
    return conclude(runs, saved, watched, report, options.strict)
  } finally {
    await service.stop()
    await database.close()
  }
}

interface Watched extends StepListener {
  steps: Map<string, Step>
  /** What a log says of the results as a whole. */
  notes: Set<string>
}

function watch(report: TryReport): Watched {
  const steps = new Map<string, Step>()
  const notes = new Set<string>()
  return {
    steps,
    notes,
    onStep(step) {
      steps.set(step.key, step)
      report.step(step)
    },
    onLog(step, lines) {
      const [first = ''] = lines
      if (first.startsWith(UNCHECKED)) notes.add(first)
      report.log(step, lines)
    },
  }
}

/** The configuration, or what it asks for, is not possible: the input is wrong. */
function reportProblem({ problem }: Plan, report: TryReport): number {
  if (problem) report.problem(problem)
  report.failed(2, problem?.title ?? '')
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
  saved: readonly SavedResult[],
  { steps, notes }: Watched,
  report: TryReport,
  strict: boolean,
): number {
  const states = runs.map((run) => run.pipelines[0]?.state ?? 'error')
  const failed = states.some((state) => state === 'failure' || state === 'error' || state === 'canceled')
  const built = runs.some((run) => run.targets.some((target) => target.state === 'success'))
  const missed = runs.some((run) => run.targets.some((target) => target.state === 'skipped'))
  const isTooStrict = strict && missed && built && !failed
  const code = failed || !built || isTooStrict ? 1 : 0
  const more = isTooStrict ? ['Failed, since --strict asks for every wanted target.'] : []
  report.end({ code, runs, saved, steps: [...steps.values()], notes: [...notes, ...more] })
  return code
}
