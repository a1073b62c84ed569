import { findLastAttempt } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { listPipelinesOfEvent } from '../db/events.ts'
import { hasEnded } from '../domain/status.ts'
import { findFailed, type Leftover, leaveOutRetried } from './failed-targets.ts'
import type { Queue } from './queue.ts'
import { insertRetry, readRuns } from './retry-run.ts'

export type RetriedFailed =
  | { kind: 'nothing'; running: boolean }
  | { kind: 'retried'; attempt: number; runIds: number[]; targets: number }

/**
 * Builds again what failed, broke or was cancelled in the newest attempt of each target of an event, as one new attempt.
 * What still runs is left alone. The caller holds the trigger's lock.
 *
 * @param packages  of these packages only
 */
export async function retryFailed(
  tx: Db,
  queue: Queue,
  eventId: number,
  { packages, now }: { packages?: readonly string[] | undefined; now: Date },
): Promise<RetriedFailed> {
  const runs = await readRuns(tx, await listPipelinesOfEvent(tx, eventId))
  const leftovers = runs.flatMap((run) => leaveOutRetried(findFailed(run), runs).left)
  const wanted = leftovers.filter(({ run, pipeline }) => {
    const name = run.srpm?.input?.package ?? pipeline.package
    return packages?.includes(name) ?? true
  })
  if (wanted.length === 0)
    return { kind: 'nothing', running: runs.some((run) => !hasEnded(run.pipelines[0]?.state ?? 'skipped')) }
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  const runIds: number[] = []
  for (const left of gatherByRun(wanted)) {
    const id = await insertRetry(tx, queue, left, { eventId, attempt, cause: 'command', createdAt: now })
    if (id !== null) runIds.push(id)
  }
  return { kind: 'retried', attempt, runIds, targets: wanted.reduce((sum, { targets }) => sum + targets.length, 0) }
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
