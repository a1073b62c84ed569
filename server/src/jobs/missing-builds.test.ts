import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EPEL, FEDORA, target } from '../../test/sample-checks.ts'
import { samplePlan, sampleRun } from '../../test/sample-run.ts'
import type { Run } from '../db/runs.ts'
import type { PlannedTest } from '../domain/plan.ts'
import { addMissingBuilds } from './missing-builds.ts'
import { newestTargets } from './newest-targets.ts'

const [BUILD] = samplePlan([FEDORA, EPEL]).builds
const TESTS: PlannedTest = {
  package: '',
  identifier: 'quick',
  jobIndex: 1,
  targets: [FEDORA, EPEL],
  chroots: { [FEDORA]: [FEDORA], [EPEL]: [EPEL] },
  checks: {},
  build: '',
  skipBuild: false,
  labels: [],
  manual: false,
  notRun: null,
}

/** The chroots that are built for tests, of what was built before. */
function missing(runs: Run[], of: Partial<PlannedTest> = {}): string[] {
  const plan = samplePlan([], { builds: [], ofTests: BUILD ? [BUILD] : [], tests: [{ ...TESTS, ...of }] })
  return addMissingBuilds(plan, newestTargets(runs)).builds.flatMap(({ targets }) => targets)
}

/** What was handed to a builder; rows that were not can't be built here. */
function built(...targets: ReturnType<typeof target>[]): Run {
  const run = sampleRun({ targets, published: true })
  const pipelines = run.pipelines.map((p) => ({ ...p, expiredAt: null }))
  return { ...run, pipelines, targets: run.targets.map((t) => ({ ...t, buildRowId: 1 })) }
}

test('what tests lack is built first: what was never built, failed, or is not kept any more', () => {
  assert.deepEqual(missing([]), [FEDORA, EPEL])
  assert.deepEqual(missing([built(target(FEDORA, 'success'), target(EPEL, 'success'))]), [])
  assert.deepEqual(missing([built(target(FEDORA, 'success'), target(EPEL, 'failure'))]), [EPEL])
  const run = built(target(FEDORA, 'success'), target(EPEL, 'success'))
  const expired = { ...run, pipelines: run.pipelines.map((p) => ({ ...p, expiredAt: new Date(0) })) }
  assert.deepEqual(missing([expired]), [FEDORA, EPEL])
})

test('what is on its way, or can not be built here at all, is not built again', () => {
  assert.deepEqual(missing([built(target(FEDORA, 'running'), target(EPEL, 'pending'))]), [])
  const nowhere = sampleRun({ targets: [target(FEDORA, 'skipped'), target(EPEL, 'skipped')] })
  const run = { ...nowhere, targets: nowhere.targets.map((t) => ({ ...t, buildRowId: null })) }
  assert.deepEqual(missing([run]), [])
})

test('tests that bring along what they test need no build', () => {
  assert.deepEqual(missing([], { skipBuild: true }), [])
})
