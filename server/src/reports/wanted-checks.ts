import type { WantedCheck } from '../db/checks.ts'
import type { Pipeline, Run } from '../db/runs.ts'
import { SUMMARY_CHECK } from '../domain/check.ts'
import { markdownText } from '../domain/escape.ts'
import type { Plan } from '../domain/plan.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { titleText } from './check-text.ts'
import { stableCheck } from './stable-check.ts'
import { markdownLines } from './stable-summary.ts'
import { REPLACED, type ReportView, reportTarget } from './target-check.ts'

/**
 * What a forge shall show of an event, from its plan and the newest attempt of each of its runs. Before there is a plan the
 * event was accepted; without a package configuration nothing is shown at all.
 */
export function wantedChecks(plan: Plan | null, runs: readonly Run[], view: ReportView): WantedCheck[] {
  if (plan?.problem?.kind === 'no-config') return []
  if (!plan && runs.length === 0 && view.isSuperseded) return []
  const targets = runs.flatMap((run) => run.targets.map((target) => reportTarget(plan, run, target, view)))
  const stable = stableCheck({ plan, runs, targets }, view)
  const others = [...targets.map((report) => report.check), ...plannedChecks(plan, targets.length > 0, stable)]
  return [stable, ...withOwnNames(others)]
}

/** What the plan names though nothing was made of it: targets of a change that waits for leave, tests. */
function plannedChecks(plan: Plan | null, isBuilt: boolean, { attempt }: WantedCheck): WantedCheck[] {
  if (!plan) return []
  const { problem, builds } = plan
  const waits = !isBuilt && (problem?.kind === 'not-approved' || problem?.kind === 'not-allowed')
  const ofBuilds = waits
    ? builds.flatMap(({ checks }) =>
        Object.values(checks).map((name) => ({
          ...skipped(name, problem.title, markdownLines(problem.summary)),
          conclusion: 'neutral' as const,
          attempt,
        })),
      )
    : []
  const left = (plan.skipped ?? []).map(({ name, reason }) => skipped(name, reason, markdownText(reason)))
  return [...ofBuilds, ...left]
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

/**
 * The runs of each package's newest attempt, oldest first. A run that ended before anything was planned (it waited for
 * approval, its commit could not be had) stands for the whole event: every later one replaces it, and one that was refused
 * replaces nothing.
 */
export function newestRuns(pipelines: readonly Pipeline[]): number[] {
  const last = Math.max(0, ...pipelines.map((p) => p.attempt))
  const isPlanned = (p: Pipeline) => p.srpmBuildId !== null || p.buildGroupId !== null
  const anyPlanned = pipelines.some(isPlanned)
  const whole = pipelines.filter((p) => !isPlanned(p) && p.attempt === last && !(anyPlanned && p.state === 'skipped'))
  if (whole.length > 0) return idsOf(whole)
  const newest = new Map<string, Pipeline>()
  for (const pipeline of pipelines) {
    if (!isPlanned(pipeline)) continue
    const key = `${pipeline.package}\0${pipeline.identifier}`
    const known = newest.get(key)
    if (!known || pipeline.attempt > known.attempt) newest.set(key, pipeline)
  }
  return idsOf([...newest.values()])
}

function idsOf(pipelines: readonly Pipeline[]): number[] {
  return [...new Set(pipelines.map((p) => p.mergedRunId ?? p.id))].sort((a, b) => a - b)
}
