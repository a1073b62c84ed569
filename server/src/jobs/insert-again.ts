import type { Db } from '../db/database.ts'
import { insertRun, type NewRun } from '../db/insert-run.ts'
import { ConflictError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { announceRun } from './announce.ts'
import { FAILED } from './failed-targets.ts'
import { buildKey, followingTests, insertTests, type TestPlace, type WantedTest } from './insert-tests.ts'
import { missingChroots } from './missing-builds.ts'
import { isDone, isFailed, isPossible, type NewestTarget, type NewestTest, targetKey } from './newest-targets.ts'
import type { Queue } from './queue.ts'

/**
 * Writes an attempt from the frozen plan: builds of the same commit, the tests that follow them, and tests that are asked for by
 * themselves. What those lack is built first.
 *
 * @returns its runs
 */
export async function insertAgain(
  tx: Db,
  queue: Queue,
  { builds, tests }: { builds: readonly NewestTarget[]; tests: readonly WantedTest[] },
  newest: ReadonlyMap<string, NewestTarget>,
  place: TestPlace,
): Promise<number[]> {
  const { plan, createdAt } = place
  const all = withMissing(builds, tests, newest)
  const made = await insertBuilds(tx, queue, groupBySrpm(plan, all), place)
  const keys = new Set(
    all.map(({ pipeline, target }) => targetKey(pipeline.package, pipeline.identifier, target.target ?? '')),
  )
  const tested = await insertTests(tx, union(tests, followingTests(plan, keys)), place)
  const runIds = [...new Set([...made.map(({ runId }) => runId), ...tested])]
  for (const runId of runIds) {
    const srpm = made.find((one) => one.runId === runId)
    const part = srpm && { kind: 'srpm' as const, rowId: srpm.srpmBuildId, state: 'pending' as const }
    await announceRun(tx, queue, runId, createdAt, ...(part ? [part] : []))
  }
  return runIds
}

/** The tests of an event whose newest attempt failed, broke or was cancelled. */
export function failedTests(plan: Plan, newest: ReadonlyMap<string, NewestTest>): WantedTest[] {
  return plan.tests
    .filter(({ notRun }) => notRun === null)
    .map((test) => ({
      test,
      targets: test.targets.filter((target) =>
        FAILED.includes(newest.get(targetKey(test.package, test.identifier, target))?.test.state ?? null),
      ),
    }))
    .filter(({ targets }) => targets.length > 0)
}

/** The builds of an event that failed, broke or were cancelled. */
export function failedTargets(all: readonly NewestTarget[]): NewestTarget[] {
  return all.filter((each) => isPossible(each) && isDone(each) && isFailed(each))
}

function withMissing(
  builds: readonly NewestTarget[],
  tests: readonly WantedTest[],
  newest: ReadonlyMap<string, NewestTarget>,
): NewestTarget[] {
  const missing = tests.flatMap(({ test, targets }) =>
    missingChroots(test, targets, newest).flatMap((chroot) => newest.get(buildKey(test, chroot)) ?? []),
  )
  return [...new Set([...builds, ...missing])]
}

function union(tests: readonly WantedTest[], following: readonly WantedTest[]): WantedTest[] {
  const all = new Map<WantedTest['test'], Set<string>>()
  for (const { test, targets } of [...tests, ...following])
    all.set(test, new Set([...(all.get(test) ?? []), ...targets]))
  return Array.from(all, ([test, targets]) => ({ test, targets: [...targets] }))
}

/** What has the same SRPM settings in the plan shares an SRPM, whatever attempts its targets were last in. */
function groupBySrpm(plan: Plan, wanted: readonly NewestTarget[]): NewestTarget[][] {
  const groups = Map.groupBy(wanted, ({ pipeline: { package: name, identifier } }) => {
    const planned = plan.builds.find((build) => build.package === name && build.identifier === identifier)
    return planned?.srpmKey ?? targetKey(name, identifier, '')
  })
  return [...groups.values()]
}

async function insertBuilds(
  tx: Db,
  queue: Queue,
  groups: readonly NewestTarget[][],
  { eventId, attempt, cause, createdAt }: TestPlace,
): Promise<{ runId: number; srpmBuildId: number }[]> {
  const all: { runId: number; srpmBuildId: number }[] = []
  for (const group of groups) {
    const srpm = group[0]?.run.srpm
    if (!srpm?.input) throw new ConflictError('it was imported, and what it was made from is not known here')
    const input = { ...srpm.input, createdAt: createdAt.toISOString() }
    const parts = partsOf(group)
    const run = { eventId, attempt, cause, createdAt, parts, srpm: { package: srpm.package, input } }
    const made = await insertRun(tx, run)
    if (!made) throw new Error(`attempt ${attempt} of event ${eventId} is there already`)
    await queue.add(tx, 'build-srpm', { srpmBuildId: made.srpmBuildId })
    all.push(made)
  }
  return all
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
