import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { createWorld, openPage, SIZES, settled } from './world.ts'

/** Scripts and style sheets of a first load, compressed, may weigh this much. */
const LIMIT_BYTES = 180_000
const PATHS = ['', 'pipelines', 'pipeline/42', 'pipeline/43', 'projects', 'projects/github.com/acme/hello', 'jobs/copr/31']

let slim: Awaited<ReturnType<typeof createWorld>>
let plain: Awaited<ReturnType<typeof createWorld>>
before(async () => {
  slim = await createWorld()
  plain = await createWorld({ kind: 'plain' })
})
after(async () => {
  await slim[Symbol.asyncDispose]()
  await plain[Symbol.asyncDispose]()
})

test('each first load stays under 180 kB of scripts and style sheets', async () => {
  for (const path of PATHS) {
    slim.server.asked.length = 0
    const page = await slim.open(path)
    const files = [...new Set(slim.server.asked)].filter((name) => /\.(js|css)$/.test(name))
    const bytes = files.map((name) => gzipSync(readFileSync(slim.dist + name), { level: 9 }).length)
    const sum = bytes.reduce((total, size) => total + size, 0)
    assert.ok(files.length >= 3, `${path}: ${files.join(', ')}`)
    assert.ok(sum <= LIMIT_BYTES, `/${path} loads ${sum} bytes: ${files.map((name, i) => `${name} ${bytes[i]}`).join(', ')}`)
    await page.context().close()
  }
})

/** What each element looks like: only what differs between two builds when a rule is missing. */
function looks(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body, body *')].map((element) => {
      const style = getComputedStyle(element)
      const values = [...style].filter((name) => !name.startsWith('--')).map((name) => `${name}:${style.getPropertyValue(name)}`)
      return `${element.tagName}.${element.getAttribute('class')} ${values.join(';')}`
    }),
  )
}

test('taking unused rules out of the style sheets changes nothing that one sees', async () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const viewport of Object.values(SIZES)) {
      const [a, b] = [await openPage(slim.browser, { ...viewport, theme }), await openPage(plain.browser, { ...viewport, theme })]
      for (const path of PATHS) {
        await a.goto(slim.base + path)
        await b.goto(plain.base + path)
        await Promise.all([settled(a), settled(b)])
        await Promise.all([a.mouse.move(0, 0), b.mouse.move(0, 0)])
        const [one, other] = [await looks(a), (await looks(b)).map((look) => look)]
        const ports = new RegExp(`:(${slim.server.port}|${plain.server.port})/`, 'g')
        const differing = one.findIndex((look, i) => look.replace(ports, '') !== other[i]?.replace(ports, ''))
        assert.equal(differing, -1, `/${path} ${theme}: ${explain(one[differing], other[differing])}`)
      }
      await Promise.all([a.context().close(), b.context().close()])
    }
  }
})

function explain(one = '', other = ''): string {
  const [left, right] = [one.split(';'), other.split(';')]
  return `${left[0]?.slice(0, 80)} ${left.filter((value, i) => value !== right[i]).join(' ')} | ${right.filter((value, i) => value !== left[i]).join(' ')}`
}
