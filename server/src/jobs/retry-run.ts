import { findLastAttempt } from '../db/commands.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listPipelinesOfEvent, lockTriggerOfEvent } from '../db/events.ts'
import { insertRun, type NewRun } from '../db/insert-run.ts'
import { findRun, findRunOfPipeline, type Run } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { hasEnded } from '../domain/status.ts'
import { announceRun } from './announce.ts'
import { findFailed, type Leftover, leaveOutRetried } from './failed-targets.ts'
import { failedTests, insertAgain } from './insert-again.ts'
import { followingTests, type WantedTest } from './insert-tests.ts'
import { newestTargets, newestTests, targetKey } from './newest-targets.ts'
import type { Queue } from './queue.ts'
import { readRuns } from './read-runs.ts'
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
  const newer = await listNewerRuns(tx, eventId, run)
  const { left, again } = leaveOutRetried(failed, newer)
  const plan = (await findEvent(tx, eventId))?.plan
  const tests = plan ? leftTests(plan, run, newer) : []
  if (failed.length === 0 && tests.length === 0)
    throw new ConflictError(`run ${run.id} can't be retried: nothing of it failed`)
  if (left.length === 0 && tests.length === 0)
    throw new ConflictError(`run ${run.id} can't be retried: what failed was run again already, in run ${again}`)
  const attempt = (await findLastAttempt(tx, eventId)) + 1
  const place = { eventId, attempt, cause: 'retry' as const, createdAt: now }
  const runIds = await insertRetries(tx, queue, left.length > 0 ? [left] : [], tests, place)
  return { eventId, attempt, runId: runIds[0] ?? null }
}

/** The tests of a run that failed, and that no later attempt has. */
function leftTests(plan: Plan, run: Run, newer: readonly Run[]): WantedTest[] {
  const later = newestTests(newer)
  return failedTests(plan, newestTests([run])).flatMap(({ test, targets }) => {
    const left = targets.filter((target) => !later.has(targetKey(test.package, test.identifier, target)))
    return left.length > 0 ? [{ test, targets: left }] : []
  })
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

interface Place {
  eventId: number
  attempt: number
  cause: 'retry' | 'command'
  createdAt: Date
}

/**
 * Writes the runs of an attempt for what is left of others, with the tests that follow and those that are to be repeated, and
 * queues their first jobs.
 *
 * @param lefts  what is left of each run
 * @returns their ids; none where the commit has to be planned first
 */
export async function insertRetries(
  tx: Db,
  queue: Queue,
  lefts: readonly (readonly Leftover[])[],
  tests: readonly WantedTest[],
  place: Place,
): Promise<number[]> {
  const { eventId, attempt, cause, createdAt } = place
  const made: { runId: number; srpmBuildId: number }[] = []
  for (const left of lefts) {
    if (!left[0]?.run.srpm?.input) {
      // nothing was planned (its commit could not be had, …): that is tried again too
      await queue.add(tx, 'run-event', { eventId, attempt, cause })
      continue
    }
    const one = await insertRun(tx, copyRun(left, left[0].run, place))
    if (!one) throw new Error(`attempt ${attempt} of event ${eventId} is there already`)
    await queue.add(tx, 'build-srpm', { srpmBuildId: one.srpmBuildId })
    made.push(one)
  }
  const tested = await insertRetriedTests(tx, queue, lefts.flat(), tests, place)
  for (const { runId, srpmBuildId } of made)
    await announceRun(tx, queue, runId, createdAt, { kind: 'srpm', rowId: srpmBuildId, state: 'pending' })
  return [...new Set([...made.map(({ runId }) => runId), ...tested])]
}

async function insertRetriedTests(
  tx: Db,
  queue: Queue,
  left: readonly Leftover[],
  tests: readonly WantedTest[],
  place: Place,
): Promise<number[]> {
  const plan = (await findEvent(tx, place.eventId))?.plan
  if (!plan) return []
  const built = new Set(
    left.flatMap(({ pipeline, targets }) =>
      targets.map(({ target }) => targetKey(pipeline.package, pipeline.identifier, target ?? '')),
    ),
  )
  const following = followingTests(plan, built)
  const newest = newestTargets(await readRuns(tx, await listPipelinesOfEvent(tx, place.eventId)))
  return insertAgain(tx, queue, { builds: [], tests: [...tests, ...following] }, newest, { ...place, plan })
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
