import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import { createTester } from './create-tester.ts'

const LIMITS = { timeMs: 1, memoryBytes: 1, processes: 1, diskBytes: 1, logBytes: 1 }
const deps = { sandbox: {} as Sandbox, storage: {} as Storage, limits: LIMITS, hostChroot: 'host-debian-12-x86_64' }
const farm = { url: 'https://farm.example/v0.1', token: undefined, internalUrl: undefined, internalToken: undefined }

test('with a token Testing Farm tests, without one this machine does', () => {
  assert.equal(createTester({ testingFarm: farm }, deps).name, 'local')
  assert.equal(createTester({ testingFarm: { ...farm, token: 'x' } }, deps).name, 'testing-farm')
})

test('without a token for them internal tests have a problem', async () => {
  const asked = { target: 'fedora-45-x86_64', isInternal: true, hasPlans: true }
  const tester = createTester({ testingFarm: { ...farm, token: 'x' } }, deps)

  assert.match((await tester.findProblem(asked)) ?? '', /internal Testing Farm/)
})
