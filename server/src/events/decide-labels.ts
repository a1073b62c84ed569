import { ConfigError } from '../domain/errors.ts'
import type { Plan } from '../domain/plan.ts'
import { decidePlan, type PlanContext } from './decide-plan.ts'

/**
 * Whether other jobs of a frozen plan's configuration are wanted with the labels of now than with those before: only then a
 * label is worth a further attempt.
 */
export function labelsMatter(
  plan: Plan | null,
  context: Omit<PlanContext, 'labels'>,
  before: readonly string[],
  now: readonly string[],
): boolean {
  const { config, configPath } = plan ?? {}
  if (!config || configPath == null || isSame(before, now)) return false
  const wanted = (labels: readonly string[]) =>
    decidePlan(config, configPath, { ...context, labels }).jobs.map((job) => job.wanted)
  try {
    const withNew = wanted(now)
    return wanted(before).some((isWanted, i) => isWanted !== withNew[i])
  } catch (error) {
    // what could not be decided with other labels can't be decided with these
    if (error instanceof ConfigError) return false
    throw error
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label))
}
