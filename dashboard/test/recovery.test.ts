// The real service, whose API is made to fail on its way to the page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { createGeneratedWorld } from './generated-world.ts'
import { assertAccessible, assertFits, openPage, picture, settled } from './world.ts'

/** Pages, the part of the API they live on, and their heading. */
const PAGES = [
  ['jobs/copr', '/api/copr-builds', 'RPM builds'],
  ['jobs/bodhi', '/api/bodhi-updates', 'Bodhi updates'],
  ['usage', '/api/usage', 'Usage'],
  ['inbox', '/api/deliveries', 'Inbox'],
  ['pipelines', '/api/runs', 'Runs'],
  ['projects', '/api/projects', 'Projects'],
] as const

/** Longest wait until a page has asked again. */
const AGAIN_MS = 15_000

let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld()
})
after(() => world[Symbol.asyncDispose]())

const isApi = (start: string) => (url: URL) => url.pathname.startsWith(start)
const brokenAnswer = { status: 500, contentType: 'application/json', body: '{"detail":"The disk is full"}' }

/** The head of the page works whatever became of its content. */
async function assertUsable(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.type('a')
  await page.locator('.search-panel').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Runs' }).waitFor()
}

for (const [path, api, heading] of PAGES) {
  test(`/${path} says what the service said, stays usable, and comes back by itself`, async () => {
    const page = await openPage(world.browser)
    await page.route(isApi(api), (route) => route.fulfill(brokenAnswer))
    await page.goto(world.base + path)
    await page.getByText('The disk is full').first().waitFor()
    await page.getByRole('button', { name: 'Try again' }).first().waitFor()
    await picture(page, `broken-${path.replace('/', '-')}`)
    await assertFits(page)
    await assertAccessible(page)
    await assertUsable(page)

    await page.unroute(isApi(api))
    await page.unrouteAll()
    await page.getByText('The disk is full').first().waitFor({ state: 'detached', timeout: AGAIN_MS })
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
    await settled(page)
    await page.context().close()
  })
}

test('a service that cannot be reached, then can: the page comes back by itself', async () => {
  const page = await openPage(world.browser)
  await page.route(isApi('/api/copr-builds'), (route) => route.abort())
  await page.goto(`${world.base}jobs/copr`)
  await page.locator('[aria-busy]').waitFor()
  await page.getByText('The service takes its time to answer').waitFor()
  await page.getByRole('heading', { name: 'The service does not answer' }).waitFor({ timeout: AGAIN_MS })
  await page.unrouteAll()
  await page
    .locator('.list-table tbody tr')
    .first()
    .waitFor({ timeout: 2 * AGAIN_MS })
  await page.context().close()
})

test('on the home page one part fails alone, and comes back alone', async () => {
  const page = await openPage(world.browser)
  await page.route(isApi('/api/status'), (route) => route.fulfill(brokenAnswer))
  await page.goto(world.base)
  await page.getByText('The state of this service cannot be shown now').waitFor()
  await page.locator('.run-rows a').first().waitFor()
  await assertAccessible(page)
  await picture(page, 'broken-home')
  await page.unrouteAll()
  await page.getByRole('heading', { name: 'This service' }).waitFor({ timeout: AGAIN_MS })
  await page.context().close()
})

test('a list without rows says how they come about, and an unknown job that there is none', async () => {
  const page = await openPage(world.browser)
  const empty = { status: 206, contentType: 'application/json', body: '[]', headers: { 'content-range': 'x */0' } }
  for (const path of ['jobs/copr', 'jobs/testing-farm', 'inbox']) {
    await page.route(/\/api\/(copr-builds|testing-farm|deliveries)/, (route) => route.fulfill(empty))
    await page.goto(world.base + path)
    await page.getByRole('heading', { name: /^No .* yet$/ }).waitFor()
    await assertAccessible(page)
    await picture(page, `empty-${path.replace('/', '-')}`)
  }
  await page.unrouteAll()
  for (const path of ['jobs/bodhi/999999', 'jobs/log-detective/999999', 'inbox/999999', 'jobs/koji/x']) {
    await page.goto(world.base + path)
    await page.getByRole('heading', { name: 'Nothing is here' }).waitFor()
    assert.equal(await page.title(), 'Not found · Packit')
  }
  await page.context().close()
})
