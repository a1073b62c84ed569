import { after } from 'node:test'
import { testTester } from '../tester.contract.ts'
import { openFarm, testToRun } from './test-world.ts'
import { createTestingFarm } from './testing-farm.ts'

const opened: AsyncDisposable[] = []
after(async () => {
  for (const world of opened) await world[Symbol.asyncDispose]()
})

testTester('Testing Farm (fake)', async () => {
  const world = await openFarm()
  opened.push(world)
  const { farm, tester } = world
  return {
    tester,
    target: 'fedora-rawhide-x86_64',
    test: async () => testToRun(),
    started(id, kind) {
      farm.begin(id)
      const results = [
        { name: '/tests/smoke', result: 'passed', seconds: 2 },
        { name: '/tests/deep', result: kind === 'failing' ? 'failed' : 'passed', seconds: 3 },
      ]
      if (kind !== 'endless') farm.end(id, { overall: kind === 'failing' ? 'failed' : 'passed', results })
    },
  }
})

const env = (name: string) => process.env[`PACKIT_TEST_TESTING_FARM_${name}`] ?? ''

// CONTRIBUTING.md says what these hold
if (env('TOKEN') !== '') {
  testTester('Testing Farm', async () => {
    const url = env('URL') || 'https://api.testing-farm.io/v0.1'
    const setting = 'PACKIT_TEST_TESTING_FARM_TOKEN'
    const plan = (name: string) => ({
      url: env('PLANS_URL'),
      ref: env('PLANS_REF') || 'main',
      mergeSha: null,
      path: '.',
      name,
    })
    const target = env('TARGET') || 'fedora-rawhide-x86_64'
    return {
      tester: createTestingFarm({ public: { url, token: env('TOKEN'), setting }, warn: console.error }),
      target,
      patienceMs: 60 * 60_000,
      // ids of other runs of this test must not be found
      test: async (kind) => ({
        ...testToRun({ target, plans: plan(`/plans/${kind}`), builds: [] }),
        ...{ id: Date.now(), createdAt: new Date(), notification: null },
      }),
    }
  })
}
