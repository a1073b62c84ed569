import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
import { findRun, type Run } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import { hasEnded, type State } from '../domain/status.ts'
import type { Storage } from '../storage/storage.ts'

/** A step of a run as a terminal shows it. */
export interface Step {
  key: string
  name: string
  state: State
  reason: string | null
  startedAt: Date | null
  endedAt: Date | null
  logKey: string | null
  cause: Cause | null
  /** What came out of it, e.g. the name of the SRPM. */
  result: string | null
}

/** The steps of a run, in the order in which they happen. */
export function stepsOf(run: Run): Step[] {
  const several = run.pipelines.length > 1 || (run.pipelines[0]?.package ?? '') !== ''
  const prefix = several && run.pipelines[0]?.package ? `${run.pipelines[0].package}: ` : ''
  const { srpm } = run
  if (!srpm) return []
  const steps: Step[] = [
    {
      key: `srpm-${srpm.id}`,
      name: `${prefix}SRPM`,
      ...pick(srpm),
      result: srpm.fileKey?.split('/').at(-1) ?? null,
    },
  ]
  for (const target of run.targets) {
    const packages =
      target.builtPackages
        ?.filter((p) => p.arch !== 'src')
        .map((p) => `${p.name}-${p.version}-${p.release}.${p.arch}`) ?? []
    steps.push({
      key: `build-${target.id}`,
      name: `${prefix}${target.target ?? ''}`,
      ...pick(target),
      result: packages.join(' ') || null,
    })
  }
  return [...steps, ...repositoryStep(run, prefix), ...run.tests.map((test) => testStep(test, prefix))]
}

function testStep(test: Run['tests'][number], prefix: string): Step {
  return {
    key: `test-${test.id}`,
    name: `${prefix}tests ${test.target ?? ''}`,
    ...pick({ ...test, cause: null }),
    result: null,
  }
}

function pick(row: {
  state: State
  reason: string | null
  startedAt: Date | null
  endedAt: Date | null
  logKey: string | null
  cause: Cause | null
}) {
  const { state, reason, startedAt, endedAt, logKey, cause } = row
  return { state, reason, startedAt, endedAt, logKey, cause }
}

function repositoryStep(run: Run, prefix: string): Step[] {
  const built = run.targets.filter((t) => t.state === 'success')
  if (built.length === 0 || !run.targets.every((t) => hasEnded(t.state))) return []
  const last = run.targets.map((t) => t.endedAt?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0)
  const publishedAt = run.pipelines.map((p) => p.publishedAt).find((at) => at !== null) ?? null
  const gaveUp = run.pipelines[0]?.gaveUp ?? null
  return [
    {
      key: `repository-${run.id}`,
      name: `${prefix}Repository`,
      state: publishedAt ? 'success' : gaveUp ? 'error' : 'running',
      reason: gaveUp,
      startedAt: last > 0 ? new Date(last) : null,
      endedAt: publishedAt,
      logKey: null,
      cause: null,
      result: run.pipelines[0]?.repositoryName ?? null,
    },
  ]
}

export interface StepListener {
  /** Told whenever something about a step changed, and once for each step at first. */
  onStep(step: Step): void
  /** Whole lines of a step's log, as they come. */
  onLog(step: Step, lines: string[]): void
}

const POLL_MS = 250

/**
 * Follows runs until all have ended, by looking at them four times a second.
 *
 * @returns the runs as they ended
 */
export async function followRuns(
  runIds: readonly number[],
  { database, storage }: { database: Database; storage: Storage },
  listener: StepListener,
  signal?: AbortSignal,
): Promise<Run[]> {
  const tell = createTeller(storage, listener)
  for (;;) {
    signal?.throwIfAborted()
    const runs: Run[] = []
    for (const id of runIds) {
      const run = await findRun(database.db, id)
      if (run) runs.push(run)
    }
    for (const step of runs.flatMap(stepsOf)) await tell(step)
    if (runs.every((run) => hasEnded(run.pipelines[0]?.state ?? 'pending'))) return runs
    await sleep(POLL_MS)
  }
}

/** Tells a listener what is new about a step: its beginning before its lines, its end after them, however fast it was. */
function createTeller(storage: Storage, listener: StepListener): (step: Step) => Promise<void> {
  const told = new Map<string, string>()
  const begun = new Set<string>()
  const logs = new Map<string, LogPosition>()
  const tell = (step: Step) => {
    const text = JSON.stringify(step)
    if (told.get(step.key) !== text) listener.onStep(step)
    told.set(step.key, text)
  }
  return async (step) => {
    if (step.startedAt && !begun.has(step.key)) {
      begun.add(step.key)
      tell({ ...step, state: 'running', reason: null, endedAt: null, cause: null, result: null })
    }
    if (step.logKey) await readOn(step, step.logKey, storage, logs, listener)
    tell(step)
  }
}

interface LogPosition {
  offset: number
  rest: string
}

async function readOn(
  step: Step,
  logKey: string,
  storage: Storage,
  logs: Map<string, LogPosition>,
  listener: StepListener,
): Promise<void> {
  const position = logs.get(step.key) ?? { offset: 0, rest: '' }
  for (;;) {
    const range = await storage.range(logKey, position.offset, 2 ** 20)
    if (!range || range.data.length === 0) break
    position.offset += range.data.length
    const lines = (position.rest + range.data.toString('utf8')).split('\n')
    position.rest = lines.pop() ?? ''
    if (lines.length > 0) listener.onLog(step, lines)
  }
  if (hasEnded(step.state) && position.rest) {
    listener.onLog(step, [position.rest])
    position.rest = ''
  }
  logs.set(step.key, position)
}
