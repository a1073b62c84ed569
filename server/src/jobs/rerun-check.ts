import { findCheck } from '../db/checks.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listHeads, listPipelinesOfEvent, lockTriggerOfEvent } from '../db/events.ts'
import { findRun, insertRun, type NewRun, type Pipeline, type Run } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { announceRun } from './announce.ts'
import { isDone, isFailed, isPossible, type NewestTarget, newestTargets, targetKey } from './newest-targets.ts'
import type { Queue } from './queue.ts'

/** What was accepted: an attempt, with its runs; none when the commit has to be planned first. */
export interface Rerun {
  attempt: number
  runIds: number[]
}

/**
 * Runs again what a check is about, as a new attempt from the same plan and the same commit: one target for the check of a
 * target; for any other, or all of them, what failed, or everything when nothing failed.
 *
 * @param check  name of the check; null = all of them
 * @throws {NotFoundError} when there is no such event or check
 * @throws {ConflictError} when it has not ended, can't be built here, or something newer is there
 */
export async function rerunCheck(
  tx: Db,
  queue: Queue,
  { eventId, check }: { eventId: number; check: string | null },
  now: Date,
): Promise<Rerun> {
  const plan = await lockCurrentPlan(tx, eventId)
  const pipelines = await listPipelinesOfEvent(tx, eventId)
  const attempt = Math.max(0, ...pipelines.map((p) => p.attempt)) + 1
  const runs = await findRuns(tx, pipelines)
  const targets = newestTargets(runs)
  const named = check === null ? undefined : findTarget(plan, check, targets)
  if (check !== null && !named && !(await findCheck(tx, eventId, check)))
    throw new NotFoundError(`the check ${check} is none of this commit`)
  if (targets.size === 0) {
    // nothing was planned (its commit could not be had, …): that is tried again
    await queue.add(tx, 'run-event', { eventId, attempt, cause: 'retry' })
    return { attempt, runIds: [] }
  }
  const wanted = named ? [acceptTarget(named, check ?? '')] : chooseTargets([...targets.values()])
  return {
    attempt,
    runIds: await insertRuns(tx, queue, groupBySrpm(plan, wanted), { eventId, attempt, createdAt: now }),
  }
}

/** The plan of an event that nothing newer has replaced; its trigger is locked. */
async function lockCurrentPlan(tx: Db, eventId: number): Promise<Plan> {
  const trigger = await lockTriggerOfEvent(tx, eventId)
  const found = await findEvent(tx, eventId)
  if (!trigger || !found) throw new NotFoundError('no event of this service belongs to the check')
  const [newest] = await listHeads(tx, trigger.id)
  if (found.event.supersededBy !== null || newest?.id !== eventId)
    throw new ConflictError('its commit was replaced by a newer one, which has checks of its own')
  if (!trigger.open)
    throw new ConflictError(trigger.number ? `pull request ${trigger.number} is closed` : 'it is closed')
  if (!found.plan) throw new ConflictError('it is not decided yet what is built for this commit')
  return found.plan
}

async function findRuns(tx: Db, pipelines: readonly Pipeline[]): Promise<Run[]> {
  const ids = new Set(pipelines.map((p) => p.mergedRunId ?? p.id))
  const runs: Run[] = []
  for (const id of ids) {
    const run = await findRun(tx, id)
    if (run) runs.push(run)
  }
  return runs
}

function findTarget(plan: Plan, check: string, targets: ReadonlyMap<string, NewestTarget>): NewestTarget | undefined {
  for (const { package: name, identifier, checks } of plan.builds) {
    const chroot = Object.keys(checks).find((key) => checks[key] === check)
    const found = chroot === undefined ? undefined : targets.get(targetKey(name, identifier, chroot))
    if (found) return found
  }
  return undefined
}

function acceptTarget(found: NewestTarget, check: string): NewestTarget {
  if (!isPossible(found))
    throw new ConflictError(`${check} can't be built here: ${found.target.reason ?? 'no builder'}`)
  if (!isDone(found)) throw new ConflictError(`${check} has not ended, it is ${found.target.state}`)
  return found
}

/** What failed, or everything when nothing failed. */
function chooseTargets(all: readonly NewestTarget[]): NewestTarget[] {
  const possible = all.filter(isPossible)
  if (possible.length === 0) throw new ConflictError('none of its targets can be built here')
  const failed = possible.filter((each) => isDone(each) && isFailed(each))
  if (failed.length > 0) return failed
  if (!possible.every(isDone)) throw new ConflictError('it has not ended, and nothing of it failed so far')
  return possible
}

/** What has the same SRPM settings in the plan shares an SRPM, whatever attempts its targets were last in. */
function groupBySrpm(plan: Plan, wanted: readonly NewestTarget[]): NewestTarget[][] {
  const groups = Map.groupBy(wanted, ({ pipeline: { package: name, identifier } }) => {
    const planned = plan.builds.find((build) => build.package === name && build.identifier === identifier)
    return planned?.srpmKey ?? targetKey(name, identifier, '')
  })
  return [...groups.values()]
}

async function insertRuns(
  tx: Db,
  queue: Queue,
  groups: readonly NewestTarget[][],
  place: { eventId: number; attempt: number; createdAt: Date },
): Promise<number[]> {
  const { createdAt } = place
  const runIds: number[] = []
  for (const group of groups) {
    const srpm = group[0]?.run.srpm
    if (!srpm?.input) throw new ConflictError('it was imported, and what it was made from is not known here')
    const input = { ...srpm.input, createdAt: createdAt.toISOString() }
    const run = { ...place, cause: 'retry' as const, parts: partsOf(group), srpm: { package: srpm.package, input } }
    const made = await insertRun(tx, run)
    if (!made) throw new Error(`attempt ${place.attempt} of event ${place.eventId} is there already`)
    await queue.add(tx, 'build-srpm', { srpmBuildId: made.srpmBuildId })
    await announceRun(tx, queue, made.runId, createdAt, { kind: 'srpm', rowId: made.srpmBuildId, state: 'pending' })
    runIds.push(made.runId)
  }
  return runIds
}

/** One part for each package and identifier, with the targets that are wanted of it. */
function partsOf(group: readonly NewestTarget[]): NewRun['parts'] {
  const byPipeline = Map.groupBy(group, ({ pipeline }) => targetKey(pipeline.package, pipeline.identifier, ''))
  return [...byPipeline.values()].flatMap((targets) => {
    const [first] = targets
    if (!first) return []
    const { pipeline, run, target } = first
    return {
      package: pipeline.package,
      identifier: pipeline.identifier,
      repository: pipeline.repositoryName ?? '',
      builder: run.builds.find(({ id }) => id === target.buildRowId)?.builder ?? 'local',
      targets: targets.map((each) => ({ target: each.target.target ?? '', state: 'pending', reason: null })),
    }
  })
}
