import { findLastAttempt } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listPipelinesOfEvent } from '../db/events.ts'
import type { Run } from '../db/runs.ts'
import { hasEnded } from '../domain/status.ts'
import { findFailed, type Leftover, leaveOutRetried } from './failed-targets.ts'
import { failedTargets, failedTests, insertAgain } from './insert-again.ts'
import { followingTests, type WantedTest } from './insert-tests.ts'
import { newestTargets, newestTests, targetKey } from './newest-targets.ts'
import type { Queue } from './queue.ts'
import { readRuns } from './read-runs.ts'
import { insertRetries } from './retry-run.ts'

export type RetriedFailed =
  | { kind: 'nothing'; running: boolean }
  | { kind: 'retried'; attempt: number; runIds: number[]; targets: number }

/** What somebody asks for, and when. */
interface Asked {
  /** Of these packages only. */
  packages?: readonly string[] | undefined
  now: Date
}

/**
 * Builds again what failed, broke or was cancelled in the newest attempt of each target of an event, as one new attempt; the
 * tests follow. What still runs is left alone. The caller holds the trigger's lock.
 */
export async function retryFailed(
  tx: Db,
  queue: Queue,
  eventId: number,
  { packages, now }: Asked,
): Promise<RetriedFailed> {
  const runs = await readRuns(tx, await listPipelinesOfEvent(tx, eventId))
  const leftovers = runs.flatMap((run) => leaveOutRetried(findFailed(run), runs).left)
  const wanted = leftovers.filter(({ run, pipeline }) => {
    const name = run.srpm?.input?.package ?? pipeline.package
    return packages?.includes(name) ?? true
  })
  if (wanted.length === 0) return nothing(runs)
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  const place = { eventId, attempt, cause: 'command' as const, createdAt: now }
  const runIds = await insertRetries(tx, queue, gatherByRun(wanted), [], place)
  return { kind: 'retried', attempt, runIds, targets: wanted.reduce((sum, { targets }) => sum + targets.length, 0) }
}

/** Runs the tests again that failed, broke or were cancelled, or were left out for a build that did; that is built first. */
export async function retestFailed(
  tx: Db,
  queue: Queue,
  eventId: number,
  { packages, now }: Asked,
): Promise<RetriedFailed> {
  const plan = (await findEvent(tx, eventId))?.plan
  const runs = await readRuns(tx, await listPipelinesOfEvent(tx, eventId))
  if (!plan) return nothing(runs)
  const newest = newestTargets(runs)
  const isAsked = ({ test }: WantedTest) =>
    packages?.includes(test.package || (runs[0]?.srpm?.input?.package ?? '')) ?? true
  const broken = new Set(
    failedTargets([...newest.values()]).map(({ pipeline, target }) =>
      targetKey(pipeline.package, pipeline.identifier, target.target ?? ''),
    ),
  )
  const tests = [...failedTests(plan, newestTests(runs)), ...followingTests(plan, broken)].filter(isAsked)
  if (tests.length === 0) return nothing(runs)
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  const place = { eventId, attempt, cause: 'command' as const, createdAt: now, plan }
  const runIds = await insertAgain(tx, queue, { builds: [], tests }, newest, place)
  return { kind: 'retried', attempt, runIds, targets: tests.reduce((sum, { targets }) => sum + targets.length, 0) }
}

function nothing(runs: readonly Run[]): RetriedFailed {
  return { kind: 'nothing', running: runs.some((run) => !hasEnded(run.pipelines[0]?.state ?? 'skipped')) }
}

/** What is left of each run; of a build that is left in several attempts all targets go with the newest one. */
function gatherByRun(leftovers: readonly Leftover[]): Leftover[][] {
  const builds = new Map<string, Leftover>()
  for (const leftover of leftovers.toReversed()) {
    const { package: name, identifier } = leftover.pipeline
    const key = JSON.stringify([name, identifier])
    const known = builds.get(key)
    if (!known) builds.set(key, { ...leftover, targets: [...leftover.targets] })
    else known.targets.push(...leftover.targets.filter((t) => !known.targets.some((k) => k.target === t.target)))
  }
  const byRun = Map.groupBy([...builds.values()].toReversed(), ({ run }) => run.id)
  return [...byRun.values()]
}
