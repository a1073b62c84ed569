import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { caseOf, FakeTester } from '../src/testers/fake.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

const FEDORA = 'fedora-45-x86_64'
const EPEL = 'epel-10-x86_64'
const STREAM = 'centos-stream-10-x86_64'
const CONFIG = `specfile_path: hello.spec
jobs:
- {job: copr_build, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
- {job: tests, trigger: pull_request, targets: [${FEDORA}, ${EPEL}]}
`

async function createTestedWorld(options: WorldOptions = {}): Promise<{ world: World; tester: FakeTester }> {
  const tester = new FakeTester()
  const testTiming = { firstRetryMs: 1, longestPollMs: 1000 }
  const world = await createWorld({ ...options, replace: { tester, testTiming, ...options.replace } })
  return { world, tester }
}

async function checksOf(world: World): Promise<Record<string, string>> {
  const run = (await world.runs()).at(-1)
  const { event_id } = await world.get<{ event_id: number }>(`/api/runs/merged/${run?.merged_run_id}`)
  return world.checks(event_id)
}

/** Waits for a state of the service; how long that takes is no part of any rule. */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`)
    await sleep(20)
  }
}

test('tests follow the builds of their own chroots, and the run ends with them', async () => {
  const { world, tester } = await createTestedWorld()
  await using _ = world
  tester.endsAlone = false
  await world.openPullRequest({ config: CONFIG })
  await until('both targets are tested', () => tester.requests.size === 2)
  await world.settle()
  assert.equal((await world.runs())[0]?.state, 'running')

  const [fedora = ''] = tester.of(FEDORA)
  const [stream = ''] = tester.of(STREAM)
  assert.deepEqual(
    tester.requests.get(stream)?.test.builds.map(({ chroot }) => chroot),
    [EPEL],
  )
  tester.end(fedora, 'success', { results: [caseOf({ name: '/smoke', result: 'passed' })] })
  tester.end(stream, 'failure', {
    results: [
      caseOf({ name: '/smoke', result: 'passed' }),
      caseOf({ name: '/greets', result: 'failed', message: 'expected hello' }),
    ],
  })
  await until('the run has ended', async () => (await world.runs())[0]?.state === 'failure')
  await world.settle()
  assert.deepEqual(await checksOf(world), {
    [`rpm-build:${FEDORA}`]: 'success',
    [`rpm-build:${EPEL}`]: 'success',
    [`testing-farm:${FEDORA}`]: 'success',
    [`testing-farm:${STREAM}`]: 'failure',
    packit: 'failure',
  })
})
