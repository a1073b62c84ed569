import type { Plan, PlannedBuild, PlannedTest } from './plan.ts'

/**
 * The plan of an event of which a part was asked for again: what is not part of that stays as it was, so that checks keep
 * their names and pages their reasons.
 *
 * @param asked  of the same configuration, narrowed to what was asked for
 */
export function mergePlans(former: Plan, asked: Plan): Plan {
  const runs = [...asked.builds, ...asked.tests.filter(({ notRun }) => notRun === null)]
  const running = new Set(runs.flatMap(({ checks }) => Object.values(checks)))
  const skipped = new Map([...former.skipped, ...asked.skipped].map((check) => [check.name, check]))
  const isAny = asked.problem === null
  return {
    ...asked,
    summary: isAny || former.problem ? asked.summary : former.summary,
    jobs: asked.jobs.map((job, i) => (job.wanted ? job : (former.jobs[i] ?? job))),
    builds: mergeParts(former.builds, asked.builds, mergeBuild),
    tests: mergeParts(former.tests, asked.tests, (before, now) => ({
      ...mergeBuild(before, now),
      chroots: { ...before.chroots, ...now.chroots },
    })),
    skipped: [...skipped.values()].filter(({ name }) => !running.has(name)),
    warnings: [...new Set([...former.warnings, ...asked.warnings])],
    problem: isAny || former.problem === null ? null : asked.problem,
  }
}

/** Parts are the same by package and identifier. */
function mergeParts<T extends PlannedBuild | PlannedTest>(
  before: readonly T[],
  now: readonly T[],
  merge: (before: T, now: T) => T,
): T[] {
  const keyOf = ({ package: name, identifier }: T) => `${name}\0${identifier}`
  const parts = new Map(before.map((part) => [keyOf(part), part]))
  for (const part of now) {
    const known = parts.get(keyOf(part))
    parts.set(keyOf(part), known ? merge(known, part) : part)
  }
  return [...parts.values()]
}

function mergeBuild<T extends PlannedBuild | PlannedTest>(before: T, now: T): T {
  const targets = [...new Set([...before.targets, ...now.targets])]
  return { ...before, ...now, targets, checks: { ...before.checks, ...now.checks } }
}
