import type { BuildTarget, Pipeline, Run } from '../db/runs.ts'
import type { TestTarget } from '../db/tests.ts'
import { hasEnded } from '../domain/status.ts'
import { FAILED } from './failed-targets.ts'

/** How a target of an event stands: in its newest attempt, since a further one may be for some targets only. */
export interface NewestTarget {
  run: Run
  pipeline: Pipeline
  target: BuildTarget
}

/** The targets of an event by package, identifier and chroot, each in its newest attempt. */
export function newestTargets(runs: readonly Run[]): Map<string, NewestTarget> {
  const newest = new Map<string, NewestTarget>()
  for (const run of runs)
    for (const pipeline of run.pipelines)
      for (const target of run.targets.filter((t) => t.groupId === pipeline.buildGroupId)) {
        const key = targetKey(pipeline.package, pipeline.identifier, target.target ?? '')
        const known = newest.get(key)
        if (!known || pipeline.attempt > known.pipeline.attempt) newest.set(key, { run, pipeline, target })
      }
  return newest
}

/** The same for tests. */
export interface NewestTest {
  run: Run
  pipeline: Pipeline
  test: TestTarget
}

export function newestTests(runs: readonly Run[]): Map<string, NewestTest> {
  const newest = new Map<string, NewestTest>()
  for (const run of runs)
    for (const pipeline of run.pipelines)
      for (const test of run.tests.filter((t) => t.groupId === pipeline.testGroupId)) {
        const key = targetKey(pipeline.package, pipeline.identifier, test.target ?? '')
        const known = newest.get(key)
        if (!known || pipeline.attempt > known.pipeline.attempt) newest.set(key, { run, pipeline, test })
      }
  return newest
}

export function targetKey(name: string, identifier: string, chroot: string): string {
  return [name, identifier, chroot].join('\0')
}

/** What was never handed to a builder can't be built here. */
export function isPossible({ target }: NewestTarget): boolean {
  return target.buildRowId !== null
}

/** Nothing more comes of it: it ended itself, or there is no SRPM for it. */
export function isDone({ run, target }: NewestTarget): boolean {
  const { srpm } = run
  return hasEnded(target.state) || (srpm !== undefined && srpm.state !== 'success' && hasEnded(srpm.state))
}

export function isFailed({ run, target }: NewestTarget): boolean {
  const [first] = run.pipelines
  if (first?.gaveUp || !run.srpm) return FAILED.includes(first?.state ?? null)
  return FAILED.includes(run.srpm.state === 'success' ? target.state : run.srpm.state)
}
