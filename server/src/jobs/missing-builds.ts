import type { Plan, PlannedBuild, PlannedTest } from '../domain/plan.ts'
import { HOST_PREFIX } from '../domain/run.ts'
import { hasEnded } from '../domain/status.ts'
import { buildKey } from './insert-tests.ts'
import { isDone, isPossible, type NewestTarget } from './newest-targets.ts'

/** Whether tests can have a build: it is there, or on its way. What can't be built here at all is not waited for either. */
export function isUsable(found: NewestTarget | undefined): boolean {
  if (!found) return false
  if (!isPossible(found)) return true
  const { pipeline, target } = found
  if (!hasEnded(target.state)) return !isDone(found)
  return target.state === 'success' && pipeline.expiredAt === null && pipeline.gaveUp === null
}

/** The chroots of tests whose packages are not there (any more). */
export function missingChroots(
  test: PlannedTest,
  targets: readonly string[],
  newest: ReadonlyMap<string, NewestTarget>,
): string[] {
  if (test.skipBuild || test.notRun !== null) return []
  const chroots = new Set(targets.flatMap((target) => test.chroots[target] ?? []))
  return [...chroots].filter((chroot) => !isUsable(newest.get(buildKey(test, chroot))))
}

/** A plan with the builds that its tests lack: what is missing is built first. */
export function addMissingBuilds({ ofTests = [], ...plan }: Plan, newest: ReadonlyMap<string, NewestTarget>): Plan {
  const builds = plan.builds.map((build) => ({ ...build }))
  for (const test of plan.tests) {
    const isOf = (build: PlannedBuild) =>
      build.package === test.package && build.identifier === (test.build ?? test.identifier)
    const possible = ofTests.find(isOf)
    const missing = missingChroots(test, test.targets, newest)
    if (!possible || missing.length === 0) continue
    // who builds for this machine does so whatever chroot is asked for
    const isHost = missing.some((chroot) => chroot.startsWith(HOST_PREFIX))
    const added = possible.targets.filter((target) => isHost || missing.includes(target))
    const known = builds.find(isOf)
    if (known) known.targets = [...new Set([...known.targets, ...added])]
    else builds.push({ ...possible, targets: added })
  }
  return { ...plan, builds }
}
