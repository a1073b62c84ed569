import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { JOB_LISTS } from '../src/lib/job-lists.ts'
import { buildPages } from './build.ts'
import { NOW } from './fixtures.ts'
import { createWorld, openPage, SIZES, settled } from './world.ts'

/** Scripts and style sheets of a first load, compressed, may weigh this much. */
const LIMIT_BYTES = 180_000
/** What another page may add to what the home page has loaded already. */
const FURTHER_LIMIT_BYTES = 40_000
/** Kinds of jobs that have a page of their own. */
const JOB_PAGES = [
  'srpm',
  'copr',
  'testing-farm',
  'koji',
  'koji-tag-request',
  'bodhi',
  'propose-downstream',
  'openscanhub',
  'log-detective',
  'log-detective/group',
]
/** Pages that between them hold every component. */
const PICTURED = [
  '',
  'pipelines',
  'pipeline/42',
  'projects/github.com/acme/hello',
  ...['history', 'config', 'badge', 'prs'].map((tab) => `projects/github.com/acme/hello?tab=${tab}`),
  'compare?a=30&b=42',
]
const PATHS = [
  '',
  'pipelines',
  'pipeline/42',
  'pipeline/43',
  'projects',
  'projects/github.com',
  'projects/github.com/acme/hello',
  'projects/github.com/acme/hello?tab=history',
  'projects/github.com/acme/hello?tab=config',
  'projects/github.com/acme/hello?tab=badge',
  'usage',
  'inbox',
  'inbox/1',
  'sign-in',
  ...JOB_LISTS.map(([name]) => `jobs/${name}`),
  ...JOB_PAGES.map((name) => `jobs/${name}/31`),
  'compare?a=30&b=42',
]

let world: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  world = await createWorld()
})
after(() => world[Symbol.asyncDispose]())

/** The scripts and style sheets that a first load of a page asks for, with their compressed sizes. */
async function loadedBy(path: string): Promise<Map<string, number>> {
  world.server.asked.length = 0
  const page = await world.open(path)
  const files = new Set(world.server.asked.filter((name) => /\.(js|css)$/.test(name)))
  await page.context().close()
  return new Map([...files].map((name) => [name, gzipSync(readFileSync(world.dist + name), { level: 9 }).length]))
}

const sumOf = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0)

test('each first load stays under 180 kB of scripts and style sheets, and a further page adds at most 40 kB', async (t) => {
  const home = await loadedBy('')
  for (const path of PATHS) {
    const files = await loadedBy(path)
    const first = sumOf(files.values())
    const further = sumOf([...files].filter(([name]) => !home.has(name)).map(([, size]) => size))
    t.diagnostic(`/${path}: ${first} bytes at first, ${further} after the home page`)
    assert.ok(files.size >= 3, `${path}: ${[...files.keys()].join(', ')}`)
    const detail = [...files].map(([name, size]) => `${name} ${size}`).join(', ')
    assert.ok(first <= LIMIT_BYTES, `/${path} loads ${first} bytes: ${detail}`)
    assert.ok(further <= FURTHER_LIMIT_BYTES, `/${path} adds ${further} bytes: ${detail}`)
  }
})

/** Pictures of a page on a desk and on a phone. */
async function pictures(page: Page, address: string): Promise<Buffer[]> {
  await page.goto(address)
  await settled(page)
  const taken: Buffer[] = []
  for (const viewport of Object.values(SIZES)) {
    await page.setViewportSize(viewport)
    taken.push(await stillPicture(page))
  }
  return taken
}

/** A picture that is the same twice: nothing is on its way any more. */
async function stillPicture(page: Page): Promise<Buffer> {
  await page.waitForFunction(() => !document.querySelector('.log') || document.querySelector('.log-line'))
  let last = await page.screenshot({ fullPage: true })
  for (let tries = 0; tries < 5; tries++) {
    const next = await page.screenshot({ fullPage: true })
    if (next.equals(last)) break
    last = next
  }
  return last
}

test('taking unused rules out of the style sheets changes nothing that one sees', async () => {
  const plain = await buildPages('plain')
  for (const theme of ['light', 'dark'] as const) {
    const page = await openPage(world.browser, { theme })
    // times would go on between the two pictures
    await page.clock.setFixedTime(NOW * 1000)
    for (const path of PICTURED) {
      world.server.dist = world.dist
      const slim = await pictures(page, world.base + path)
      world.server.dist = plain
      const whole = await pictures(page, world.base + path)
      slim.forEach((picture, index) => {
        assert.ok(
          picture.equals(whole[index] ?? Buffer.of()),
          `/${path} looks different: ${theme}, ${Object.keys(SIZES)[index]}`,
        )
      })
    }
    await page.context().close()
  }
})
