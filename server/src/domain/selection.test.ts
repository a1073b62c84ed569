import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plan, PlannedBuild } from './plan.ts'
import { isPartial, mergePlans, refuseUnselected, type Selection, selectTargets } from './selection.ts'

const JOB = { package: 'hello', identifier: 'a', labels: ['x', 'y'] }
const all: Selection = { includeManual: true }

test('a selection that names nothing means every job and target', () => {
  assert.equal(refuseUnselected(JOB, all), undefined)
  assert.deepEqual(selectTargets(['f', 'e'], all), ['f', 'e'])
  assert.equal(isPartial(all), false)
})

test('packages, identifier and labels narrow it down, each with a reason', () => {
  assert.equal(
    refuseUnselected(JOB, { ...all, packages: ['world', 'hello'], identifier: 'a', labels: ['y'] }),
    undefined,
  )
  assert.equal(refuseUnselected(JOB, { ...all, packages: ['world'] }), 'only world was asked for')
  assert.equal(refuseUnselected(JOB, { ...all, identifier: 'b' }), 'only b was asked for')
  assert.equal(refuseUnselected(JOB, { ...all, labels: ['b', 'c'] }), 'only jobs with the label b or c were asked for')
})

test('of the targets those are left that were asked for', () => {
  assert.deepEqual(selectTargets(['f', 'e'], { ...all, targets: ['e', 'g'] }), ['e'])
  assert.equal(isPartial({ ...all, targets: ['e'] }), true)
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

const plan = (wanted: Record<string, string[]>, set: Partial<Plan> = {}): Plan => ({
  summary: `${Object.keys(wanted)}`,
  jobs: ['a', 'm'].map((identifier) => ({
    package: 'hello',
    job: 'copr_build',
    on: 'pull_request',
    identifier,
    targets: wanted[identifier] ?? [],
    wanted: identifier in wanted,
    reason: identifier in wanted ? 'wanted' : 'not asked for',
  })),
  builds: Object.entries(wanted).map(([identifier, targets]) => build(identifier, targets)),
  warnings: [],
  config: null,
  configPath: null,
  problem: null,
  ...set,
})

const PROBLEM = { kind: 'nothing-to-build', state: 'skipped', title: 'Nothing', summary: '', lines: [] } as const

test('a further attempt for a part leaves the rest of the plan as it was', () => {
  const merged = mergePlans(plan({ a: ['f', 'e'] }), plan({ a: ['e', 'g'] }))
  assert.deepEqual(merged.builds, [build('a', ['f', 'e', 'g'])])
  assert.deepEqual(merged.jobs[0]?.targets, ['f', 'e', 'g'])
  assert.equal(merged.jobs[0]?.reason, 'wanted')
})

test('what runs only when asked for joins the plan, and a plan of nothing gives way', () => {
  const merged = mergePlans(plan({ a: ['f'] }), plan({ m: ['e'] }))
  assert.deepEqual(
    merged.builds.map(({ identifier }) => identifier),
    ['a', 'm'],
  )
  assert.deepEqual(
    merged.jobs.map(({ wanted }) => wanted),
    [true, true],
  )
  const begun = mergePlans(plan({}, { problem: { ...PROBLEM, lines: [] } }), plan({ m: ['e'] }))
  assert.deepEqual([begun.problem, begun.summary], [null, 'm'])
  assert.deepEqual(mergePlans(null, plan({ a: ['f'] })), plan({ a: ['f'] }))
})

test('a part that could not be planned changes nothing', () => {
  const before = plan({ a: ['f'] })
  assert.equal(mergePlans(before, plan({}, { problem: { ...PROBLEM, lines: [] } })), before)
})
