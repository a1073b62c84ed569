import { findCheck } from '../db/checks.ts'
import type { Db } from '../db/database.ts'
import { findEvent, listHeads, listPipelinesOfEvent, lockTriggerOfEvent } from '../db/events.ts'
import { findRun, type Pipeline, type Run } from '../db/runs.ts'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { hasEnded } from '../domain/status.ts'
import { failedTargets, failedTests, insertAgain } from './insert-again.ts'
import type { WantedTest } from './insert-tests.ts'
import {
  isDone,
  isPossible,
  type NewestTarget,
  type NewestTest,
  newestTargets,
  newestTests,
  targetKey,
} from './newest-targets.ts'
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
  const tests = newestTests(runs)
  const place = { eventId, attempt, cause: 'retry' as const, createdAt: now, plan }
  const test = check === null ? undefined : findWantedTest(plan, check)
  if (test)
    return {
      attempt,
      runIds: await insertAgain(tx, queue, { builds: [], tests: [acceptTest(test, tests)] }, targets, place),
    }
  const named = check === null ? undefined : findTarget(plan, check, targets)
  if (check !== null && !named && !(await findCheck(tx, eventId, check)))
    throw new NotFoundError(`the check ${check} is none of this commit`)
  if (targets.size === 0 && tests.size === 0) {
    // nothing was planned (its commit could not be had, …): that is tried again
    await queue.add(tx, 'run-event', { eventId, attempt, cause: 'retry' })
    return { attempt, runIds: [] }
  }
  const wanted = named ? { builds: [acceptTarget(named, check ?? '')], tests: [] } : chooseAll(plan, targets, tests)
  return { attempt, runIds: await insertAgain(tx, queue, wanted, targets, place) }
}

/** What failed of builds and tests, or everything when nothing failed. */
function chooseAll(
  plan: Plan,
  targets: ReadonlyMap<string, NewestTarget>,
  tests: ReadonlyMap<string, NewestTest>,
): { builds: NewestTarget[]; tests: WantedTest[] } {
  const failed = failedTests(plan, tests)
  const builds = [...targets.values()]
  if (failed.length > 0) return { builds: failedTargets(builds), tests: failed }
  if (builds.length > 0) return { builds: chooseTargets(builds), tests: [] }
  if ([...tests.values()].some(({ test }) => !hasEnded(test.state)))
    throw new ConflictError('it has not ended, and nothing of it failed so far')
  return {
    builds: [],
    tests: plan.tests.filter(({ notRun }) => notRun === null).map((test) => ({ test, targets: test.targets })),
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

function findWantedTest(plan: Plan, check: string): WantedTest | undefined {
  for (const test of plan.tests) {
    const target = test.targets.find((name) => test.checks[name] === check)
    if (target !== undefined) return { test, targets: [target] }
  }
  return undefined
}

function acceptTest(wanted: WantedTest, tests: ReadonlyMap<string, NewestTest>): WantedTest {
  const { test, targets } = wanted
  const target = targets[0] ?? ''
  if (test.notRun !== null) throw new ConflictError(`${test.checks[target]} is not run: ${test.notRun}`)
  const known = tests.get(targetKey(test.package, test.identifier, target))
  if (known && !hasEnded(known.test.state))
    throw new ConflictError(`${test.checks[target]} has not ended, it is ${known.test.state}`)
  return wanted
}

/** What failed, or everything when nothing failed. */
function chooseTargets(all: readonly NewestTarget[]): NewestTarget[] {
  const possible = all.filter(isPossible)
  if (possible.length === 0) throw new ConflictError('none of its targets can be built here')
  const failed = failedTargets(possible)
  if (failed.length > 0) return failed
  if (!possible.every(isDone)) throw new ConflictError('it has not ended, and nothing of it failed so far')
  return possible
}
