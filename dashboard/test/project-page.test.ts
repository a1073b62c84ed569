import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { type Database, query } from '../../server/src/db/database.ts'
import { createGeneratedWorld } from './generated-world.ts'
import { assertAccessible, assertFits, picture, SIZES, settled, takeProblems } from './world.ts'

const FILE = '.packit.yaml'
const WRONG = { number: 4, text: '    trigger: pul_request' }
/** Of the busiest project: its address, and a pull request that failed in one target and passed in others. */
let hello = { path: '', pr: 0, target: '' }
let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld({}, async (database) => {
    await moveToToday(database)
    hello = await prepareProject(database)
  })
})
after(() => world[Symbol.asyncDispose]())

/** What was generated lies in the past: statistics are of the last days. */
async function moveToToday({ db }: Database): Promise<void> {
  const gap = sql`(now() - (select max(submitted_at) from builds) - interval '1 hour')`
  await db.execute(sql`update srpm_builds set submitted_at = submitted_at + ${gap}, started_at = started_at + ${gap},
    ended_at = ended_at + ${gap}`)
  await db.execute(sql`update build_targets set submitted_at = submitted_at + ${gap}, started_at = started_at + ${gap},
    ended_at = ended_at + ${gap}`)
  await db.execute(sql`update builds set submitted_at = submitted_at + ${gap}`)
}

/** Chooses a project, makes one of its targets flaky, and breaks its configuration. */
async function prepareProject({ db }: Database): Promise<typeof hello> {
  const [found] = await query<{ path: string; id: number; pr: number; target: string }>(
    db,
    sql`select p.forge || '/' || p.namespace || '/' || p.name as path, p.id, t.number as pr, x.target
      from projects p join triggers t on t.project_id = p.id and t.kind = 'pull_request'
      join project_events e on e.trigger_id = t.id and e.superseded_by is null
      join pipelines r on r.event_id = e.id and r.is_run and r.package = ''
      join build_targets x on x.group_id = r.build_group_id and x.state = 'failure'
      where exists (select 1 from build_targets y where y.group_id = r.build_group_id and y.state = 'success')
      order by (select count(*) from pipelines n where n.project_id = p.id) desc, r.id desc limit 1`,
  )
  assert.ok(found, 'no generated pull request failed in one target and passed in another')
  // two builds of one commit, of which one failed and one passed
  await db.execute(sql`update builds set event_id = (select max(event_id) from builds where project_id = ${found.id}),
    identifier = null where project_id = ${found.id} and id in (
      select b.id from builds b where b.project_id = ${found.id} and b.listed_id is not null order by b.id desc limit 40)`)
  const problem = {
    ...{ kind: 'config', state: 'failure', title: 'The configuration has an error', lines: [WRONG] },
    summary: `${FILE}:4:14: “pul_request” is not a trigger: did you mean “pull_request”?`,
  }
  await db.execute(sql`update project_events set plan = plan || jsonb_build_object('problem', ${JSON.stringify(problem)}::jsonb)
    where id in (select event_id from pipelines where project_id = ${found.id} and is_run order by id desc limit 1)`)
  return found
}

async function lookAt(page: Page, name: string): Promise<void> {
  for (const viewport of [...Object.values(SIZES), { width: 320, height: 640 }]) {
    await page.setViewportSize(viewport)
    await picture(page, `${name}-${viewport.width}`)
    await assertFits(page)
    await assertAccessible(page)
  }
  await page.setViewportSize(SIZES.wide)
}

test('a packager sees which target of which pull request failed, and opens its build', async () => {
  const page = await world.open(`projects/${hello.path}`)
  const row = page.locator('.grid-table tbody tr').filter({ has: page.getByText(`#${hello.pr}`, { exact: true }) })
  while ((await row.count()) === 0) {
    await page.getByRole('link', { name: 'Older' }).click()
    await page.waitForURL(/after=/)
    await settled(page)
  }
  const cell = row.getByRole('link', { name: `${hello.target} Failed for #${hello.pr}` })
  assert.match((await cell.getAttribute('title')) ?? '', new RegExp(`^${hello.target}: Failed on `))
  assert.deepEqual(takeProblems(page), [])
  await cell.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/jobs/copr/*')
  await page.getByRole('heading', { level: 1 }).filter({ hasText: hello.target }).waitFor()
})

test('each part of a project is accessible and fits a desk and phones, in both themes', async (t) => {
  for (const theme of ['light', 'dark'] as const) {
    const page = await world.open('', { theme })
    const parts = [
      'now',
      'now&kind=all',
      'history&days=365',
      'config',
      'badge',
      'prs',
      'branches',
      'releases',
      'issues',
    ]
    for (const part of parts) {
      await t.test(`${part}, ${theme}`, async () => {
        await page.goto(`${world.base}projects/${hello.path}?tab=${part}`)
        await settled(page)
        await lookAt(page, `generated-project-${part.replace(/\W+/g, '-')}-${theme}`)
        assert.equal(await page.locator('h1').count(), 1)
        assert.deepEqual(takeProblems(page), [])
      })
    }
  }
})

test('rows are chosen by kind, and the address says so', async () => {
  const page = await world.open(`projects/${hello.path}`)
  await page.getByRole('navigation', { name: 'What the rows are' }).getByRole('link', { name: 'Branches' }).click()
  await page.waitForURL('**?kind=branch')
  await page.getByRole('region', { name: 'Branches by target' }).waitFor()
  await page.getByRole('link', { name: 'all runs of main' }).click()
  await page.waitForURL(/\/pipelines\?project=.*&branch=main/)
  await page.getByRole('button', { name: 'Take away the filter Branch main' }).waitFor()
})

test('an operator finds the targets that are flaky, and the runs of the commit', async () => {
  const page = await world.open(`projects/${hello.path}`)
  await page.getByRole('link', { name: 'History', exact: true }).click()
  await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: 'Year' }).click()
  await page.waitForURL('**?tab=history&days=365')
  const row = page.locator('.list-table tbody tr').filter({ hasText: 'Flaky' }).first()
  await row.waitFor()
  assert.ok((await row.locator('.strip a').count()) > 1)
  await row.locator('.flaky a').first().click()
  await page.waitForURL(/\/pipelines\?project=.*&commit=[0-9a-f]{40}/)
  await page.locator('.list-table tbody tr').first().waitFor()
  assert.deepEqual(takeProblems(page), [])
})

test('an error of the configuration is shown at its line, as it is written', async () => {
  const page = await world.open(`projects/${hello.path}?tab=config`)
  await page.getByRole('heading', { name: '1 error' }).waitFor()
  await page.getByText('did you mean “pull_request”?').waitFor()
  assert.match(await page.locator('.config-note .cause-lines tr').innerText(), /^4\s+trigger: pul_request$/)
  const place = page.getByRole('link', { name: `${FILE}:4:14` })
  assert.match((await place.getAttribute('href')) ?? '', /\/[0-9a-f]{40}\/.*\.packit\.yaml#/)
})

test('a packager chooses what a badge shows and copies it in the words of her README', async () => {
  const page = await world.open(`projects/${hello.path}?tab=badge`)
  await page.getByLabel('Target', { exact: true }).fill(hello.target)
  await page.getByLabel('Pull request', { exact: true }).fill(`#${hello.pr}`)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await page.waitForURL(`**?tab=badge&pr=${hello.pr}&target=${hello.target}`)
  const badge = page.getByRole('img', { name: `Badge that shows ${hello.target} of pull request #${hello.pr}` })
  await badge.waitFor()
  const source = (await badge.getAttribute('src')) ?? ''
  assert.match(await (await fetch(world.service.url + source)).text(), new RegExp(`${hello.target}: Failed`))
  assert.ok(await badge.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 20))

  await page.getByRole('button', { name: 'AsciiDoc' }).click()
  await page.getByRole('button', { name: 'Copy the AsciiDoc lines' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.equal(
    copied,
    `image:${world.service.url}${source}["Packit: ${hello.path.replace(/^[^/]+\//, '')}",link="${world.service.url}/projects/${hello.path}"]`,
  )
})

test('lists of a project and of its jobs lead on with the project as filter', async () => {
  const page = await world.open(`projects/${hello.path}`)
  for (const [name, list] of Object.entries({ 'All RPM builds': 'jobs/copr', 'All runs': 'pipelines' })) {
    await page.goto(`${world.base}projects/${hello.path}`)
    await page.getByRole('link', { name, exact: true }).click()
    await page.waitForURL((url) => url.pathname === `/${list}` && url.searchParams.get('project') === hello.path)
    await page.locator('.list-table tbody tr').first().waitFor()
  }
  await page.goto(`${world.base}projects/${hello.path}?tab=prs`)
  await page.locator('.part-name a[href*="pipelines"]').first().click()
  await page.waitForURL(/\/pipelines\?project=.*&pr=\d+/)
  await page.locator('.list-table tbody tr').first().waitFor()
})
