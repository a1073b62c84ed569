import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergePlans } from './merge-plans.ts'
import type { Plan, PlannedBuild, PlannedJob, PlanProblem } from './plan.ts'

const job = (identifier: string, wanted: boolean, reason = ''): PlannedJob => ({
  package: 'hello',
  job: 'copr_build',
  on: 'pull_request',
  identifier,
  targets: [],
  wanted,
  reason,
})
const build = (identifier: string, targets: string[]): PlannedBuild => ({
  package: '',
  identifier,
  jobIndex: 0,
  targets,
  srpmKey: 'k',
  checks: Object.fromEntries(targets.map((target) => [target, `rpm-build:${target}:${identifier}`])),
  repository: 'r',
})
const plan = (set: Partial<Plan>): Plan => ({
  summary: '',
  jobs: [],
  builds: [],
  tests: [],
  skipped: [],
  warnings: [],
  config: null,
  configPath: null,
  problem: null,
  ...set,
})
const problem: PlanProblem = { kind: 'nothing-to-build', state: 'skipped', title: '', summary: '', lines: [] }

test('what was not asked for again keeps its targets, names and reasons', () => {
  const former = plan({
    jobs: [job('a', true, 'it runs on pull requests'), job('b', false, 'manual')],
    builds: [build('a', ['x', 'y'])],
    warnings: ['one'],
  })
  const asked = plan({
    jobs: [job('a', false, 'only y was asked for'), job('b', true, 'it was asked for')],
    builds: [build('a', ['y']), build('b', ['z'])],
    warnings: ['one', 'two'],
  })
  const merged = mergePlans(former, asked)
  assert.deepEqual(
    merged.builds.map(({ identifier, checks }) => [identifier, checks]),
    [
      ['a', { x: 'rpm-build:x:a', y: 'rpm-build:y:a' }],
      ['b', { z: 'rpm-build:z:b' }],
    ],
  )
  assert.deepEqual(
    merged.jobs.map(({ wanted, reason }) => [wanted, reason]),
    [
      [true, 'it runs on pull requests'],
      [true, 'it was asked for'],
    ],
  )
  assert.deepEqual(merged.warnings, ['one', 'two'])
  assert.deepEqual(mergePlans(merged, asked), merged)
})

test('what runs now is no longer skipped', () => {
  const skipped = { kind: 'build', package: '', identifier: '', target: 'z', reason: 'it was not known' } as const
  const former = plan({
    skipped: [
      { ...skipped, name: 'rpm-build:z:b' },
      { ...skipped, name: 'other' },
    ],
  })
  const merged = mergePlans(former, plan({ builds: [build('b', ['z'])] }))
  assert.deepEqual(
    merged.skipped.map(({ name }) => name),
    ['other'],
  )
})

test('to ask for what is not there leaves what was done; to ask for something ends that there was nothing', () => {
  const done = plan({ summary: 'The only job was chosen to run.', builds: [build('a', ['x'])] })
  const nothing = plan({ summary: 'None.', problem })
  assert.deepEqual(
    [mergePlans(done, nothing).problem, mergePlans(done, nothing).summary],
    [null, 'The only job was chosen to run.'],
  )
  assert.equal(mergePlans(nothing, done).problem, null)
  assert.equal(mergePlans(nothing, nothing).problem, problem)
})
