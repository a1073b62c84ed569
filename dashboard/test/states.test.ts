import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sampleProjects } from './fixture-builds.ts'
import { sampleRuns } from './fixtures.ts'
import { assertAccessible, assertFits, createWorld, openPage, picture } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.failures.clear()
  world.server.runs = sampleRuns()
  world.server.projects = sampleProjects()
})

test('an installation without anything teaches the first step, with the command to copy', async () => {
  world.server.runs = []
  world.server.projects = []
  const page = await world.open('')
  await page.getByRole('heading', { name: 'No run yet' }).waitFor()
  await page.getByRole('button', { name: 'Copy the sample configuration' }).click()
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^specfile_path: /)
  await picture(page, 'empty-home')

  for (const [path, title] of [
    ['projects', 'No project yet'],
    ['pipelines', 'No run yet'],
  ]) {
    await page.goto(world.base + path)
    await page.getByRole('heading', { name: title ?? '' }).waitFor()
    await assertAccessible(page)
    await picture(page, `empty-${path}`)
  }
})

test('an unknown run says what the service said, and where to go', async () => {
  const page = await world.open('pipeline/4711')
  await page.getByText('No run has been found in DB').waitFor()
  await picture(page, 'not-found-run')
  await page.getByRole('link', { name: 'See the latest runs' }).click()
  await page.waitForURL('**/pipelines')
})

test('an address with a wrong number does not ask the service', async () => {
  const page = await world.open('pipeline/abc')
  await page.getByText('“abc” is not a number').waitFor()
  assert.ok(!world.server.asked.some((path) => path.includes('abc') && path.startsWith('/api')))
})

test('an error shows the words of the service, and “try again” asks again', async () => {
  world.server.failures.set('/api/runs/merged/42', {
    status: 500,
    body: { detail: 'The database is being moved', error: 'x' },
  })
  const page = await world.open('pipeline/42')
  await page.getByText('The database is being moved').waitFor()
  await assertAccessible(page)
  await picture(page, 'error')

  world.server.failures.clear()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Greet also in the rain' }).waitFor()
})

test('a service that is away for a moment is asked again by itself, after the time it named', async () => {
  world.server.failures.set('/api/runs/merged/41', {
    status: 503,
    body: { detail: 'Starting' },
    headers: { 'retry-after': '1' },
  })
  const page = await openPage(world.browser)
  await page.goto(`${world.base}pipeline/41`)
  await page.waitForTimeout(500)
  assert.ok(await page.locator('[aria-busy]').count())
  await picture(page, 'loading')
  world.server.failures.clear()
  await page.getByRole('heading', { name: 'Greet the whole world' }).waitFor({ timeout: 5_000 })
  await page.context().close()
})

test('an answer that cannot be renewed stays on screen, marked as old', async () => {
  const page = await world.open('pipeline/42')
  world.server.failures.set('/api/runs/merged/42', { status: 500, body: { error: 'Out of memory' } })
  world.server.send({ kind: 'run', run: 42, id: 42, project: null })
  await page.getByText('This may be out of date').waitFor()
  await page.getByText('Out of memory').waitFor()
  await page.getByRole('heading', { name: 'Greet also in the rain' }).waitFor()
  await picture(page, 'stale')

  world.server.failures.clear()
  world.server.send({ kind: 'run', run: 42, id: 42, project: null })
  await page.getByText('This may be out of date').waitFor({ state: 'detached' })
})

test('what keeps the service from working is told on the home page', async () => {
  world.server.status = {
    ...world.server.status,
    sandbox: { ok: false, message: 'No user namespaces: run “sysctl …”' },
  }
  const page = await world.open('', { width: 375 })
  await page.getByText('No user namespaces').waitFor()
  await assertFits(page)
  await assertAccessible(page)
})

test('projects are found while one types, and the address keeps the words', async () => {
  const page = await world.open('projects')
  const field = page.getByRole('searchbox', { name: 'Find a project' })
  await field.fill('h?llo*')
  await page.getByText('2 projects for “h?llo*”').waitFor()
  await page.waitForURL('**/projects?q=h%3Fllo*')
  await page.getByRole('link', { name: 'acme/hallo-welt' }).waitFor()

  await page.reload()
  assert.equal(await field.inputValue(), 'h?llo*')
  await field.fill('nothing like it')
  await page.getByRole('heading', { name: 'No project has this name' }).waitFor()
})

test('the theme follows the system, then the reader, and is there before the first paint', async () => {
  const page = await world.open('', { theme: 'dark' })
  const isDark = () => page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'))
  assert.ok(await isDark())
  await page.getByRole('button', { name: 'Use the light theme' }).click()
  assert.ok(!(await isDark()))

  await page.reload({ waitUntil: 'commit' })
  await page.waitForSelector('#root', { state: 'attached' })
  assert.ok(!(await isDark()))
})
