// How a forge would see what the reports say, for tests of it.
import assert from 'node:assert/strict'
import type { Run } from '../src/db/runs.ts'
import type { Plan, PlanProblem } from '../src/domain/plan.ts'
import { phaseOf } from '../src/reports/next-step.ts'
import { wantedChecks } from '../src/reports/wanted-checks.ts'
import type { SampleTarget } from './sample-run.ts'

export const VIEW = {
  page: (path: string) => `https://packit.example${path}`,
  isSuperseded: false,
  waitsFor: () => null,
}
export const FEDORA = 'fedora-45-x86_64'
export const EPEL = 'epel-10-x86_64'

/** How each check is seen on a forge, by name. */
export function seen(plan: Plan | null, runs: Run[], view = VIEW): Record<string, string> {
  return Object.fromEntries(
    wantedChecks(plan, runs, view).map((check) => {
      const phase = phaseOf(check)
      return [check.name, phase.status === 'completed' ? phase.conclusion : phase.status]
    }),
  )
}

/** The stable check. */
export const stable = (plan: Plan | null, runs: Run[], view = VIEW) => {
  const check = wantedChecks(plan, runs, view).find(({ name }) => name === 'packit')
  assert.ok(check)
  return check
}

export const target = (name: string, state: SampleTarget['state'], reason?: string): SampleTarget => ({
  target: name,
  state,
  ...(reason ? { reason } : {}),
})
export const problem = (kind: PlanProblem['kind'], state: PlanProblem['state'], over: Partial<PlanProblem> = {}) => ({
  problem: { kind, state, title: 'A title', summary: 'What is wrong.', lines: [], ...over },
})
