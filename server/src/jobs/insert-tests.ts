import type { Db } from '../db/database.ts'
import { listPipelinesOfEvent } from '../db/events.ts'
import { insertTestPipeline, type NewRun } from '../db/insert-run.ts'
import { lockRun, type Run } from '../db/runs.ts'
import { scopeOf } from '../db/scope.ts'
import { insertTestGroup, type NewTestTarget } from '../db/tests.ts'
import type { Plan, PlannedTest } from '../domain/plan.ts'
import type { Selection } from '../domain/selection.ts'
import { hasEnded } from '../domain/status.ts'
import { type NewestTarget, newestTargets, targetKey } from './newest-targets.ts'
import { findOtherBuilds, type OtherBuilds } from './other-builds.ts'
import { readRuns } from './read-runs.ts'

/** Tests of a plan, or some targets of them, that an attempt runs. */
export interface WantedTest {
  test: PlannedTest
  targets: readonly string[]
}

export interface TestPlace {
  eventId: number
  attempt: number
  cause: NewRun['cause']
  createdAt: Date
  plan: Plan
  /** Variables that a command names, and pull requests whose packages are tested along. */
  env?: Readonly<Record<string, string>>
  others?: Selection['others'] | undefined
}

/**
 * Writes the tests of an attempt, to be called when its builds are written. Each is for the newest build of each of its chroots,
 * which may be one of an earlier attempt; it is part of the run that builds for it, else of a run of its own.
 *
 * @returns the runs that have them; each is to be announced, which begins what waits for nothing
 */
export async function insertTests(tx: Db, wanted: readonly WantedTest[], place: TestPlace): Promise<number[]> {
  if (wanted.every(({ targets }) => targets.length === 0)) return []
  const runs = await readSettledRuns(tx, place)
  const known = { newest: newestTargets(runs), others: await findOtherBuilds(tx, place.eventId, place.others ?? []) }
  const own = new Map<string, number>()
  for (const { test, targets } of wanted) {
    if (targets.length === 0) continue
    const rows = targets.map((target) => newTarget(test, target, known, place))
    const testGroupId = await insertTestGroup(tx, scopeOf(place.eventId), rows, place.createdAt)
    const { eventId, attempt, cause, createdAt } = place
    const { package: name, identifier } = test
    const runId = await insertTestPipeline(tx, {
      ...{ eventId, attempt, cause, createdAt, testGroupId, package: name, identifier },
      of: findRunFor(test, runs, own, place.attempt),
    })
    own.set(name, runId)
  }
  return [...new Set(own.values())]
}

/** The runs of the event; nothing of them ends while tests are written for what they build. */
async function readSettledRuns(tx: Db, { eventId }: TestPlace): Promise<Run[]> {
  const pipelines = await listPipelinesOfEvent(tx, eventId)
  for (const id of new Set(pipelines.map((p) => p.mergedRunId ?? p.id)))
    if (pipelines.some((p) => p.id === id && !hasEnded(p.state ?? 'skipped'))) await lockRun(tx, id)
  return readRuns(tx, pipelines)
}

function newTarget(
  test: PlannedTest,
  target: string,
  { newest, others }: { newest: ReadonlyMap<string, NewestTarget>; others: readonly OtherBuilds[] },
  { plan, env = {} }: TestPlace,
): NewTestTarget {
  const chroots = test.chroots[target] ?? []
  const builds = test.skipBuild ? [] : chroots.map((chroot) => ({ chroot, found: newest.get(buildKey(test, chroot)) }))
  const missing = builds.find(({ found }) => !found)
  const besides = others.map(({ name, targets }) => ({
    name,
    ids: chroots.flatMap((chroot) => targets.get(chroot) ?? []),
  }))
  const without = besides.find(({ ids }) => ids.length === 0)
  const packages = Object.keys(plan.config?.jobs[test.jobIndex]?.packages ?? {})
  return {
    target,
    identifier: test.identifier,
    package: test.package,
    input: {
      jobIndex: test.jobIndex,
      package: test.package || (packages[0] ?? ''),
      env: { ...env },
      hasPlans: test.hasPlans ?? true,
    },
    buildTargetIds: [
      ...builds.flatMap(({ found }) => (found ? [found.target.id] : [])),
      ...besides.flatMap(({ ids }) => ids),
    ],
    end: without
      ? { state: 'failure', reason: `${without.name} has no packages for ${chroots.join(', ')}: build it first` }
      : missing
        ? { state: 'skipped', reason: `not tested: there is no build for ${missing.chroot}` }
        : null,
  }
}

/** The build of a chroot that tests are for; plans of earlier versions don't name it. */
export function buildKey(test: PlannedTest, chroot: string): string {
  return targetKey(test.package, test.build ?? test.identifier, chroot)
}

function findRunFor(
  test: PlannedTest,
  runs: readonly Run[],
  own: ReadonlyMap<string, number>,
  attempt: number,
): { runId: number; srpmBuildId: number | null } | undefined {
  const ofAttempt = runs.flatMap((run) =>
    run.pipelines.filter((p) => p.attempt === attempt && p.package === test.package && p.buildGroupId !== null),
  )
  const build = ofAttempt.find((p) => p.identifier === (test.build ?? test.identifier)) ?? ofAttempt[0]
  if (build?.mergedRunId) return { runId: build.mergedRunId, srpmBuildId: build.srpmBuildId }
  const runId = own.get(test.package)
  return runId === undefined ? undefined : { runId, srpmBuildId: null }
}

/** The tests of a plan that follow what an attempt builds: those that nobody has to ask for. */
export function followingTests(plan: Plan, built: ReadonlySet<string>): WantedTest[] {
  return plan.tests
    .filter(({ notRun, manual, skipBuild }) => notRun === null && !manual && !skipBuild)
    .map((test) => ({
      test,
      targets: test.targets.filter((target) =>
        test.chroots[target]?.some((chroot) => built.has(buildKey(test, chroot))),
      ),
    }))
    .filter(({ targets }) => targets.length > 0)
}
