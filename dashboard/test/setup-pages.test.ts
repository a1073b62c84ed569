// The pages of /setup, which the service makes itself: in both themes, on a desk and on phones, with a keyboard's way through.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createSetup } from '../../server/test/setup-desk.ts'
import { assertAccessible, assertFits, launchBrowser, openPage, picture, SIZES, takeProblems } from './world.ts'

let desk: Awaited<ReturnType<typeof createSetup>>
let browser: Awaited<ReturnType<typeof launchBrowser>>
before(async () => {
  desk = await createSetup()
  browser = await launchBrowser()
})
after(async () => {
  await browser.close()
  await desk[Symbol.asyncDispose]()
})

test('the pages of the set-up are accessible and fit, and lead through it without a script', async () => {
  const page = await openPage(browser)
  const look = async (name: string) => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      for (const size of [...Object.values(SIZES), { width: 320, height: 640 }]) {
        await page.setViewportSize(size)
        await picture(page, `setup-${name}-${size.width}-${theme}`)
        await assertFits(page)
        await assertAccessible(page)
      }
    }
  }
  await page.goto(`${desk.base}/setup`)
  await look('no-link')
  assert.match(takeProblems(page).join(), /404/)

  await page.goto(await desk.makeLink('setup-link'))
  await look('first')
  await page.getByText('Change name, owner').click()
  await look('choices')
  await page.getByLabel('GitHub', { exact: true }).fill('no address')
  await page.getByRole('button', { name: 'Use these' }).click()
  await page.getByText('Something has to be mended').waitFor()
  await look('mend')
  assert.match(takeProblems(page).join(), /400/)
  await page.getByLabel('GitHub', { exact: true }).fill(desk.github.apiUrl)
  await page.getByRole('button', { name: 'Use these' }).click()
  await page.getByRole('button', { name: /Create the App on/ }).click()
  await page.getByRole('button', { name: 'Create GitHub App' }).click()
  await page.getByText('One step is left').waitFor()
  // what the other site complained of
  takeProblems(page)
  await look('made')
  await page.goto(`${desk.base}/setup?installation_id=1`)
  await look('installed')
  assert.deepEqual(takeProblems(page), [])
})
