import type { Db } from '../db/database.ts'
import { findEvent, listPipelinesOfEvent, lockTriggerOfEvent } from '../db/events.ts'
import { findRun, findRunOfPipeline, insertRun, type NewRun, type Pipeline, type Run } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { announceRun } from './announce.ts'
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
 * Runs again what failed, broke or was cancelled in a run: a new attempt of its event for those packages, from the same
 * plan and the same commit.
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
  const failed = findFailed(run)
  const ofEvent = await listPipelinesOfEvent(tx, eventId)
  refuseRetried(run, failed, ofEvent)
  const attempt = Math.max(...ofEvent.map((p) => p.attempt)) + 1
  if (!run.srpm?.input) {
    // nothing was planned (its commit could not be had, …): that is tried again too
    await queue.add(tx, 'run-event', { eventId, attempt, cause: 'retry' })
    return { eventId, attempt, runId: null }
  }
  const made = await insertRun(tx, copyRun(run, failed, { eventId, attempt, createdAt: now }))
  if (!made) throw new Error(`attempt ${attempt} of event ${eventId} is there already`)
  await queue.add(tx, 'build-srpm', { srpmBuildId: made.srpmBuildId })
  await announceRun(tx, queue, made.runId, now, { kind: 'srpm', rowId: made.srpmBuildId, state: 'pending' })
  return { eventId, attempt, runId: made.runId }
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
  if (!found.trigger.open) return refuse(`pull request ${found.trigger.number} is closed`)
}

const FAILED: readonly (State | null)[] = ['failure', 'error', 'canceled']

/** The pipelines that have something to be done again. */
function findFailed(run: Run): Pipeline[] {
  const [first] = run.pipelines
  const isFailed = (pipeline: Pipeline) => {
    if (first?.gaveUp || !run.srpm) return FAILED.includes(first?.state ?? null)
    if (run.srpm.state !== 'success') return FAILED.includes(run.srpm.state)
    return run.targets.some((target) => target.groupId === pipeline.buildGroupId && FAILED.includes(target.state))
  }
  const failed = run.pipelines.filter(isFailed)
  if (failed.length === 0) throw new ConflictError(`run ${run.id} can't be retried: nothing of it failed`)
  return failed
}

function refuseRetried(run: Run, failed: readonly Pipeline[], ofEvent: readonly Pipeline[]): void {
  const isNewer = (other: Pipeline) =>
    failed.some((p) => p.package === other.package && p.identifier === other.identifier && other.attempt > p.attempt)
  const newer = ofEvent.findLast(isNewer)
  if (newer) {
    const again = newer.mergedRunId ?? newer.id
    throw new ConflictError(`run ${run.id} can't be retried: what failed was run again already, in run ${again}`)
  }
}

/** The same SRPM settings, packages and chroots; only the time of creation, which is part of the release, is new. */
function copyRun(
  run: Run,
  failed: readonly Pipeline[],
  { createdAt, ...place }: { eventId: number; attempt: number; createdAt: Date },
): NewRun {
  const { srpm } = run
  const parts = failed.map(({ package: name, identifier, buildGroupId, repositoryName }) => ({
    package: name,
    identifier,
    repository: repositoryName ?? '',
    builder: run.builds.find((build) => build.groupId === buildGroupId)?.builder ?? ('local' as const),
    targets: run.targets
      .filter((target) => target.groupId === buildGroupId)
      // what was never handed to a builder can't be built here
      .map(({ target, buildRowId, reason }) =>
        buildRowId === null
          ? { target: target ?? '', state: 'skipped' as const, reason }
          : { target: target ?? '', state: 'pending' as const, reason: null },
      ),
  }))
  const input = srpm?.input ? { ...srpm.input, createdAt: createdAt.toISOString() } : null
  return { ...place, createdAt, cause: 'retry', parts, srpm: { package: srpm?.package ?? null, input } }
}
