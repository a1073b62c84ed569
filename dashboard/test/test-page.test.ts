import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { components } from '../src/api/schema.ts'
import type { TestCase } from '../src/api/types.ts'
import { makeRun, makeStep, NOW, PASSED, SHA, triggerOf } from './fixtures.ts'
import { assertAccessible, assertFits, createWorld, picture, SIZES, takeProblems } from './world.ts'

const TARGET = 'fedora-43-x86_64'

function makeCase(name: string, over: Partial<TestCase> = {}): TestCase {
  return { suite: '/plans/ci', name, result: 'passed', seconds: 2.4, message: null, place: null, logs: [], ...over }
}

const FAILURES = [
  makeCase('/greet/rain', {
    result: 'failed',
    seconds: 61,
    message: "expected 'Good morning, rain'\ngot      'Good morning, northern half of the world'",
    logs: [{ name: 'testout.log', url: 'https://artifacts.example/1/testout.log' }],
  }),
  makeCase('rpmlint', {
    suite: 'rpmlint',
    result: 'failed',
    seconds: null,
    message: 'E: no-binary',
    place: { path: 'hello.spec', line: 12 },
  }),
]
const RESULTS = [
  ...Array.from({ length: 12 }, (_, i) => makeCase(`/greet/${i + 1}`)),
  ...FAILURES,
  makeCase('macro-in-comment', { suite: 'rpmlint', result: 'info', seconds: null }),
]

const WAITS = {
  waits_for: 'runner' as const,
  position: null,
  expected_start: NOW + 2 * 3600 + 1200,
  expected_end: NOW + 5 * 3600 + 1200,
}

function makeTest(over: Partial<components['schemas']['Test']>): components['schemas']['Test'] {
  return {
    ...triggerOf('acme', 'hello', 60),
    pipeline_id: '5f0b6c1e-9a34-4c52-8d77-0e6f3b2a1c90',
    status: 'failed',
    state: 'failure',
    reason: null,
    package: null,
    identifier: null,
    run_id: 60,
    chroot: TARGET,
    commit_sha: SHA,
    web_url: 'https://artifacts.example/5f0b6c1e',
    copr_build_ids: [21],
    koji_build_ids: [],
    run_ids: [60],
    submitted_time: NOW - 300,
    ranch: 'public',
    started_at: NOW - 280,
    ended_at: NOW - 100,
    tries: 0,
    queue: null,
    counts: { total: 14, failed: 2, first: FAILURES },
    results: RESULTS,
    log: '/api/testing-farm/81/log',
    log_size: 60,
    log_url: null,
    ...over,
  } as components['schemas']['Test']
}

const RUN = makeRun(60, {
  trigger: triggerOf('acme', 'hello', 60),
  title: 'Greet in the rain too',
  state: 'failure',
  steps: [
    ...PASSED.steps,
    makeStep('test', 81, 'failure', {
      target: TARGET,
      log: '/api/testing-farm/81/log',
      log_size: 60,
      page: '/jobs/testing-farm/81',
      queued_at: NOW - 300,
      started_at: NOW - 280,
      ended_at: NOW - 100,
      tests: { total: 14, failed: 2, first: FAILURES },
    }),
    makeStep('test', 82, 'success', {
      target: 'epel-10-x86_64',
      page: '/jobs/testing-farm/82',
      queued_at: NOW - 300,
      started_at: NOW - 270,
      ended_at: NOW - 150,
      tests: { total: 14, failed: 0, first: [] },
    }),
    makeStep('test', 85, 'pending', { target: 'fedora-42-x86_64', page: '/jobs/testing-farm/85', queue: WAITS }),
  ],
  causes: [
    {
      step: 'test',
      id: 81,
      target: TARGET,
      kind: 'tests',
      section: null,
      summary: '2 of 14 tests failed: /greet/rain, rpmlint',
      line: null,
      lines: [],
      page: '/jobs/testing-farm/81',
    },
  ],
})

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
  const { server } = world
  server.runs = [RUN, ...server.runs]
  server.tests.set(81, makeTest({}))
  server.tests.set(83, makeTest({ state: 'running', results: null, counts: null, log: null, ended_at: null }))
  server.tests.set(
    84,
    makeTest({
      state: 'error',
      results: null,
      counts: null,
      log: null,
      tries: 3,
      reason: 'the guest was lost (4 tries)',
    }),
  )
  const waiting = {
    state: 'pending' as const,
    results: null,
    counts: null,
    log: null,
    started_at: null,
    ended_at: null,
  }
  server.tests.set(85, makeTest({ ...waiting, queue: WAITS }))
  server.tests.set(86, makeTest({ ...waiting, queue: { ...WAITS, waits_for: 'turn', position: 3 } }))
  server.logs.set('test-81', { text: '+ tmt run\nfail /greet/rain\n', complete: true })
})
after(() => world[Symbol.asyncDispose]())

test('a run shows in place what its failed tests said, and the way to all of them', async () => {
  const page = await world.open('pipeline/60')
  const failed = page.getByRole('list', { name: `Failed tests on ${TARGET}` })
  await failed.getByText('/greet/rain').waitFor()
  await failed.getByText(/northern half of the world/).waitFor()
  await failed.getByText('hello.spec:12').waitFor()
  const steps = page.locator('.steps')
  await steps.getByText('2 of 14 tests failed').waitFor()
  await steps.getByText('14 tests passed').waitFor()
  await steps.getByRole('link', { name: `Tests ${TARGET}` }).click()
  await page.waitForURL('**/jobs/testing-farm/81')
})

test('of many tests those that failed stand alone at first, and all are a click away', async () => {
  const page = await world.open('jobs/testing-farm/81')
  await page.getByRole('heading', { name: '2 of 14 tests failed' }).waitFor()
  const shown = page.locator('.test-case')
  assert.equal(await shown.count(), 2)
  await page.getByRole('radio', { name: /All/ }).check()
  assert.equal(await shown.count(), RESULTS.length)
  assert.match(await shown.first().innerText(), /\/greet\/rain/)
  assert.equal(
    await page.getByRole('link', { name: 'testout.log' }).getAttribute('href'),
    'https://artifacts.example/1/testout.log',
  )
  await page.getByText('fail /greet/rain').waitFor()
})

test('tests without results say why there are none, and those that run fill in by themselves', async () => {
  const page = await world.open('jobs/testing-farm/84')
  await page.getByText('the guest was lost (4 tries)').first().waitFor()
  await page.getByText('3 of 3 times').waitFor()
  await page.getByRole('heading', { name: 'No single results are known' }).waitFor()

  const running = await world.open('jobs/testing-farm/83')
  await running.getByRole('heading', { name: 'No test has said anything yet' }).waitFor()
  world.server.tests.set(83, makeTest({ log: null }))
  world.server.send({ kind: 'test', run: 60, id: 83, project: 'github.com/acme/hello' })
  await running.getByRole('heading', { name: '2 of 14 tests failed' }).waitFor()
})

test('tests that wait say what for and until when, on their page as on that of the run', async () => {
  const page = await world.open('pipeline/60')
  await page
    .locator('.steps')
    .getByText(/In the queue of the test runner, expected to start in 2 hours/)
    .waitFor()
  await page.getByRole('link', { name: 'Tests fedora-42-x86_64' }).click()
  await page.getByRole('status').getByText('In the queue of the test runner').waitFor()
  await page.getByText(/Expected to start in 2 hours, and to end in 5 hours/).waitFor()
  await page.goto(`${world.base}jobs/testing-farm/86`)
  await page.getByText('Number 3 in the queue').waitFor()
})

for (const theme of ['light', 'dark'] as const) {
  test(`tests are accessible and fit, on a desk and on phones: ${theme}`, async () => {
    const page = await world.open('', { theme })
    for (const [name, path] of Object.entries({
      'run-tests': 'pipeline/60',
      'test-failed': 'jobs/testing-farm/81',
      'test-broke': 'jobs/testing-farm/84',
      'test-waits': 'jobs/testing-farm/85',
    })) {
      await page.goto(world.base + path)
      await page.locator('h1').waitFor()
      await page.locator('.test-case, .empty').first().waitFor()
      for (const size of [...Object.values(SIZES), { width: 320, height: 640 }]) {
        await page.setViewportSize(size)
        await picture(page, `${name}-${size.width}-${theme}`)
        await assertFits(page)
        await assertAccessible(page)
      }
      assert.deepEqual(takeProblems(page), [])
    }
  })
}
