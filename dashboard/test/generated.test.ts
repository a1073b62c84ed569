import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createGeneratedWorld } from './generated-world.ts'
import { assertFits, takeProblems } from './world.ts'

let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld()
})
after(() => world[Symbol.asyncDispose]())

test('a colleague who is sent the address of a filtered list sees the same list', async () => {
  const page = await world.open('pipelines')
  await page.getByRole('button', { name: 'Failed', exact: true }).click()
  await page.getByRole('button', { name: 'Filter' }).click()
  const first = await page.locator('.list-table tbody tr .in-main').first().innerText()
  const project = /^([^#\s]+)/.exec(first)?.[1] ?? ''
  await page.getByLabel('Project', { exact: true }).fill(`github.com/${project}`)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await page.getByRole('button', { name: /Take away the filter Project/ }).waitFor()
  const address = page.url()
  assert.match(address, /status=failure/)
  const rows = await page.locator('.list-table tbody tr').allInnerTexts()

  const other = await world.open(new URL(address).pathname.slice(1) + new URL(address).search, {
    width: 375,
    height: 800,
  })
  await other.locator('.list-table tbody tr').first().waitFor()
  assert.equal(await other.locator('.list-table tbody tr').count(), rows.length)
  await assertFits(other)
  assert.deepEqual(takeProblems(page), [])
})
