import type { PlanProblem } from '../domain/plan.ts'
import type { Selection } from '../domain/selection.ts'
import type { Trust } from '../domain/trust/decide-trust.ts'
import type { EventDeps } from './deps.ts'
import type { EventHead } from './event-head.ts'
import { emptyPlan, type PlannedHead, planHead } from './plan-head.ts'
import { findTrust } from './trust.ts'

/**
 * Plans a head as far as it is trusted: of one that is refused nothing is fetched, and of one that waits for approval the
 * plan says what would be built.
 *
 * @param source  of the delivery that tells of the head; undefined when none does
 * @throws {UnavailableError} when the repository or the forge can't be reached now
 */
export async function planTrusted(
  head: EventHead,
  source: string | undefined,
  deps: EventDeps,
  signal: AbortSignal | undefined,
  selection?: Selection,
): Promise<PlannedHead> {
  const trust = await findTrust(head, source, deps)
  if (trust.kind === 'refused') {
    const plan = emptyPlan(toProblem('not-allowed', 'Not allowed', trust))
    return { plan, baseSha: head.baseSha, commitTitle: null, available: [], trust: 'refused' }
  }
  const planned = await planHead(head, deps, signal, selection)
  // what has nothing to build needs nobody's leave
  if (trust.kind === 'trusted' || planned.plan.problem) return planned
  const problem = toProblem('not-approved', 'Waits for approval', trust)
  return { ...planned, plan: { ...planned.plan, summary: problem.title, problem }, trust: 'waits' }
}

function toProblem(
  kind: PlanProblem['kind'],
  title: string,
  { reason, advice }: Exclude<Trust, { kind: 'trusted' }>,
): PlanProblem {
  return { kind, state: 'skipped', title, summary: `${reason}. ${advice}`, lines: [] }
}
