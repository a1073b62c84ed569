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

interface Listed {
  merged_run_id: number
  package: string | null
  trigger?: { pr_id: number | null }
}

async function failedRuns(): Promise<Listed[]> {
  const response = await fetch(`${world.base}api/runs?status=failure&per_page=50`)
  return ((await response.json()) as Listed[]).filter(({ trigger }) => trigger?.pr_id != null)
}

test('a failed run is compared with another of its project', async () => {
  const [run] = await failedRuns()
  assert.ok(run)
  // the generated rows name logs that nobody wrote
  const page = await world.open(`pipeline/${run.merged_run_id}?log=none`)
  await page.getByText('Compare with…').click()
  const choice = page.locator('.compare-choice a[href*="compare"]').first()
  await choice.click()
  await page.waitForURL('**/compare?a=*&b=*')
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor()
  assert.ok((await page.locator('.compare-table tbody tr').count()) > 0)
  await assertFits(page)
  assert.deepEqual(takeProblems(page), [])
})

test('who signed in with a token sees what they may do with a run, and what the service says to it', async () => {
  const [run] = await failedRuns()
  assert.ok(run)
  const page = await world.open(`sign-in?back=/pipeline/${run.merged_run_id}`)
  await page.getByLabel('Token').fill(world.token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Retry failed' }).click()
  await page.waitForFunction(
    (id) =>
      !location.pathname.endsWith(`/${id}`) ||
      document.querySelector('.notice.pf-m-danger, .actions [role=status]:not(:empty)'),
    run.merged_run_id,
  )
})
