import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { createWorld, settled } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())

/** What has the focus by name; nothing while the page itself has it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element, body } = document
    return element === body ? '' : (element?.getAttribute('aria-label') ?? element?.textContent ?? '')
  })

/** Presses Tab until something with this name has the focus; fails after `limit` presses. */
async function tabTo(page: Page, name: string, limit = 60): Promise<void> {
  await settled(page)
  for (let presses = 0; presses < limit; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).includes(name)) return
  }
  assert.fail(`Tab does not reach “${name}”`)
}

test('from the home page to the line that failed, without a mouse', async () => {
  const page = await world.open('')
  await page.keyboard.press('Tab')
  assert.equal(await focused(page), 'Skip to content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN')

  await tabTo(page, 'acme/hello#42')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Greet also in the rain' }).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN')

  await tabTo(page, 'Line 214 in the log')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/pipeline/42?log=build-31#L214-L217')
  await page.locator('.log-line.marked').first().waitFor()
})

test('search, project, run, and the line that says why, without a mouse', async () => {
  const page = await world.open('usage')
  await page.keyboard.press('/')
  await page.keyboard.type('acme/hello')
  await page.getByRole('option', { name: /^acme\/hello ?github/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/projects/github.com/acme/hello')
  await page.getByRole('heading', { level: 1, name: 'acme/hello' }).waitFor()

  await tabTo(page, 'Watch acme/hello')
  await page.keyboard.press('Space')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-pressed')), 'true')
  await tabTo(page, 'All runs')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/pipelines?project=*')
  await tabTo(page, 'acme/hello#42')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Greet also in the rain' }).waitFor()
  await tabTo(page, 'Line 214 in the log')
  await page.keyboard.press('Enter')
  await page.locator('.log-line.marked').first().waitFor()
})

test('a list is filtered, and its filter taken away, by keys; the address tells of it, and the place is kept', async () => {
  const page = await world.open('pipelines')
  await tabTo(page, 'Failed')
  await page.keyboard.press('Space')
  await page.waitForURL('**/pipelines?status=failure')
  await settled(page)
  assert.equal(await focused(page), 'Failed')

  await tabTo(page, 'Filter', 4)
  await page.keyboard.press('Enter')
  await page.getByLabel('Project', { exact: true }).focus()
  await page.keyboard.type('github.com/acme/hello')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/pipelines?*project=*')
  await settled(page)
  assert.equal((await focused(page)).trim(), 'Filter')

  await tabTo(page, 'Take away the filter Project', 4)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.search.includes('project'))
  await settled(page)
  assert.equal((await focused(page)).trim(), 'Filter')
})

test('while the next view of a page is awaited, the last one stays and says so', async () => {
  const page = await world.open('pipelines')
  const answer = Promise.withResolvers<void>()
  await page.route('**/api/runs?*', (route) => answer.promise.then(() => route.continue()))
  await page.getByRole('button', { name: 'Failed' }).click()
  await page.locator('.awaited[aria-busy]').waitFor()
  assert.equal(await page.getByRole('link', { name: 'acme/hello#80' }).isVisible(), true)
  await page.getByText('The service takes its time to answer').waitFor()

  answer.resolve()
  await settled(page)
  assert.equal(await page.getByRole('link', { name: 'acme/hello#80' }).count(), 0)
  assert.equal(await page.getByRole('button', { name: 'Failed', pressed: true }).count(), 1)
})

test('signing in by a token needs no mouse', async () => {
  const page = await world.open('')
  await tabTo(page, 'Sign in')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await page.getByLabel('Token').focus()
  await page.keyboard.type('pkt_x')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/')
  const written = world.server.written.find(({ path }) => path === '/api/session')
  assert.deepEqual(JSON.parse(written?.body ?? ''), { token: 'pkt_x' })
})

test('the log of a step opens and closes by its row', async () => {
  const page = await world.open('pipeline/41')
  await tabTo(page, 'Log of SRPM')
  await page.keyboard.press('Enter')
  await page.getByText('Wrote: hello-2.12.1-1.src.rpm').waitFor()
  await page.keyboard.press('Space')
  await page.getByRole('region', { name: 'Lines of the log' }).waitFor({ state: 'detached' })
})

test('a scrollable log can be scrolled by keys, and copied lines are whole', async () => {
  const page = await world.open('jobs/copr/31')
  await tabTo(page, 'Lines of the log')
  await page.keyboard.press('Home')
  await page.waitForFunction(() => document.querySelector('.log-box')?.scrollTop === 0)
})

test('install lines are copied without their prompt', async () => {
  const page = await world.open('pipeline/41')
  await page.getByRole('button', { name: 'Copy the install commands' }).click()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(text, /^sudo dnf config-manager .*\nsudo dnf install .*$/)
})
