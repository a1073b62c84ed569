import type { WantedCheck } from '../db/checks.ts'
import type { Run } from '../db/runs.ts'
import { ACCEPTED, type CheckButton, type CheckConclusion, SUMMARY_CHECK } from '../domain/check.ts'
import type { Plan, PlanProblem } from '../domain/plan.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { annotateConfig } from './annotations.ts'
import { titleText } from './check-text.ts'
import { stableSummary } from './stable-summary.ts'
import { hasConflict, REPLACED, type ReportView, type TargetReport } from './target-check.ts'
import { type TestReport, testPipeline } from './test-check.ts'

/** Everything that the stable check follows. */
export interface StableFacts {
  plan: Plan | null
  /** The runs that count, oldest first. */
  runs: readonly Run[]
  targets: readonly TargetReport[]
  tests: readonly TestReport[]
}

interface Verdict {
  state: State
  conclusion?: CheckConclusion
  title: string
  buttons?: CheckButton[]
}

/** It is green only if all wanted targets were built; an error of ours or of a builder asks for an action instead. */
export function stableCheck(facts: StableFacts, view: ReportView): WantedCheck {
  const { plan, runs } = facts
  const { state, conclusion, title, buttons = [] } = judge(facts, view)
  const ended = hasEnded(state)
  const isReplaced = state === 'canceled' && view.isSuperseded
  const pipelines = runs.flatMap((run) => run.pipelines)
  const attempt = Math.max(1, ...pipelines.map((p) => p.attempt))
  const first = runs.find((run) => run.pipelines[0]?.attempt === attempt)
  return {
    name: SUMMARY_CHECK,
    state,
    conclusion: conclusion ?? null,
    title: titleText(title),
    summary: isReplaced ? '' : stableSummary(facts, ended, view),
    link: first ? view.page(`/pipeline/${first.id}`) : null,
    annotations: plan && ended && !isReplaced ? annotateConfig(plan) : [],
    buttons,
    startedAt: isReplaced ? null : earliest(pipelines.map((p) => p.createdAt)),
    endedAt: ended && !isReplaced ? latest(pipelines.map((p) => p.endedAt)) : null,
    attempt,
  }
}

function judge(facts: StableFacts, view: ReportView): Verdict {
  const { plan, runs } = facts
  const states = runs.map((run) => run.pipelines[0]?.state ?? 'pending')
  if (view.isSuperseded && (states.length === 0 || states.some((s) => !hasEnded(s) || s === 'canceled')))
    return { state: 'canceled', title: REPLACED }
  // an attempt that was given up before it had an SRPM
  const lost = runs.find((run) => !run.srpm && run.pipelines[0]?.state === 'error')
  if (lost) return needsAction('error', lost.pipelines[0]?.reason ?? 'an error of ours')
  // a refused attempt leaves what was built before as it is
  if (plan?.problem && facts.targets.length + facts.tests.length === 0) return judgeProblem(plan.problem)
  if (runs.length === 0) return { state: 'pending', title: ACCEPTED }
  if (states.some((state) => !hasEnded(state))) return judgeLiving(facts, states)
  return judgeTargets(facts)
}

/** Nothing is green before somebody has done something about it. */
function needsAction(state: State, title: string): Verdict {
  return { state, conclusion: 'action_required', title }
}

function judgeProblem({ kind, state, title }: PlanProblem): Verdict {
  if (kind === 'not-approved')
    return {
      ...needsAction(state, title),
      buttons: [{ label: 'Approve', description: 'Have this commit built', word: 'approve' }],
    }
  if (kind === 'not-allowed' || state === 'error') return needsAction(state, title)
  return { state, title }
}

/** Its words stay the same until the end, or somebody does not answer: each change of them is a call to the forge. */
function judgeLiving({ targets, tests }: StableFacts, states: readonly State[]): Verdict {
  const waits = [...targets, ...tests].find((report) => report.waits !== null)?.waits
  if (waits) return { state: states.some((state) => state !== 'pending') ? 'running' : 'pending', title: waits }
  const wanted = targets.filter((t) => !t.isHost).length
  const tested = tests.filter(({ test }) => !hasEnded(test.state)).length
  if (tested > 0 && targets.every(({ target }) => hasEnded(target.state)))
    return { state: 'running', title: `Testing on ${count(tests.length, 'target')}.` }
  const any = states.some((state) => state !== 'pending')
  if (!any) return { state: 'pending', title: ACCEPTED }
  return { state: 'running', title: `Building for ${count(wanted || targets.length, 'target')}.` }
}

function judgeTargets({ plan, runs, targets, tests }: StableFacts): Verdict {
  const wanted = targets.filter((t) => !t.isHost)
  const counted = wanted.length > 0 ? wanted : targets
  const named = (state: State) => counted.filter((t) => t.target.state === state)
  const failedSrpm = runs.find((run) => run.srpm?.state === 'failure')
  if (failedSrpm) return { state: 'failure', title: failedSrpm.srpm?.cause?.summary ?? 'The SRPM failed.' }
  const failed = named('failure')
  if (failed.length > 0)
    return { state: 'failure', title: `${failed.length} of ${count(counted.length, 'target')} failed: ${list(failed)}` }
  const failedTests = tests.filter(({ test }) => test.state === 'failure')
  if (failedTests.length > 0) return { state: 'failure', title: `Tests failed on ${listTests(failedTests)}` }
  const gaveUp = runs.map((run) => run.pipelines[0]?.gaveUp).find((reason) => reason != null)
  if (gaveUp) return needsAction('error', gaveUp)
  const noSrpm = runs.find((run) => run.srpm?.state === 'error')
  if (noSrpm) return needsAction('error', `The SRPM could not be made: ${noSrpm.srpm?.reason ?? 'an error of ours'}`)
  const broken = named('error')[0]
  if (broken) return needsAction('error', `${nameOf(broken)} could not be finished: ${broken.check.title}`)
  const brokenTest = tests.find(({ test }) => test.state === 'error')
  if (brokenTest)
    return needsAction('error', `Tests on ${brokenTest.test.target} could not be run: ${brokenTest.check.title}`)
  const conflict = runs.find(hasConflict)
  if (conflict) return needsAction('skipped', conflict.srpm?.reason ?? 'Merge conflicts present')
  const canceled = named('canceled')
  if (canceled.length > 0 || runs.some((run) => run.srpm?.state === 'canceled'))
    return { state: 'canceled', title: canceled[0]?.target.reason ?? 'The run was cancelled.' }
  const canceledTest = tests.find(({ test }) => test.state === 'canceled')
  if (canceledTest) return { state: 'canceled', title: canceledTest.check.title }
  return judgeTests(tests, counted.length > 0 || tests.length === 0 ? judgeBuilt(counted, runs, plan) : undefined)
}

/** Nothing of the tests is bad; what was left out makes the whole neither good nor bad. */
function judgeTests(tests: readonly TestReport[], built: Verdict | undefined): Verdict {
  if (built && (built.state !== 'success' || built.conclusion)) return built
  const wanted = tests.filter(({ isHost }) => !isHost)
  const left = wanted.find(({ test }) => test.state === 'skipped')
  if (left) {
    const title = `${built ? `${built.title} ` : ''}${left.test.target}: ${left.check.title}`
    const passed = built !== undefined || tests.some(({ test }) => test.state === 'success')
    return { state: passed ? 'success' : 'skipped', conclusion: 'neutral', title }
  }
  if (!built) return { state: 'success', title: `Tests passed on ${count(tests.length, 'target')}.` }
  if (tests.length === 0) return built
  return { ...built, title: `${built.title.replace(/\.$/, '')}, and the tests passed.` }
}

function listTests(reports: readonly TestReport[]): string {
  const names = reports.map(({ test, run }) =>
    [testPipeline(run, test)?.package, test.target].filter(Boolean).join(': '),
  )
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

function judgeBuilt(counted: readonly TargetReport[], runs: readonly Run[], plan: Plan | null): Verdict {
  const built = counted.filter((t) => t.target.state === 'success').length
  if (counted.length === 0) {
    const state = runs[0]?.pipelines[0]?.state ?? 'skipped'
    return { state, title: runs[0]?.pipelines[0]?.reason ?? plan?.summary ?? 'Nothing to build' }
  }
  if (built === counted.length)
    return { state: 'success', title: built === 1 ? 'The target was built.' : `All ${built} targets were built.` }
  // neither good nor bad: what is left out can't be built by this installation
  const left = counted.find((t) => t.target.state !== 'success')
  const title = `${built} of ${counted.length} wanted targets: ${left?.target.reason ?? 'the others were left out'}`
  return { state: built > 0 ? 'success' : 'skipped', conclusion: 'neutral', title }
}

const nameOf = ({ target, run }: TargetReport) =>
  [run.pipelines.find((p) => p.buildGroupId === target.groupId)?.package, target.target].filter(Boolean).join(': ')

function list(reports: readonly TargetReport[]): string {
  const names = reports.map((report) => nameOf(report))
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? new Date(Math.min(...known.map((time) => time.getTime()))) : null
}

function latest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? new Date(Math.max(...known.map((time) => time.getTime()))) : null
}
