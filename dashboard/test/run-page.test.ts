// The run page: from a failure to what it means, what the run left behind, and its packages side by side.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { makeRun, makeStep, NOW, sampleRuns, triggerOf } from './fixtures.ts'
import { assertAccessible, assertFits, createWorld, picture, SIZES, takeProblems } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.runs = [...sampleRuns(), ON_MAIN, MONOREPO]
})

/** The newest run of the branch that run 42 goes into. */
const ON_MAIN = makeRun(30_000, {
  trigger: { ...triggerOf('acme', 'hello', null), branch_name: 'main' },
  state: 'failure',
  title: null,
  created_at: NOW - 90_000,
  commit: { sha: 'ffeeddccbbaa00998877665544332211ffeeddcc', url: null, title: 'Say hello' },
})

/** One of three packages, with everything that a run may have. */
const MONOREPO = makeRun(50, {
  trigger: triggerOf('acme', 'hello', 50),
  title: 'Split into three packages',
  package: 'hello',
  state: 'failure',
  commit: { sha: '5050505050505050505050505050505050505050', url: null, title: 'Split off the documentation' },
  srpm: { packit_id: 51, status: 'success' },
  copr: [
    { packit_id: 52, target: 'fedora-43-x86_64', status: 'success' },
    { packit_id: 53, target: 'epel-10-x86_64', status: 'failure' },
  ],
  koji: [{ packit_id: 61, target: 'rawhide', status: 'success' }],
  bodhi_update: [{ packit_id: 62, target: 'f43', status: 'queued' }],
  propose_downstream: [{ packit_id: 63, target: 'rawhide', status: 'submitted' }],
  vm_image_build: [{ packit_id: 64, target: 'fedora-43-x86_64', status: 'error' }],
  siblings: [
    { merged_run_id: 41, package: 'hello-docs', state: 'success' },
    { merged_run_id: 42, package: 'hello-data-of-a-very-long-name-that-tells-what-it-does', state: 'running' },
  ],
  steps: [
    makeStep('srpm', 12, 'success'),
    makeStep('build', 52, 'success', {
      target: 'fedora-43-x86_64',
      log_size: 104_857_600,
      files: [
        {
          name: 'hello-2.12.1-1.fc43.x86_64.rpm',
          url: 'https://packit.example.org/repos/x/hello.rpm',
          size: 2_345_678,
        },
        { name: 'hello-debuginfo-2.12.1-1.fc43.x86_64.rpm', url: null, size: 345_678 },
      ],
    }),
    makeStep('build', 53, 'success', {
      target: 'epel-10-x86_64',
      files: [{ name: 'hello-2.12.1-1.el10.x86_64.rpm', url: null, size: 2_300_000 }],
    }),
    makeStep('test', 71, 'failure', { target: 'fedora-43-x86_64', reason: '1 of 3 tests failed' }),
  ],
})

test('a packager finds why the build of her pull request failed, and what of it is her own', async () => {
  const page = await world.open('pipelines')
  await page.getByRole('link', { name: 'acme/hello#42' }).first().click()
  await page.getByRole('heading', { name: /%check failed in fedora-rawhide-x86_64, fedora-43-x86_64/ }).waitFor()
  const causes = page.locator('.causes')
  await causes.getByText('New failure').waitFor()
  assert.match((await causes.locator('.verdict').first().innerText()).replaceAll('\n', ' '), /it passed on main/)
  assert.match(
    (await causes.locator('.verdict').last().innerText()).replaceAll('\n', ' '),
    /in fedora-43-x86_64: it failed on main/,
  )

  await causes.getByRole('link', { name: 'Compare', exact: true }).first().click()
  await page.waitForURL('**/compare?a=30000&b=42')
  await page.getByText('1 step fails that passed before, 1 step failed in both.').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Line 214 in the log' }).click()
  await page.waitForURL('**/pipeline/42?log=build-31#L214-L217')
  await page.locator('.log-line.marked').first().waitFor()
  assert.deepEqual(takeProblems(page), [])
})

test('a failure of a commit that passed before is called flaky', async () => {
  world.server.runs = world.server.runs.map((run) =>
    run.merged_run_id === 41
      ? {
          ...run,
          trigger: triggerOf('acme', 'hello', 42),
          copr: ['fedora-rawhide-x86_64', 'fedora-43-x86_64'].map((target, i) => ({
            packit_id: i,
            target,
            status: 'success',
          })),
        }
      : run,
  )
  const page = await world.open('pipeline/42')
  await page.getByText('Flaky').waitFor()
  assert.match(
    (await page.locator('.verdict').innerText()).replaceAll('\n', ' '),
    /it passed with the same commit, run 41/,
  )
})

test('a run is compared with another that one chooses, by keyboard', async () => {
  const page = await world.open('pipeline/42')
  await page.getByText('Compare with…').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Branch main' }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/compare?a=*&b=42')
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor()
})

test('a comparison that lacks a run, or is of two projects, says so', async () => {
  const page = await world.open('compare?a=41')
  await page.getByText('The address lacks “b”').waitFor()
  world.server.failures.set('/api/compare', { status: 400, body: { detail: 'only runs of one project are compared' } })
  await page.goto(`${world.base}compare?a=41&b=42`)
  await page.getByText('only runs of one project are compared').waitFor()
  world.server.failures.clear()
})

test('the packages of one change stand side by side, one click from each other', async () => {
  const page = await world.open('pipeline/50')
  const cards = page.getByRole('navigation', { name: 'Packages of this change' }).getByRole('listitem')
  assert.equal(await cards.count(), 3)
  await page.getByText('3 packages of this change').waitFor()
  assert.equal(await cards.first().locator('.sibling-steps .mark').count(), 3)
  await page.getByRole('link', { name: 'hello-docs' }).click()
  await page.waitForURL('**/pipeline/41')
})

test('files have sizes, links where they are kept, and a word where they are not', async () => {
  const page = await world.open('pipeline/50')
  const files = page.locator('.files')
  await files.getByRole('link', { name: 'hello-2.12.1-1.fc43.x86_64.rpm' }).waitFor()
  await files.getByText('2.3 MB').first().waitFor()
  await files.getByText('The packages of this run are not kept any more').waitFor()
  await files.getByText('/packit build').waitFor()
  assert.equal(await files.getByRole('link', { name: /el10/ }).count(), 0)
  assert.equal(
    await page.locator('.steps').getByRole('link', { name: 'Tests fedora-43-x86_64' }).getAttribute('href'),
    '/jobs/testing-farm/71',
  )
  await page.locator('.other-jobs').getByRole('link', { name: 'f43' }).waitFor()
})

test('a build leads to its run, to the same in other chroots, and to what was made of its log', async () => {
  const page = await world.open('jobs/copr/31')
  const around = page.locator('.other-jobs')
  await around.getByRole('link', { name: 'Greet also in the rain' }).waitFor()
  await around.getByRole('link', { name: /epel-10-x86_64/ }).click()
  await page.waitForURL('**/jobs/copr/33')
})

for (const theme of ['light', 'dark'] as const) {
  test(`runs and comparisons are accessible and fit, on a desk and on phones: ${theme}`, async () => {
    const page = await world.open('', { theme })
    for (const [name, path] of Object.entries({
      'run-everything': 'pipeline/50',
      'run-verdicts': 'pipeline/42?log=none',
      compare: 'compare?a=30&b=42',
      'build-around': 'jobs/copr/31',
    })) {
      await page.goto(world.base + path)
      await page.locator('h1').waitFor()
      await page.waitForTimeout(400)
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
