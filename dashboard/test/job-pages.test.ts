import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createGeneratedWorld } from './generated-world.ts'
import { assertAccessible, assertFits, picture, SIZES, settled, takeProblems } from './world.ts'

const LISTS = {
  copr: 'RPM builds',
  srpm: 'SRPM builds',
  'testing-farm': 'Tests',
  koji: 'Scratch builds',
  'koji-downstream': 'Koji builds',
  'propose-downstream': 'Propose downstream',
  'pull-from-upstream': 'Pull from upstream',
  bodhi: 'Bodhi updates',
  openscanhub: 'OpenScanHub',
  'koji-tag-requests': 'Koji tag requests',
  'log-detective': 'Log Detective',
}

let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld()
})
after(() => world[Symbol.asyncDispose]())

test('every kind of job has its list and its page, on a desk and on a phone, in both themes', async (t) => {
  for (const theme of ['light', 'dark'] as const) {
    const page = await world.open('jobs', { theme })
    for (const [path, name] of Object.entries(LISTS)) {
      await t.test(`${path}, ${theme}`, async () => {
        await page.goto(`${world.base}jobs/${path}`)
        await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
        await settled(page)
        for (const viewport of Object.values(SIZES)) {
          await page.setViewportSize(viewport)
          await picture(page, `jobs-${path}-${viewport.width}-${theme}`)
          await assertFits(page)
          await assertAccessible(page)
        }
        await page.setViewportSize(SIZES.wide)
        const link = page.locator(`.list-table tbody a[href*="/jobs/${path.replace(/s$/, '')}"]`).first()
        await link.click()
        await page.locator('h1').filter({ hasNotText: name }).waitFor()
        await settled(page)
        for (const viewport of Object.values(SIZES)) {
          await page.setViewportSize(viewport)
          await picture(page, `job-${path}-${viewport.width}-${theme}`)
          await assertFits(page)
          await assertAccessible(page)
        }
        assert.equal(await page.locator('h1').count(), 1)
        assert.deepEqual(takeProblems(page), [])
      })
    }
  }
})
