import type { PlannedJob, SkippedCheck } from '../../domain/plan.ts'
import { unknownTargetMessage } from '../../domain/targets.ts'
import { type Candidate, type CandidateTarget, createBuildFinder } from './candidates.ts'
import { type PlanContext, WORDS } from './context.ts'
import { createTargetChoice, type IsAsked, refuseTargets, refuseUnasked } from './select.ts'
import { skipJob } from './skip.ts'

/** What becomes of a job for one package. */
export interface DecidedJob {
  candidate: Candidate
  job: PlannedJob
  /** Those that are left of it. */
  targets: CandidateTarget[]
  /** Why tests are not run though the event, or who asked, wants them. */
  notRun: string | null
  skipped: SkippedCheck[]
  /** The build whose packages tests are for; undefined for builds, and for tests that need none. */
  build?: Candidate | undefined
}

/** Texts that reports show as they are. */
export const NO_BUILD_JOB = 'Test job requires build job definition in the configuration.'
export const NO_TEST_RUNNER = 'no test runner is set up on this installation'

/** Says of every job, in its order, whether it is wanted, and why. */
export function decideJobs(
  candidates: readonly Candidate[],
  place: { configPath: string; isMonorepo: boolean },
  context: PlanContext,
): DecidedJob[] {
  const isAsked = createTargetChoice(context.selection, context.targets)
  const findBuild = createBuildFinder(candidates.map(({ view }) => view))
  const byView = new Map(candidates.map((candidate) => [candidate.view, candidate]))
  const refuse = (candidate: Candidate) => refuseCandidate(candidate, place, context)
  return candidates.map((candidate) => {
    const { kind, view } = candidate
    const followed =
      kind === 'test' && followsBuilds(view, context) ? byView.get(findBuild(view) as Candidate['view']) : undefined
    if (followed && candidate.refusal === undefined && refuse(followed) === undefined)
      return { ...followBuild(candidate, followed, isAsked, context), build: followed }
    const refusal = refuse(candidate)
    if (refusal !== undefined) return notWanted(candidate, refusal)
    if (kind === 'build' || view.skip_build) return decideTargets(candidate, isAsked, context, null)
    const build = byView.get(findBuild(view) as Candidate['view'])
    if (!build) return decideTargets(candidate, isAsked, context, NO_BUILD_JOB)
    // who asks for tests may have what was built before
    const noBuild = context.selection ? build.refusal : refuse(build)
    if (noBuild !== undefined) return notWanted(candidate, `its build does not run: ${noBuild}`)
    return { ...decideTargets(candidate, isAsked, context, null), build }
  })
}

/** Who asks for builds alone gets their tests too, as a push does, but for those that are run by hand. */
function followsBuilds(view: Candidate['view'], { selection, runsTests }: PlanContext): boolean {
  const { kinds } = selection ?? {}
  return runsTests && kinds !== undefined && !kinds.includes('test') && !view.manual_trigger && !view.skip_build
}

/** The tests of what is built. */
function followBuild(candidate: Candidate, build: Candidate, isAsked: IsAsked, context: PlanContext): DecidedJob {
  const built = new Set(build.targets.filter(isAsked).map(({ target }) => target))
  const follows: IsAsked = ({ chroots }) => chroots.some((chroot) => built.has(chroot))
  const decided = decideTargets({ ...candidate, unknown: [] }, follows, context, null)
  return decided.job.wanted ? { ...decided, job: { ...decided.job, reason: 'its build was asked for' } } : decided
}

function refuseCandidate(
  { view, kind, refusal }: Candidate,
  { configPath, isMonorepo }: { configPath: string; isMonorepo: boolean },
  context: PlanContext,
): string | undefined {
  const { selection } = context
  const unasked = selection && refuseUnasked(view, kind, selection)
  return refusal ?? unasked ?? skipJob(view, isMonorepo, configPath, context)
}

/** @param lacking  what tests lack to be run; null = nothing but a runner, maybe */
function decideTargets(
  candidate: Candidate,
  isAsked: IsAsked,
  context: PlanContext,
  lacking: string | null,
): DecidedJob {
  const { kind, view } = candidate
  const targets = candidate.targets.filter(isAsked)
  const notRun = kind === 'build' ? null : (lacking ?? (context.runsTests ? null : NO_TEST_RUNNER))
  const unknown = candidate.unknown.filter((one) => isAsked({ ...one, chroots: [] }))
  const why = new Map(unknown.map((one) => [one.target, unknownTargetMessage({ ...one, name: one.target })]))
  const of = { kind, package: view.package, identifier: candidate.identifier }
  const skipped = [
    ...(notRun === null ? [] : targets.map((t) => ({ ...of, name: t.check, target: t.target, reason: notRun }))),
    ...unknown.map((t) => ({ ...of, name: t.check, target: t.target, reason: why.get(t.target) ?? '' })),
  ]
  const names = targets.map(({ target }) => target)
  const decided = (wanted: boolean, reason: string) => ({
    candidate,
    job: plannedJob(candidate, names, wanted, reason),
    targets,
    notRun,
    skipped,
  })
  if (targets.length > 0) return decided(notRun === null, notRun ?? reasonFor(context))
  if (why.size > 0) return decided(false, [...why.values()].join(' '))
  if (context.selection && candidate.targets.length > 0) {
    const all = candidate.targets.map(({ target }) => target)
    return decided(false, refuseTargets(all, context.selection))
  }
  return decided(false, 'it has no targets')
}

function reasonFor({ on, selection }: PlanContext): string {
  return selection ? 'it was asked for' : `it runs on ${WORDS[on]}`
}

function notWanted(candidate: Candidate, reason: string): DecidedJob {
  return { candidate, job: plannedJob(candidate, [], false, reason), targets: [], notRun: null, skipped: [] }
}

function plannedJob({ view }: Candidate, targets: string[], wanted: boolean, reason: string): PlannedJob {
  const { package: name, type, on, identifier } = view
  return { package: name, job: type, on, identifier, targets, wanted, reason }
}
