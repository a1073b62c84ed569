// What carries a release into the distribution, tests and analyses: after an import, jobs of every kind of event, of
// duplicates, and those that lost their event or group answer what the existing service answered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANALYSES } from './answers-analyses.ts'
import { KOJI_ANSWERS } from './answers-koji.ts'
import { RELEASE_ANSWERS } from './answers-releases.ts'
import { TEST_ANSWERS } from './answers-tests.ts'
import { describeImport, testAnswers } from './golden.ts'
import { MORE_JOBS } from './more-rows.ts'

describeImport('jobs', { rows: MORE_JOBS }, (world) => {
  testAnswers(world, { ...KOJI_ANSWERS, ...TEST_ANSWERS, ...RELEASE_ANSWERS, ...ANALYSES })

  test('scratch in any case means scratch builds alone, any other value the others', async () => {
    const found = { true: [33, 32], TRUE: [33, 32], false: [35, 31], no: [35, 31], '': [35, 31] }
    for (const [value, ids] of Object.entries(found)) {
      const builds: { packit_id: number }[] = await world().api.json(`/api/koji-builds?scratch=${value}`)
      assert.deepEqual(
        builds.map((build) => build.packit_id),
        ids,
        value,
      )
    }
  })

  test('a target of the other job, or of no run at all, is not found', async () => {
    for (const address of ['propose-downstream/71', 'pull-from-upstream/73', 'propose-downstream/74']) {
      const answer = await world().api.get(`/api/${address}`)
      assert.equal(answer.statusCode, 404)
      assert.match(answer.json().error, /^No info about (propose downstream|pull from upstream) target stored in DB$/)
    }
  })

  test('of a long log the end is in the old key', async () => {
    const { logs, ...target } = await world().api.json('/api/pull-from-upstream/72')
    assert.deepEqual([target.branch, target.status, target.downstream_prs], ['f42', 'error', []])
    assert.equal(target.downstream_pr_project, null)
    assert.ok(logs.endsWith('é0123456789'))
    assert.ok(Buffer.byteLength(logs) <= 2 ** 20)
  })
})
