import type { ComparedRunRow, ComparedStepRow } from '../../db/read-compare.ts'
import { type ComparedStep, compareSteps } from '../../domain/compare.ts'
import { combineStates } from '../../domain/status.ts'
import { pagePaths } from '../links.ts'
import type { Comparison } from '../models/compare.ts'
import { toState } from './status.ts'
import { toTrigger } from './trigger.ts'

/** What differs from run `a` to run `b`. */
export function toComparison(a: ComparedRunRow, b: ComparedRunRow): Comparison {
  const pairs = compareSteps(a.steps.map(toStep), b.steps.map(toStep))
  return {
    a: toRun(a),
    b: toRun(b),
    steps: pairs.map(({ before, after, change, packages }) => {
      // of every pair there is one at least
      const { kind, target, identifier } = (after ?? before) as ComparedStep
      const [was, is] = [before?.seconds ?? null, after?.seconds ?? null]
      return {
        kind,
        target,
        identifier,
        change,
        a: before && toSide(before),
        b: after && toSide(after),
        slower_s: was === null || is === null ? null : is - was,
        packages: packages.map(({ before: one, after: other, ...rest }) => ({ ...rest, a: one, b: other })),
      }
    }),
  }
}

function toRun(row: ComparedRunRow): Comparison['a'] {
  return {
    merged_run_id: row.id,
    page: pagePaths.run(row.id),
    // a run from an import has no state of its own, and stands as its steps do
    state: row.state === null ? combineStates(row.steps.map(toState)) : toState({ state: row.state, status: null }),
    package: row.package || null,
    nvr: row.nvr,
    commit: row.event?.commit ?? null,
    title: row.event?.title ?? null,
    trigger: toTrigger(row.event),
    created_at: row.createdAt,
    ended_at: row.endedAt,
  }
}

function toStep(row: ComparedStepRow): ComparedStep {
  const { kind, id, target, identifier, startedAt, endedAt } = row
  const seconds = startedAt === null || endedAt === null ? null : endedAt - startedAt
  return { kind, id, target, identifier, state: toState(row), seconds, packages: row.packages ?? [] }
}

function toSide({ id, state, seconds, kind }: ComparedStep): NonNullable<Comparison['steps'][number]['a']> {
  const page = pagePaths[kind](id)
  return { id, state, duration_s: seconds, page }
}
