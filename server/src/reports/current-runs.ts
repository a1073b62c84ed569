import type { Run } from '../db/runs.ts'
import type { Plan } from '../domain/plan.ts'
import { HOST_PREFIX, stateOfRun } from '../domain/run.ts'
import { newestTargets, newestTests } from '../jobs/newest-targets.ts'

type Pipeline = Run['pipelines'][number]
type Target = Run['targets'][number]
type Test = Run['tests'][number]

/**
 * The runs of an event as they count, oldest first: with the newest attempt of each target alone, since an attempt may be
 * for some targets only. What the plan does not want any more counts in the last attempt only. A run that ended before
 * anything was planned (it waited for approval, its commit could not be had) stands for the whole event: every later one
 * replaces it, and one that was refused replaces nothing.
 */
export function currentRuns(plan: Plan | null, runs: readonly Run[]): Run[] {
  const pipelines = runs.flatMap((run) => run.pipelines)
  const last = lastAttempt(pipelines)
  const planned = runs.filter((run) => run.pipelines.some(isPlanned))
  const whole = runs.filter((run) =>
    run.pipelines.every((p) => !isPlanned(p) && p.attempt === last && !(planned.length > 0 && p.state === 'skipped')),
  )
  if (whole.length > 0) return whole

  const lastPlanned = lastAttempt(planned.flatMap((run) => run.pipelines))
  const newest = new Set([...newestTargets(planned).values()].map(({ target }) => target))
  const newestOfTests = new Set([...newestTests(planned).values()].map(({ test }) => test))
  const isWanted = (pipeline: Pipeline, target: Target) =>
    pipeline.attempt === lastPlanned || names(plan, pipeline, target)
  const countsTest = (pipeline: Pipeline) => (test: Test) =>
    test.groupId === pipeline.testGroupId &&
    newestOfTests.has(test) &&
    (pipeline.attempt === lastPlanned || namesTest(plan, pipeline, test))
  return planned.flatMap((run) => {
    const counts = (pipeline: Pipeline) => (target: Target) =>
      target.groupId === pipeline.buildGroupId && newest.has(target) && isWanted(pipeline, target)
    const kept = run.pipelines.filter(
      (p) => p.attempt === lastPlanned || run.targets.some(counts(p)) || run.tests.some(countsTest(p)),
    )
    return kept.length > 0
      ? [
          narrow(
            run,
            kept,
            run.targets.filter((t) => kept.some((p) => counts(p)(t))),
            run.tests.filter((t) => kept.some((p) => countsTest(p)(t))),
          ),
        ]
      : []
  })
}

function lastAttempt(pipelines: readonly Pipeline[]): number {
  return Math.max(0, ...pipelines.map((p) => p.attempt))
}

const isPlanned = (p: Pipeline) => p.srpmBuildId !== null || p.buildGroupId !== null || p.testGroupId !== null

/** Whether a plan has a target; what this machine builds besides goes with the others of its package. */
function names(plan: Plan | null, pipeline: Pipeline, { target }: Target): boolean {
  if (!plan) return true
  const build = plan.builds.find((b) => b.package === pipeline.package && b.identifier === pipeline.identifier)
  return build !== undefined && (build.targets.includes(target ?? '') || (target ?? '').startsWith(HOST_PREFIX))
}

function namesTest(plan: Plan | null, pipeline: Pipeline, { target }: Test): boolean {
  if (!plan) return true
  const test = plan.tests.find((t) => t.package === pipeline.package && t.identifier === pipeline.identifier)
  return test?.targets.includes(target ?? '') ?? false
}

/** A run without the targets that were built again: it stands as what is left of it does. */
function narrow(run: Run, pipelines: Pipeline[], targets: Target[], tests: Test[]): Run {
  const isWhole = [
    [targets, run.targets],
    [pipelines, run.pipelines],
    [tests, run.tests],
  ].every(([left, all]) => left?.length === all?.length)
  if (isWhole) return run
  const left = { ...run, pipelines, targets, tests }
  const { state, reason } = stateOfRun(left)
  return { ...left, pipelines: pipelines.map((p) => ({ ...p, state, reason })) }
}
