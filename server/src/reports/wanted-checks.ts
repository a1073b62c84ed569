import type { WantedCheck } from '../db/checks.ts'
import type { Run } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import { SUMMARY_CHECK } from '../domain/check.ts'
import { markdownText } from '../domain/escape.ts'
import type { Plan, SkippedCheck } from '../domain/plan.ts'
import { hasEnded, type State } from '../domain/status.ts'

type Target = Run['targets'][number]

/**
 * What a forge shall show of an event, from its plan and the newest attempt of each of its runs.
 *
 * @param page  the address of one of our pages from its path
 */
export function wantedChecks(plan: Plan, runs: readonly Run[], page: (path: string) => string): WantedCheck[] {
  const checks = runs.flatMap((run) => run.targets.map((target) => targetCheck(plan, run, target, page)))
  return [...checks, ...plan.skipped.map(skippedCheck), summaryCheck(plan, runs, page)]
}

/** What the configuration names and nothing is done for: an unknown target, tests where none are run. */
function skippedCheck({ name, reason }: SkippedCheck): WantedCheck {
  return { name, state: 'skipped', title: reason, summary: markdownText(reason), link: null }
}

function targetCheck(plan: Plan, run: Run, target: Target, page: (path: string) => string): WantedCheck {
  const srpm = run.srpm
  const atSrpm = srpm !== undefined && srpm.state !== 'success'
  return {
    name: checkName(plan, run, target),
    state: atSrpm && srpm.state === 'running' && !hasEnded(target.state) ? 'running' : target.state,
    title: title(srpm?.state ?? 'skipped', target),
    summary: summary(target.cause ?? (atSrpm ? srpm.cause : null), target.reason),
    link: page(atSrpm ? `/jobs/srpm/${srpm.id}` : `/jobs/copr/${target.id}`),
  }
}

function checkName(plan: Plan, run: Run, target: Target): string {
  const chroot = target.target ?? ''
  const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
  const planned = plan.builds.find((b) => b.package === pipeline?.package && b.identifier === pipeline.identifier)
  return planned?.checks[chroot] ?? ['rpm-build', chroot, ...(target.identifier ? [target.identifier] : [])].join(':')
}

function title(srpm: State, target: Target): string {
  if (target.state === 'skipped' || target.state === 'canceled') return target.reason ?? 'The build was cancelled.'
  if (srpm === 'pending') return 'The task was accepted.'
  if (srpm === 'running') return 'SRPM build is in progress...'
  if (srpm === 'failure') return 'SRPM build failed, check the logs for details.'
  if (srpm !== 'success') return target.reason ?? 'There is no SRPM.'
  const titles: Partial<Record<State, string>> = {
    pending: 'SRPM build succeeded. Waiting for RPM build to start...',
    running: 'RPM build is in progress...',
    success: 'RPMs were built successfully.',
    failure: 'RPMs failed to be built.',
  }
  return titles[target.state] ?? target.reason ?? 'The build could not be finished.'
}

/** The cause, with its lines; posted text of strangers is escaped. */
function summary(cause: Cause | null, reason: string | null): string {
  if (!cause) return reason ? markdownText(reason) : ''
  const lines = cause.lines.map(({ number, text }) => `    ${number}: ${text}`)
  return [`**${markdownText(cause.summary)}**`, '', ...lines].join('\n')
}

function summaryCheck(plan: Plan, runs: readonly Run[], page: (path: string) => string): WantedCheck {
  const first = runs[0]
  const link = first ? page(`/pipeline/${first.id}`) : null
  if (plan.problem)
    return {
      name: SUMMARY_CHECK,
      state: plan.problem.state,
      title: plan.problem.title,
      summary: markdownText(plan.problem.summary),
      link,
    }
  const states = runs.map((run) => run.pipelines[0]?.state ?? 'pending')
  const worst = runs.find((run) => ['failure', 'error', 'canceled'].includes(run.pipelines[0]?.state ?? ''))
  const state =
    states.find((s) => s === 'running') ??
    worst?.pipelines[0]?.state ??
    states.find((s) => s === 'pending') ??
    states[0] ??
    'skipped'
  const reasons = runs
    .map((run) => run.pipelines[0]?.reason)
    .filter((reason) => reason !== null && reason !== undefined)
  return { name: SUMMARY_CHECK, state, title: reasons[0] ?? plan.summary, summary: markdownText(plan.summary), link }
}
