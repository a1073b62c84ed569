import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Guard } from '../domain/backend.ts'
import { UnavailableError } from '../domain/errors.ts'
import { FakeTester } from './fake.ts'
import { guardTester } from './guarded.ts'
import type { TestPlace } from './tester.ts'

const PLACE: TestPlace = { target: 'fedora-45-x86_64', isInternal: false, mayBeMissing: false, hasPlans: true }

test('a runner that can’t say what it has machines of counts as away; what is known by heart counts as nothing', async () => {
  let asked = 0
  const leaveAlone: Guard = async (call) => {
    asked += 1
    return call().catch(() => {
      throw new UnavailableError('it is left alone', 1_000, { hasDeadline: false })
    })
  }
  const tester = new FakeTester()
  const guarded = guardTester(tester, leaveAlone)
  assert.equal(await guarded.findProblem(PLACE), null)
  assert.equal(asked, 0)

  tester.findProblem = async () => Promise.reject(new UnavailableError('no list of composes', 1_000))
  await assert.rejects(guarded.findProblem(PLACE), { message: 'it is left alone', hasDeadline: false })
  // a limit says nothing of whether it is there
  tester.findProblem = async () => Promise.reject(new UnavailableError('too many', 1_000, { isBusy: true }))
  await assert.rejects(guarded.findProblem(PLACE), { message: 'too many' })
  assert.equal(asked, 1)
})
