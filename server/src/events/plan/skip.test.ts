import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanContext } from '../decide-plan.ts'
import { BUILD, decide, MONOREPO, reasons } from './test-plan.ts'

test('a marker in the message passes pull requests and pushes over; releases and those who ask are not', () => {
  for (const marker of ['[skip ci]', '[CI skip]', '[packit skip]', '[Skip Packit]']) {
    const plan = decide(BUILD, { commitMessage: `Title\n\nbody ${marker} more` })
    assert.equal(plan.problem?.title, `Skipped: the commit says ${marker}`)
    assert.ok(plan.jobs[0]?.reason.includes(`says ${marker}; a command runs it`))
  }
  const commitMessage = 'x [skip ci]'
  assert.equal(decide(BUILD, { commitMessage: 'skip ci, [skip] [ci]' }).problem, null)
  assert.equal(decide(BUILD, { commitMessage, selection: { includeManual: false } }).problem, null)
  assert.equal(
    decide(BUILD.replace('pull_request', 'release'), { commitMessage, on: 'release', label: '1' }).problem,
    null,
  )
})

/** Changed paths, and the packages that they concern. */
const CHANGES: [string[], string[]][] = [
  [['server/x'], ['server', 'all']],
  [['common/y/z'], ['server', 'all']],
  [['client.spec'], ['client', 'all']],
  [['servers/x', 'README'], ['all']],
  [['.packit.yaml'], ['server', 'client', 'all']],
  [
    ['server/server.spec', 'client/a'],
    ['server', 'client', 'all'],
  ],
  [[], ['all']],
]

test('a package of a monorepo is set off by changes of its folders, its spec file and the configuration', () => {
  for (const [changedPaths, packages] of CHANGES) {
    const names = (set: Partial<PlanContext>) => decide(MONOREPO, { changedPaths, ...set }).builds.map((b) => b.package)
    const all = ['server', 'client', 'all']
    assert.deepEqual(names({}), packages, changedPaths.join())
    assert.deepEqual(names({ on: 'release', label: '1' }), all)
    assert.deepEqual(names({ selection: { includeManual: false } }), all)
  }
  assert.equal(decide(MONOREPO).builds.length, 3)
  const plan = decide(MONOREPO, { changedPaths: [] })
  assert.ok(reasons(plan).includes('copr_build: no, nothing below server, common was changed'))
})
