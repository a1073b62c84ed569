import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, assertFits, createWorld, picture, SIZES, settled, takeProblems } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld({ prefix: '/ci' })
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.failures.clear()
  world.server.asked.length = 0
})

const field = (page: Page) => page.getByRole('combobox', { name: /^Search/ })
const asked = () => world.server.asked.filter((path) => path.startsWith('/api/search'))

/** The line that the field says is meant. */
async function meant(page: Page): Promise<string> {
  const id = await field(page).getAttribute('aria-activedescendant')
  return id ? ((await page.locator(`#${id}[aria-selected="true"]`).textContent()) ?? '') : ''
}

test('the field is reached by “/”, chosen from by arrows, and Enter goes there', async () => {
  const page = await world.open('')
  await page.keyboard.press('/')
  await page.keyboard.type('greet')
  await page.getByRole('option', { name: /acme\/hello#42/ }).waitFor()
  await page.getByRole('group', { name: 'Pull requests' }).waitFor()
  await page.getByText('3 hits', { exact: true }).waitFor({ state: 'attached' })
  assert.equal(await meant(page), '')
  await page.keyboard.press('ArrowDown')
  const first = await meant(page)
  await page.keyboard.press('ArrowDown')
  assert.notEqual(await meant(page), first)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  assert.equal(await meant(page), first)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/ci/pipeline/43')
  await page.waitForFunction(() => document.activeElement?.tagName === 'MAIN')
  assert.equal(await field(page).inputValue(), '')
})

test('letters typed quickly do not ask each, and Enter pressed before the answer goes to the first hit', async () => {
  const page = await world.open('')
  await page.keyboard.press('/')
  await page.keyboard.type('https://github.com/acme/hello/pull/42')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/ci/pipeline/42')
  assert.ok(asked().length < 8, asked().join('\n'))
})

test('Escape closes the list, then takes the text away, then leaves; “/” is a letter where one writes', async () => {
  const page = await world.open('')
  await page.keyboard.press('/')
  await page.keyboard.type('a/h')
  assert.equal(await field(page).inputValue(), 'a/h')
  await page.locator('.search-panel').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.search-panel').waitFor({ state: 'detached' })
  assert.equal(await field(page).inputValue(), 'a/h')
  await page.keyboard.press('Escape')
  assert.equal(await field(page).inputValue(), '')
  await page.keyboard.press('Escape')
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY')
})

test('what one looked at and for is remembered in the browser, and can be forgotten', async () => {
  const page = await world.open('')
  await field(page).focus()
  await page.getByText('What you look at is remembered here').waitFor()
  await field(page).fill('acme/hello')
  await page.getByRole('option', { name: 'acme/hello github.com', exact: true }).click()
  await page.waitForURL('**/ci/projects/github.com/acme/hello')
  await page.reload()
  await settled(page)
  await field(page).focus()
  await page.getByRole('group', { name: 'Recent' }).waitFor()
  assert.deepEqual(await page.locator('.choice .name').allTextContents(), ['acme/hello', 'acme/hello'])
  // the second is what was searched for
  await page.getByRole('option').nth(1).click()
  assert.equal(await field(page).inputValue(), 'acme/hello')
  await field(page).fill('')
  await page.getByRole('button', { name: 'Forget these' }).click()
  await page.getByText('What you look at is remembered here').waitFor()
})

test('nothing found, an error and a slow service are said in words; the next letter tries again', async () => {
  const page = await world.open('')
  await field(page).fill('no such thing')
  await page.getByText('Nothing is called “no such thing”').waitFor()
  world.server.failures.set('/api/search', { status: 500, body: { detail: 'The index is being made' } })
  await field(page).fill('hello')
  await page.getByText('The search failed: The index is being made').waitFor()
  await assertAccessible(page)
  world.server.failures.clear()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('option').first().waitFor()

  world.server.failures.set('/api/search', { status: 503, body: {}, headers: { 'retry-after': '2' } })
  await field(page).fill('tool')
  await page.getByText('The service does not answer. Still trying…').waitFor()
  world.server.failures.clear()
  await page.getByRole('option', { name: /group\/sub\/tool/ }).waitFor({ timeout: 10_000 })
})

test('on a phone it lies over the page, and closing leads back to where it was opened', async () => {
  for (const theme of ['light', 'dark'] as const) {
    const page = await world.open('', { ...SIZES.phone, theme })
    assert.equal(await field(page).isVisible(), false)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.keyboard.type('hello')
    await page.getByRole('option').first().waitFor()
    await picture(page, `search-375-${theme}`)
    await assertFits(page)
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Search')

    await page.setViewportSize(SIZES.wide)
    await field(page).focus()
    await page.getByRole('option').first().waitFor()
    await picture(page, `search-1280-${theme}`)
    await assertAccessible(page)
    assert.deepEqual(takeProblems(page), [])
  }
})

test('the list of hits is loaded when the field is first used', async () => {
  const page = await world.open('')
  const lists = () => world.server.asked.filter((path) => path.includes('/SearchList'))
  assert.deepEqual(lists(), [])
  await field(page).focus()
  await page.getByText('What you look at').waitFor()
  assert.equal(lists().length, 1)
})
