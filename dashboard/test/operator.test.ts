// What operators look at and do, on the real service.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createGeneratedWorld } from './generated-world.ts'
import { assertAccessible, assertFits, picture, SIZES, settled, takeProblems } from './world.ts'

let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld()
  const repository = { url: `${world.service.dataDir}/no-such-repository`, forge: 'localhost', namespace: 'acme' }
  const after = '1'.repeat(40)
  await world.service.deliver({ kind: 'push', repository, ref: 'refs/heads/main', before: null, after }, 'of-nothing')
})
after(() => world[Symbol.asyncDispose]())

test('an operator replays a delivery', async () => {
  const page = await world.open('sign-in?back=/inbox')
  await page.getByLabel('Token').fill(world.token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()
  await page.getByRole('link', { name: 'git push' }).first().click()
  await page.getByText('no-such-repository').first().waitFor()
  await page.getByRole('button', { name: 'Decide again' }).click()
  await page.getByText('It is decided again').waitFor()
  await page.getByRole('heading', { name: 'Not decided yet' }).waitFor({ state: 'detached' })
  const audit = await fetch(`${world.base}api/audit`, { headers: { authorization: `Bearer ${world.token}` } })
  assert.match(await audit.text(), /delivery.replay/)
  assert.deepEqual(takeProblems(page), [])
})

const PAGES = {
  usage: 'usage',
  'usage-year': 'usage?period=year',
  'usage-total': 'usage?period=total',
  inbox: 'inbox',
  delivery: 'inbox/1',
  'jobs-filtered': 'jobs/copr?status=failure&order=asc',
}

test('usage and inbox are accessible and fit, in both themes', async (t) => {
  for (const theme of ['light', 'dark'] as const) {
    const page = await world.open('usage', { theme })
    for (const [name, path] of Object.entries(PAGES)) {
      await t.test(`${name}, ${theme}`, async () => {
        await page.goto(world.base + path)
        await settled(page)
        for (const viewport of [...Object.values(SIZES), { width: 320, height: 640 }]) {
          await page.setViewportSize(viewport)
          await picture(page, `${name}-${viewport.width}-${theme}`)
          await assertFits(page)
          await assertAccessible(page)
        }
        assert.equal(await page.locator('h1').count(), 1)
        assert.deepEqual(takeProblems(page), [])
      })
    }
  }
})
