import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Cause, Session } from '../src/api/types.ts'
import { NOBODY } from './fixture-server.ts'
import { sampleRuns } from './fixtures.ts'
import { assertAccessible, assertFits, createWorld, picture, SIZES, takeProblems } from './world.ts'

const ANN: Session = {
  ...NOBODY,
  name: 'github.com/ann',
  by: 'forge',
  login: 'ann',
  expires_at: 1780043700,
  csrf: 'the token of writes',
  may_write_runs: true,
  sign_in_forge: 'github.com',
}

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld({ prefix: '/ci' })
})
after(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.server.failures.clear()
  world.server.written.length = 0
  world.server.writeAnswer = undefined
  world.server.session = NOBODY
  world.server.runs = sampleRuns()
})

for (const theme of ['light', 'dark'] as const) {
  test(`the pages of the sign-in are accessible and fit, on a desk and on phones: ${theme}`, async () => {
    const sessions = {
      out: { ...NOBODY, sign_in_forge: 'github.com' },
      private: { ...NOBODY, may_read: false },
      in: ANN,
    }
    for (const [name, session] of Object.entries(sessions)) {
      world.server.session = session
      const page = await world.open('sign-in?problem=away', { theme })
      for (const size of [...Object.values(SIZES), { width: 320, height: 640 }]) {
        await page.setViewportSize(size)
        await picture(page, `sign-in-${name}-${size.width}-${theme}`)
        await assertFits(page)
        await assertAccessible(page)
      }
      assert.deepEqual(takeProblems(page), [])
    }
  })
}

test('a token signs in, and one is back where one was', async () => {
  const page = await world.open('pipeline/42')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL('**/ci/sign-in?back=%2Fpipeline%2F42')
  await page.getByLabel('Token').fill('pkt_x')
  world.server.writeAnswer = { status: 401, body: { detail: 'This token is not known here.' } }
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This token is not known here.').waitFor()
  await assertAccessible(page)

  world.server.writeAnswer = undefined
  world.server.session = ANN
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/ci/pipeline/42')
  await page.getByRole('link', { name: 'Signed in as ann' }).waitFor()
  assert.deepEqual(
    world.server.written.map(({ method, path, body }) => `${method} ${path} ${body}`),
    Array(2).fill('POST /api/session {"token":"pkt_x"}'),
  )
})

test('a link signs in once by itself, and its code leaves the address', async () => {
  world.server.writeAnswer = { status: 401, body: { detail: 'This link is not valid any more.' } }
  const page = await world.open('sign-in?code=abc')
  await page.getByText('This link is not valid any more.').waitFor()
  assert.ok(!page.url().includes('abc'))
  assert.deepEqual(
    world.server.written.map(({ body }) => body),
    ['{"code":"abc"}'],
  )
})

test('who is at a forge goes there and comes back to the page they were on', async () => {
  world.server.session = { ...NOBODY, sign_in_forge: 'github.com' }
  const page = await world.open('sign-in?back=/pipeline/42')
  const link = page.getByRole('link', { name: 'Sign in with GitHub' })
  assert.equal(await link.getAttribute('href'), '/ci/api/sign-in/github?back=%2Fpipeline%2F42')
})

test('where reading needs a sign-in, each page leads to it and back, without a word of a lost connection', async () => {
  world.server.session = { ...NOBODY, may_read: false }
  world.server.failures.set('/api/run', { status: 401, body: { detail: 'reading needs a token' } })
  world.server.failures.set('/api/st', { status: 401, body: { detail: 'reading needs a token' } })
  const page = await world.open('pipeline/42?log=build-31')
  await page.waitForURL('**/ci/sign-in?back=%2Fpipeline%2F42%3Flog%3Dbuild-31')
  await page.getByText('reading needs a sign-in').waitFor()
  await page.waitForTimeout(3500)
  assert.equal(await page.getByText('the connection is lost').count(), 0)
})

test('signing out sends the token of writes, and everybody can sign out on a phone', async () => {
  world.server.session = ANN
  const page = await world.open('', { width: 375 })
  await page.getByRole('link', { name: 'Signed in as ann' }).click()
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/ci/')
  assert.deepEqual(world.server.written, [{ method: 'DELETE', path: '/api/session', csrf: ANN.csrf, body: '' }])
})

test('whoever may, runs again what failed, and comes to the new run', async () => {
  world.server.session = ANN
  const page = await world.open('pipeline/42')
  await picture(page, 'run-actions')
  await page.getByRole('button', { name: 'Retry failed' }).click()
  await page.waitForURL('**/ci/pipeline/41')
  const [write] = world.server.written
  assert.deepEqual([write?.method, write?.path, write?.csrf], ['POST', '/api/runs/42/retry', ANN.csrf])
  // a run that passed has nothing to retry
  assert.equal(await page.getByRole('button', { name: 'Retry failed' }).count(), 0)
})

test('whoever may, cancels what runs, and is told why it can not be done', async () => {
  world.server.session = ANN
  world.server.writeAnswer = { status: 409, body: { detail: 'run 43 has ended: success' } }
  const page = await world.open('pipeline/43')
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true })
  const dialog = page.getByRole('dialog', { name: 'Cancel this run?' })
  await cancel.focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor()
  await assertAccessible(page)
  await picture(page, 'run-cancel')
  // Escape leaves everything as it was, and the focus where it was
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(world.server.written, [])
  assert.ok(await cancel.evaluate((button) => button === document.activeElement))

  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('run 43 has ended: success').waitFor()
  await assertAccessible(page)
  world.server.writeAnswer = undefined
  await cancel.click()
  await dialog.getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByText('What still runs ends in a moment.').waitFor()
})

test('whoever may, approves the commit of an outsider', async () => {
  world.server.session = ANN
  const cause = {
    ...sampleRuns().flatMap(({ causes }) => causes)[0],
    step: 'decision' as const,
    kind: 'not-approved',
    id: null,
  }
  world.server.runs = sampleRuns().map((run) =>
    run.merged_run_id === 44 ? { ...run, event_id: 9, superseded_by: null, causes: [cause as Cause] } : run,
  )
  const page = await world.open('pipeline/44')
  await picture(page, 'run-approve')
  await page.getByRole('button', { name: 'Approve this commit' }).click()
  await page.getByText('It is built in a moment').waitFor()
  const [write] = world.server.written
  assert.deepEqual([write?.path, write?.csrf], ['/api/events/9/approve', ANN.csrf])
})

test('nobody else sees a button', async () => {
  for (const session of [NOBODY, { ...ANN, may_write_runs: false }]) {
    world.server.session = session
    const page = await world.open('pipeline/42')
    await page.waitForTimeout(300)
    assert.equal(await page.getByRole('button', { name: /Retry failed|^Cancel$/ }).count(), 0)
  }
})
