import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeRow } from './fixture-project.ts'
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
  'project-history': 'projects/github.com/acme/hello?tab=history&days=90',
  'project-config': 'projects/github.com/acme/hello?tab=config',
  'project-badge': 'projects/github.com/acme/hello?tab=badge&branch=main',
  'pull-requests': 'projects/github.com/acme/hello?tab=prs',
  branches: 'projects/github.com/acme/hello?tab=branches',
  issues: 'projects/github.com/acme/hello?tab=issues',
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

test('what follows the heading of a page keeps its distance from it', async () => {
  const page = await world.open('')
  for (const path of ['pipelines', 'projects/github.com']) {
    await page.goto(world.base + path)
    await settled(page)
    const distance = await page.evaluate(() => {
      const heading = document.querySelector('h1')
      const next = heading?.nextElementSibling
      if (!heading || !next) return 0
      return next.getBoundingClientRect().top - heading.getBoundingClientRect().bottom
    })
    assert.ok(distance >= 12, `${path}: ${distance} px`)
  }
})

const PROJECT_PARTS = ['now&kind=all', 'history&days=90', 'config', 'badge', 'prs'].map(
  (part) => `projects/github.com/acme/hello?tab=${part}`,
)

test('the run page and the project page fit a screen of 320 px', async () => {
  const page = await world.open('', { width: 320, height: 640 })
  for (const path of ['', 'pipeline/42', 'pipeline/41', 'projects', 'pipelines', ...PROJECT_PARTS]) {
    await page.goto(world.base + path)
    await settled(page)
    await assertFits(page)
  }
})

test('what is wider than the screen is scrolled within its own region, by keys', async () => {
  const page = await world.open('projects/github.com/acme/hello', { width: 800, height: 700 })
  const region = page.getByRole('region', { name: 'Pull requests by target' })
  await region.focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => (document.querySelector('.grid-box')?.scrollLeft ?? 0) > 0)
  await assertFits(page)
  const left = await page
    .locator('.grid-table tbody .grid-what')
    .first()
    .evaluate((cell) => cell.getBoundingClientRect().left)
  assert.equal(left, (await region.boundingBox())?.x, 'the first column stays')
})

test('the grid changes while one looks at it', async () => {
  const page = await world.open('projects/github.com/acme/hello')
  const cell = page.getByRole('link', { name: 'fedora-rawhide-x86_64 Running for #43' })
  await cell.waitFor()
  world.server.grid = world.server.grid.map((row) =>
    row.pr_id === 43 ? makeRow(43, ['success', 'success', 'failure']) : row,
  )
  world.server.send({ kind: 'build', run: 43, id: 432, project: 'github.com/acme/hello' })
  await page.getByRole('link', { name: 'fedora-rawhide-x86_64 Failed for #43' }).waitFor()
  await cell.waitFor({ state: 'detached' })
})

test('a grid of several pages goes on at its cursor, which the address keeps', async () => {
  const before = world.server.grid
  world.server.grid = Array.from({ length: 45 }, (_, index) => makeRow(900 - index, ['success', 'failure']))
  const page = await world.open('projects/github.com/acme/hello')
  await page.getByRole('link', { name: 'Older' }).click()
  await page.waitForURL('**/hello?after=20')
  await page.getByText('#880', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('#880', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Newest' }).click()
  await page.getByText('#900', { exact: true }).waitFor()
  world.server.grid = before
})

test('a project that nothing was done for yet says in each part what would be there', async () => {
  const { grid, config } = world.server
  world.server.grid = []
  world.server.config = null
  const page = await world.open('projects/github.com/acme/hello')
  for (const [part, title] of [
    ['now', 'No pull request yet'],
    ['now&kind=release', 'No release yet'],
    ['config', 'No configuration was read yet'],
    ['releases', 'No releases yet'],
  ]) {
    await page.goto(`${world.base}projects/github.com/acme/hello?tab=${part}`)
    await page.getByRole('heading', { name: title ?? '' }).waitFor()
    await assertAccessible(page)
    await picture(page, `empty-project-${part?.replace(/\W+/g, '-')}`)
  }
  Object.assign(world.server, { grid, config })
})

test('a part that can not be had leaves the rest of the page usable, and “try again” asks again', async () => {
  world.server.failures.set('/api/projects/github.com/acme/hello/grid', {
    status: 500,
    body: { error: 'Out of memory' },
  })
  const page = await world.open('projects/github.com/acme/hello')
  await page.getByText('Out of memory').waitFor()
  assert.equal(await page.locator('h1').textContent(), 'acme/hello')
  await assertAccessible(page)
  await picture(page, 'error-project-part')
  world.server.failures.clear()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('region', { name: 'Pull requests by target' }).waitFor()
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
