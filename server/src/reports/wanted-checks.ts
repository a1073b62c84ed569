import type { WantedCheck } from '../db/checks.ts'
import type { Run } from '../db/runs.ts'
import { SUMMARY_CHECK } from '../domain/check.ts'
import { markdownText } from '../domain/escape.ts'
import type { Plan } from '../domain/plan.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { targetKey } from '../jobs/newest-targets.ts'
import { titleText } from './check-text.ts'
import { stableCheck } from './stable-check.ts'
import { markdownLines } from './stable-summary.ts'
import { REPLACED, type ReportView, reportTarget, type TargetReport } from './target-check.ts'
import { reportTest, type TestReport, testPipeline } from './test-check.ts'

/**
 * What a forge shall show of an event, from its plan and the runs that count (`currentRuns`). Before there is a plan the
 * event was accepted; without a package configuration nothing is shown at all.
 */
export function wantedChecks(plan: Plan | null, runs: readonly Run[], view: ReportView): WantedCheck[] {
  if (plan?.problem?.kind === 'no-config') return []
  if (!plan && runs.length === 0 && view.isSuperseded) return []
  const targets = inOrderOf(
    plan,
    runs.flatMap((run) => run.targets.map((target) => reportTarget(plan, run, target, view))),
  )
  const tests = runs.flatMap((run) => run.tests.map((test) => reportTest(plan, run, test, view)))
  const stable = stableCheck({ plan, runs, targets, tests: inOrderOfTests(plan, tests) }, view)
  const others = [
    ...targets.map((report) => report.check),
    ...inOrderOfTests(plan, tests).map((report) => report.check),
    ...plannedChecks(plan, targets.length + tests.length > 0, stable),
  ]
  return [stable, ...withOwnNames(others)]
}

/** Whatever attempt each of them is of, they are told, and named, in the order of the plan. */
function inOrderOf(plan: Plan | null, targets: TargetReport[]): TargetReport[] {
  const order = plan?.builds.flatMap(({ package: name, identifier, targets: wanted }) =>
    wanted.map((target) => targetKey(name, identifier, target)),
  )
  const place = ({ run, target }: TargetReport) => {
    const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
    const key = targetKey(pipeline?.package ?? '', pipeline?.identifier ?? '', target.target ?? '')
    const index = order?.indexOf(key) ?? -1
    return index < 0 ? Number.MAX_SAFE_INTEGER : index
  }
  return targets.toSorted((a, b) => place(a) - place(b))
}

function inOrderOfTests(plan: Plan | null, tests: TestReport[]): TestReport[] {
  const order = plan?.tests.flatMap(({ package: name, identifier, targets }) =>
    targets.map((target) => targetKey(name, identifier, target)),
  )
  const place = ({ run, test }: TestReport) => {
    const pipeline = testPipeline(run, test)
    const index =
      order?.indexOf(targetKey(pipeline?.package ?? '', pipeline?.identifier ?? '', test.target ?? '')) ?? -1
    return index < 0 ? Number.MAX_SAFE_INTEGER : index
  }
  return tests.toSorted((a, b) => place(a) - place(b))
}

/** What the plan names though nothing was made of it: targets of a change that waits for leave, tests. */
function plannedChecks(plan: Plan | null, isBuilt: boolean, { attempt }: WantedCheck): WantedCheck[] {
  if (!plan) return []
  const { problem, builds, tests } = plan
  const waits = !isBuilt && (problem?.kind === 'not-approved' || problem?.kind === 'not-allowed')
  const ofPlan = waits
    ? [...builds, ...tests.filter(({ notRun }) => notRun === null)].flatMap(({ checks }) =>
        Object.values(checks).map((name) => ({
          ...skipped(name, problem.title, markdownLines(problem.summary)),
          conclusion: 'neutral' as const,
          attempt,
        })),
      )
    : []
  const left = (plan.skipped ?? []).map(({ name, reason }) => skipped(name, reason, markdownText(reason)))
  return [...ofPlan, ...left]
}

function skipped(name: string, title: string, summary: string): WantedCheck {
  const nothing = { conclusion: null, link: null, annotations: [], buttons: [], startedAt: null, endedAt: null }
  return { ...nothing, name, state: 'skipped', title: titleText(title), summary, attempt: 1 }
}

/** A template of the configuration may give several targets one name, or that of the stable check: each gets its own. */
function withOwnNames(checks: readonly WantedCheck[]): WantedCheck[] {
  const taken = new Set<string>([SUMMARY_CHECK])
  return checks.map((check) => {
    let name = check.name
    for (let i = 2; taken.has(name); i += 1) name = `${check.name} (${i})`
    taken.add(name)
    return { ...check, name }
  })
}

interface Known extends Omit<WantedCheck, 'state'> {
  state: State
}

/** Checks that were shown once and are no longer wanted: what has not ended ends, since nothing else would end it. */
export function endedChecks(
  known: readonly Known[],
  wanted: readonly WantedCheck[],
  plan: Plan | null,
  { isSuperseded }: Pick<ReportView, 'isSuperseded'>,
): WantedCheck[] {
  const left = known.filter(({ name, state }) => !hasEnded(state) && !wanted.some((check) => check.name === name))
  return left.map(({ name, link, attempt }) => ({
    ...skipped(name, plan?.problem?.title ?? 'It is not part of this run any more.', ''),
    ...(isSuperseded ? { state: 'canceled' as const, title: REPLACED } : {}),
    link,
    attempt,
  }))
}
