import type { WantedCheck } from '../db/checks.ts'
import type { Run } from '../db/runs.ts'
import { markdownText } from '../domain/escape.ts'
import type { Plan } from '../domain/plan.ts'
import { HOST_PREFIX } from '../domain/run.ts'
import { isAtCopr } from '../domain/srpm/where.ts'
import { hasEnded, type State } from '../domain/status.ts'
import { annotateSpec } from './annotations.ts'
import { causeText, durationsText, installOf, installText, summaryText, titleText } from './check-text.ts'

export type Target = Run['targets'][number]

/** What a check says beside what the database knows. */
export interface ReportView {
  /** The address of one of our pages from its path. */
  page: (path: string) => string
  /** A newer commit took the event's place. */
  isSuperseded: boolean
  /** What is said of all that waits for an outside system which does not answer; null while it does. */
  waitsFor: (backend: string) => string | null
}

/** The check of one build target, and what the stable check has to know of it. */
export interface TargetReport {
  check: WantedCheck
  run: Run
  target: Target
  /** Built on this machine, not in a clean root: never one of the wanted targets. */
  isHost: boolean
  /** What it waits for that does not answer. */
  waits: string | null
}

export const REPLACED = 'A newer commit replaced this one.'

/** What a forge shall show of a build target; the SRPM's progress is shown on it too. */
export function reportTarget(plan: Plan | null, run: Run, target: Target, view: ReportView): TargetReport {
  const isHost = (target.target ?? '').startsWith(HOST_PREFIX)
  const state = stateOf(run, target, view)
  const name = checkName(plan, run, target)
  const attempt = pipelineOf(run, target)?.attempt ?? 1
  const base = { name, state, attempt, link: linkOf(run, target, view), buttons: [] }
  if (state === 'canceled' && view.isSuperseded) {
    const nothing = { conclusion: null, summary: '', annotations: [], startedAt: null, endedAt: null }
    // whatever becomes of it afterwards, the forge is told once
    const link = view.page(`/pipeline/${run.id}`)
    return { check: { ...base, ...nothing, link, title: REPLACED }, run, target, isHost, waits: null }
  }
  const cause = causeOf(run, target)
  const waits = waitOf(run, target, view)
  const title = waits ?? titleOf(run, target)
  const check = {
    ...base,
    // neither a fault of the change alone, nor one of ours: it is merged by hand
    conclusion: hasConflict(run) ? ('neutral' as const) : null,
    title: titleText(isHost ? `${title} (on this machine, not in a clean root)` : title),
    summary: targetSummary(run, target, view),
    annotations: cause && hasEnded(state) ? annotateSpec(cause, run) : [],
    startedAt: run.srpm?.startedAt ?? target.startedAt,
    endedAt: hasEnded(state) ? target.endedAt : null,
  }
  return { check, run, target, isHost, waits }
}

/** Whether the change does not merge with its base. */
export function hasConflict({ srpm }: Run): boolean {
  return srpm?.state === 'skipped'
}

/** Why a target did not succeed: its own cause, or that of the SRPM. */
export function causeOf({ srpm }: Run, target: Target) {
  return target.cause ?? (srpm && srpm.state !== 'success' ? srpm.cause : null)
}

/** The page with the log that tells of a target. */
export function linkOf({ srpm }: Run, target: Target, { page }: Pick<ReportView, 'page'>): string {
  const atSrpm = srpm !== undefined && srpm.state !== 'success' && target.startedAt === null
  return page(atSrpm ? `/jobs/srpm/${srpm.id}` : `/jobs/copr/${target.id}`)
}

function stateOf({ srpm }: Run, target: Target, { isSuperseded }: ReportView): State {
  if (hasEnded(target.state)) return target.state
  if (isSuperseded) return 'canceled'
  return srpm?.state === 'running' ? 'running' : target.state
}

function pipelineOf(run: Run, target: Target) {
  return run.pipelines.find((p) => p.buildGroupId === target.groupId)
}

function checkName(plan: Plan | null, run: Run, target: Target): string {
  const chroot = target.target ?? ''
  const pipeline = pipelineOf(run, target)
  const planned = plan?.builds.find((b) => b.package === pipeline?.package && b.identifier === pipeline.identifier)
  return planned?.checks[chroot] ?? ['rpm-build', chroot, ...(target.identifier ? [target.identifier] : [])].join(':')
}

/** A build, or its SRPM, that its builder does not start, or tells no news of, because it does not answer. */
function waitOf({ srpm, builds }: Run, target: Target, { waitsFor }: ReportView): string | null {
  if (!srpm || hasEnded(target.state)) return null
  if (!hasEnded(srpm.state)) return isAtCopr(srpm) ? waitsFor('copr') : null
  const builder = builds.find(({ id }) => id === target.buildRowId)?.builder
  return srpm.state === 'success' && builder ? waitsFor(builder) : null
}

function titleOf(run: Run, target: Target): string {
  const srpm = run.srpm?.state ?? 'skipped'
  if (hasConflict(run)) return run.srpm?.reason ?? 'Merge conflicts present'
  if (target.state === 'skipped' || target.state === 'canceled') return target.reason ?? 'The build was cancelled.'
  if (srpm === 'pending') return 'The task was accepted.'
  if (srpm === 'running') return 'SRPM build is in progress...'
  const cause = causeOf(run, target)?.summary
  if (srpm === 'failure') return cause ?? 'SRPM build failed, check the logs for details.'
  if (srpm !== 'success') return run.srpm?.reason ?? target.reason ?? 'There is no SRPM.'
  const titles: Partial<Record<State, string>> = {
    pending: 'SRPM build succeeded. Waiting for RPM build to start...',
    running: 'RPM build is in progress...',
    success: 'RPMs were built successfully.',
    failure: cause ?? target.reason ?? 'RPMs failed to be built.',
  }
  return titles[target.state] ?? target.reason ?? 'The build could not be finished.'
}

function targetSummary(run: Run, target: Target, view: ReportView): string {
  if (!hasEnded(target.state)) return ''
  const cause = causeOf(run, target)
  const reason = target.reason && target.reason !== cause?.summary ? markdownText(target.reason) : null
  return summaryText([
    cause ? causeText(cause, linkOf(run, target, view)) : reason,
    durationsText(run, target),
    // told once: to tell it again when it is published would be one more call to the forge for each target
    installText(installOf(run, target, view.page, { isEarly: true }), ', as soon as the check `packit` has ended'),
  ])
}
