import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { makeRun, sampleRuns, triggerOf } from './fixtures.ts'
import { assertAccessible, assertFits, createWorld, picture, SIZES, settled, takeProblems } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.failures.clear()
  world.server.runs = sampleRuns()
})

const part = (name: string) => `section:has(h2:text-is("${name}"))`

test('what gets a star is on the home page, in this browser, until the star is taken away', async () => {
  const page = await world.open('pipeline/43')
  await page.getByRole('button', { name: 'Watch acme/hello#43' }).click()
  await page.goto(`${world.base}projects/gitlab.com/group/sub/tool`)
  await page.getByRole('button', { name: 'Watch group/sub/tool' }).click()
  await page.goto(world.base)
  await settled(page)
  const rows = page.locator(`${part('Watched')} li`)
  assert.equal(await rows.count(), 2)
  await rows.nth(0).getByText('No run yet').waitFor()
  await rows.nth(1).getByText('Take the greeting from a file').waitFor()
  for (const size of [...Object.values(SIZES), { width: 320, height: 640 }]) {
    await page.setViewportSize(size)
    await picture(page, `home-watched-${size.width}`)
    await assertFits(page)
    await assertAccessible(page)
  }

  // its row changes by itself
  world.server.updateRun(43, { state: 'success', ended_at: 1_795_480_000 })
  await rows.nth(1).getByText('Passed').waitFor()
  await page.getByRole('button', { name: 'Watch group/sub/tool no longer' }).click()
  await page.reload()
  await settled(page)
  assert.equal(await rows.count(), 1)
  assert.deepEqual(takeProblems(page), [])
})

test('a failure that a newer run made good is not told of any more', async () => {
  const page = await world.open('')
  const failing = page.locator(part('Failing'))
  await failing.getByText('acme/hello#42').waitFor()
  await failing.getByText('%check failed in 2 of 3 chroots').waitFor()
  const trigger = triggerOf('acme', 'hello', 42)
  world.server.addRun(makeRun(95, { trigger, state: 'success', title: 'Greet also in the rain' }))
  await failing.getByText('acme/hello#42').waitFor({ state: 'detached' })
})

test('the head of the page fits: nothing is cut, nothing lies over another, at any width', async () => {
  const page = await world.open('')
  for (const width of [320, 375, 600, 768, 800, 992, 1024, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await assertFits(page)
    const boxes = await page.locator('.masthead :is(a, button, .search-field)').evaluateAll((elements) =>
      elements
        .filter((element) => element.getClientRects().length > 0 && !element.closest('.search-field > *'))
        .map((element) => ({
          ...element.getBoundingClientRect().toJSON(),
          cut: element.scrollWidth - element.clientWidth,
        })),
    )
    for (const box of boxes) {
      assert.ok(box.left >= 0 && box.right <= width && box.cut <= 1, `${width}: ${JSON.stringify(box)}`)
      for (const other of boxes)
        assert.ok(
          other === box ||
            other.left >= box.right - 1 ||
            box.left >= other.right - 1 ||
            other.top >= box.bottom - 1 ||
            box.top >= other.bottom - 1,
          `at ${width} px ${JSON.stringify(box)} lies over ${JSON.stringify(other)}`,
        )
    }
  }
})

test('another page is announced by its title, and has the focus', async () => {
  const page = await world.open('')
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.locator('[aria-live="polite"]', { hasText: 'Runs · Packit' }).waitFor({ state: 'attached' })
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN')
})
