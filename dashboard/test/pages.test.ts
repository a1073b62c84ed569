import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, assertFits, createWorld, picture, SIZES, settled, takeProblems } from './world.ts'

const PAGES = {
  home: '',
  runs: 'pipelines',
  'run-failed': 'pipeline/42',
  'run-passed': 'pipeline/41',
  'run-running': 'pipeline/43',
  'run-refused': 'pipeline/44',
  projects: 'projects',
  forge: 'projects/github.com',
  namespace: 'projects/github.com/acme',
  project: 'projects/github.com/acme/hello',
  branches: 'projects/github.com/acme/hello?tab=branches',
  srpm: 'jobs/srpm/12',
  build: 'jobs/copr/31#L212-L217',
  'not-found': 'no/such/page',
}

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())

for (const theme of ['light', 'dark'] as const) {
  test(`each page is accessible, fits and has no errors, on a desk and on a phone: ${theme}`, async (t) => {
    const page = await world.open('', { theme })
    for (const [name, path] of Object.entries(PAGES)) {
      await t.test(name, async () => {
        await page.goto(world.base + path)
        await settled(page)
        for (const viewport of Object.values(SIZES)) {
          await page.setViewportSize(viewport)
          await picture(page, `${name}-${viewport.width}-${theme}`)
          await assertFits(page)
          await assertAccessible(page)
        }
        assert.deepEqual(takeProblems(page), [])
        assert.equal(await page.locator('h1').count(), 1)
      })
    }
  })
}

test('the run page fits a screen of 320 px', async () => {
  const page = await world.open('', { width: 320, height: 640 })
  for (const path of ['', 'pipeline/42', 'pipeline/41', 'projects', 'pipelines']) {
    await page.goto(world.base + path)
    await settled(page)
    await assertFits(page)
  }
})

test('a namespace with slashes leads to its project, and its first parts to their projects', async () => {
  const page = await world.open('projects/gitlab.com/group/sub/tool')
  assert.equal(await page.locator('h1').textContent(), 'group/sub/tool')

  await page.goto(`${world.base}projects/gitlab.com/group/sub`)
  await page.getByRole('link', { name: 'group/sub/tool' }).waitFor()
  assert.equal(await page.locator('h1').textContent(), 'group/sub')
})

test('old addresses lead to where things are now', async () => {
  const page = await world.open('results/copr-builds/31')
  assert.equal(new URL(page.url()).pathname, '/jobs/copr/31')
  await page.goto(`${world.base}jobs`)
  await page.waitForURL('**/jobs/copr')
  await page.goto(`${world.base}pipelines/42`)
  await page.waitForURL('**/pipeline/42')
})

test('the pages work under a path prefix', async () => {
  await using other = await createWorld({ prefix: '/ci/packit' })
  const page = await other.open('pipeline/42')
  await page.getByRole('link', { name: 'acme/hello', exact: true }).click()
  await page.waitForURL('**/ci/packit/projects/github.com/acme/hello')
  await page.getByRole('heading', { name: 'acme/hello' }).waitFor()
  assert.deepEqual(takeProblems(page), [])
})
