import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Step } from '../src/api/types.ts'
import { makeRun, NOW, PASSED, RUNNING, sampleRuns } from './fixtures.ts'
import { createWorld } from './world.ts'

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.runs = sampleRuns()
  world.server.logs.set('build-41', { text: '+ umask 022\n+ make\n', complete: false })
})

const endedStep = (step: Step): Step => ({ ...step, state: 'success', started_at: NOW - 20, ended_at: NOW })

test('lines appear on the run page while they are written, and the end stays in view', async () => {
  const page = await world.open('pipeline/43')
  await page.getByText('+ make').waitFor()

  world.server.appendLog('build', 41, 'gcc -c hel')
  await page.getByText('gcc -c hel', { exact: true }).waitFor()
  world.server.appendLog('build', 41, `lo.c\n${'line\n'.repeat(200)}the last line\n`)

  await page.getByText('gcc -c hello.c', { exact: true }).waitFor({ state: 'detached' })
  await page.getByText('the last line').waitFor()
  assert.match((await page.locator('.log-facts').textContent()) ?? '', /^204 lines/)
})

test('the last lines are in view, too, when they come together with the end', async () => {
  world.server.appendLog('build', 41, 'line\n'.repeat(200))
  const page = await world.open('pipeline/43')
  await page.locator('.log-number', { hasText: /^202$/ }).waitFor()
  world.server.appendLog('build', 41, `${'line\n'.repeat(100)}the very last line\n`, true)
  await page.getByText('the very last line').waitFor()
  await page.getByRole('button', { name: 'Follow' }).waitFor({ state: 'detached' })
})

test('scrolling up stops following, and keeps this log open; coming back to the end goes on', async () => {
  world.server.appendLog('build', 41, 'line\n'.repeat(200))
  const page = await world.open('pipeline/43')
  const follow = page.getByRole('button', { name: 'Follow' })
  const box = page.getByRole('region', { name: 'Lines of the log' })
  await page.locator('.log-number', { hasText: /^202$/ }).waitFor()

  await box.evaluate((element) => element.scrollTo(0, 0))
  await page.waitForURL('**/pipeline/43?log=build-41')
  assert.equal(await follow.getAttribute('aria-pressed'), 'false')
  world.server.appendLog('build', 41, 'more\n')
  await page.getByText('203 lines').waitFor()
  assert.equal(await box.evaluate((element) => element.scrollTop), 0)

  await box.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await page.waitForFunction(
    () => document.querySelector('[aria-keyshortcuts=f]')?.getAttribute('aria-pressed') === 'true',
  )
  world.server.appendLog('build', 41, 'and the newest\n')
  await page.getByText('and the newest').waitFor()
})

test('a run page goes from running to passed by itself, and then says how to install', async () => {
  const page = await world.open('pipeline/43')
  await page.locator('.run-title').getByText('Running').waitFor()

  world.server.updateRun(43, {
    state: 'success',
    ended_at: NOW,
    steps: RUNNING.steps.map(endedStep),
    install: PASSED.install,
  })

  await page.locator('.run-title').getByText('Passed').waitFor()
  await page.getByRole('heading', { name: 'Install this change' }).waitFor()
  assert.match(await page.title(), /^✓ Passed acme\/hello#43/)
})

test('a new run is announced, and shown when asked for; a known one changes in place', async () => {
  const page = await world.open('pipelines')
  const first = page.locator('tbody tr').first()
  assert.match((await first.textContent()) ?? '', /acme\/hello#44/)

  world.server.addRun(makeRun(90, { title: 'A newer one', state: 'pending', ended_at: null }))
  world.server.updateRun(44, { state: 'success' })

  const button = page.getByRole('button', { name: '1 new run: show' })
  await button.waitFor()
  await first.getByText('Passed').waitFor()
  assert.match((await first.textContent()) ?? '', /acme\/hello#44/)
  await button.click()
  await page.getByText('A newer one').waitFor()
})

test('a run that begins appears under “Now” on the home page', async () => {
  const page = await world.open('')
  world.server.addRun(makeRun(91, { title: 'Just begun', state: 'running', ended_at: null }))
  const now = page.locator('section', { has: page.getByRole('heading', { name: 'Now', exact: true }) })
  await now.getByText('Just begun').waitFor()
})

test('the service may restart: the page says that it is not live, and mends itself', async () => {
  await using other = await createWorld()
  const page = await other.open('pipeline/43')
  const port = other.server.port
  await other.server.stop()
  await page.getByText('Not live: the connection is lost').waitFor({ timeout: 15_000 })
  await page.getByRole('heading', { name: 'Take the greeting from a file' }).waitFor()

  other.server.runs = other.server.runs.map((run) => (run.merged_run_id === 43 ? { ...run, state: 'canceled' } : run))
  await other.server.start(port)
  await page.locator('.run-title').getByText('Cancelled').waitFor({ timeout: 20_000 })
  await page.getByText('Not live: the connection is lost').waitFor({ state: 'detached' })
})
