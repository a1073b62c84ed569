import { findLastAttempt } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listPipelinesOfEvent, lockTriggerOfEvent } from '../db/events.ts'
import { findRun, findRunOfPipeline, insertRun, type NewRun, type Run } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from './announce.ts'
import { findFailed, type Leftover, leaveOutRetried } from './failed-targets.ts'
import type { Queue } from './queue.ts'
import { refuseNotAllowed } from './refuse-not-allowed.ts'

/** An attempt that was asked for. */
export interface Retried {
  eventId: number
  attempt: number
  /** The run of the attempt; null when its commit has to be planned first. */
  runId: number | null
}

/**
 * Runs again what failed, broke or was cancelled in a run, or what was built and is not kept any more: a new attempt of its
 * event for those packages and targets, from the same plan and the same commit.
 *
 * @throws {NotFoundError} when there is no such run
 * @throws {ConflictError} when it has not ended, nothing of it failed, something newer is there, or its project is not
 * allowed (any more)
 */
export async function retryRun(tx: Db, queue: Queue, pipelineId: number, now: Date): Promise<Retried> {
  const runId = await findRunOfPipeline(tx, pipelineId)
  const eventId = runId === undefined ? undefined : (await findRun(tx, runId))?.pipelines[0]?.eventId
  if (runId === undefined) throw new NotFoundError(`there is no run ${pipelineId}`)
  if (eventId == null) throw new ConflictError(`run ${runId} can't be retried: what it was run for is not known here`)
  await lockTriggerOfEvent(tx, eventId)
  // read anew under the lock: another retry may just have been accepted
  const run = await findRun(tx, runId)
  if (!run) throw new NotFoundError(`there is no run ${runId}`)
  await refuseReplaced(tx, run, eventId)
  await refuseNotAllowed(tx, eventId)
  const failed = findFailed(run, true)
  if (failed.length === 0) throw new ConflictError(`run ${run.id} can't be retried: nothing of it failed`)
  const { left, again } = leaveOutRetried(failed, await listNewerRuns(tx, eventId, run))
  if (left.length === 0)
    throw new ConflictError(`run ${run.id} can't be retried: what failed was run again already, in run ${again}`)
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  const cause = 'retry' as const
  return { eventId, attempt, runId: await insertRetry(tx, queue, left, { eventId, attempt, cause, createdAt: now }) }
}

async function refuseReplaced(tx: Db, run: Run, eventId: number): Promise<void> {
  const found = await findEvent(tx, eventId)
  const refuse = (why: string) => {
    throw new ConflictError(`run ${run.id} can't be retried: ${why}`)
  }
  const state = run.pipelines[0]?.state
  if (!found || state == null) return refuse('it was imported, and what it was made from is not known here')
  if (!hasEnded(state)) return refuse(`it has not ended, it is ${state}`)
  if (found.event.supersededBy !== null) return refuse('its commit was replaced by a newer one')
  // who wants back what was removed wants it of closed ones, too
  const isGone = run.pipelines.some(({ expiredAt }) => expiredAt !== null)
  if (!found.trigger.open && !isGone) return refuse(`pull request ${found.trigger.number} is closed`)
}

/** The runs of an event's later attempts. */
async function listNewerRuns(tx: Db, eventId: number, { pipelines: [first] }: Run): Promise<Run[]> {
  const newer = (await listPipelinesOfEvent(tx, eventId)).filter((p) => p.attempt > (first?.attempt ?? 0))
  return readRuns(tx, newer)
}

/** Whole runs by their pipelines, oldest first. */
export async function readRuns(tx: Db, pipelines: readonly Run['pipelines'][number][]): Promise<Run[]> {
  const runs: Run[] = []
  for (const id of new Set(pipelines.map((p) => p.mergedRunId ?? p.id))) {
    const run = await findRun(tx, id)
    if (run) runs.push(run)
  }
  return runs
}

interface Place {
  eventId: number
  attempt: number
  cause: 'retry' | 'command'
  createdAt: Date
}

/**
 * Writes the run for what is left of another one, and queues its first job.
 *
 * @param left  of one run
 * @returns its id; null when the commit has to be planned first
 */
export async function insertRetry(
  tx: Db,
  queue: Queue,
  left: readonly Leftover[],
  place: Place,
): Promise<number | null> {
  const { eventId, attempt, cause, createdAt } = place
  if (!left[0]?.run.srpm?.input) {
    // nothing was planned (its commit could not be had, …): that is tried again too
    await queue.add(tx, 'run-event', { eventId, attempt, cause })
    return null
  }
  const made = await insertRun(tx, copyRun(left, left[0].run, place))
  if (!made) throw new Error(`attempt ${attempt} of event ${eventId} is there already`)
  await queue.add(tx, 'build-srpm', { srpmBuildId: made.srpmBuildId })
  await announceRun(tx, queue, made.runId, createdAt, { kind: 'srpm', rowId: made.srpmBuildId, state: 'pending' })
  return made.runId
}

/** The same SRPM settings, packages and chroots; only the time of creation, which is part of the release, is new. */
function copyRun(left: readonly Leftover[], { srpm, builds }: Run, { createdAt, ...place }: Place): NewRun {
  const parts = left.map(({ pipeline, targets }) => ({
    package: pipeline.package,
    identifier: pipeline.identifier,
    repository: pipeline.repositoryName ?? '',
    builder: builds.find((build) => build.groupId === pipeline.buildGroupId)?.builder ?? ('local' as const),
    // what was never handed to a builder can't be built here
    targets: targets.map(({ target, buildRowId, reason }) =>
      buildRowId === null
        ? { target: target ?? '', state: 'skipped' as const, reason }
        : { target: target ?? '', state: 'pending' as const, reason: null },
    ),
  }))
  const input = srpm?.input ? { ...srpm.input, createdAt: createdAt.toISOString() } : null
  return { ...place, createdAt, parts, srpm: { package: srpm?.package ?? null, input } }
}
