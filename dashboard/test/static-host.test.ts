// The built pages on a host of files alone, with the real service on another origin.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { test } from 'node:test'
import { buildPages } from './build.ts'
import { createGeneratedWorld } from './generated-world.ts'
import { assertFits, openPage, settled, takeProblems } from './world.ts'

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const PREFIX = '/pages/'

/** Serves files as any host does, and `index.html` for all else, in which the operator has written two addresses. */
async function serveFiles(dir: string, api: string) {
  const html = (await readFile(join(dir, 'index.html'), 'utf8'))
    .replace('<base href="/"', `<base href="${PREFIX}"`)
    .replace('name="packit-api" content=""', `name="packit-api" content="${api}"`)
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://files').pathname.replace(PREFIX, '/')
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src ${api}; base-uri 'self'`,
    )
    if (extname(path) === '' || path.startsWith('/projects/')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
      return
    }
    void readFile(join(dir, path)).then(
      (bytes) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'font/woff2' }).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

test('pages on another origin show the service that their head names: lists, search, logs, live', async () => {
  await using world = await createGeneratedWorld()
  await using files = await serveFiles(await buildPages(), world.service.url)
  const page = await openPage(world.browser)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${files.url}pipelines?status=failure`)
  await settled(page)
  const link = page.locator('.list-table tbody a').first()
  const name = (await link.innerText()).replace(/[#\s].*$/s, '')
  await link.click()
  await page.waitForURL(`${files.url}pipeline/*`)
  await page.getByRole('heading', { name: 'Steps', exact: true }).waitFor()
  await settled(page)

  await page.keyboard.press('/')
  await page.keyboard.type(name)
  await page.getByRole('group', { name: 'Projects' }).waitFor()
  await page.getByRole('option').first().click()
  await page.waitForURL(`${files.url}projects/**`)
  await settled(page)
  await page.reload()
  await settled(page)

  assert.ok(asked.some((url) => url.startsWith(`${world.service.url}/api/stream`)))
  assert.ok(!asked.some((url) => url.startsWith(files.url) && url.includes('/api/')))
  assert.equal(
    await page.getByRole('link', { name: 'OpenAPI' }).getAttribute('href'),
    `${world.service.url}/api/openapi.json`,
  )
  await assertFits(page)
  // generated builds have no logs: that they are missing is no problem of the origin
  assert.deepEqual(
    takeProblems(page).filter((problem) => !problem.includes('404')),
    [],
  )
})

test('from another origin nobody signs in: the page leads to the service itself', async () => {
  await using world = await createGeneratedWorld()
  await using files = await serveFiles(await buildPages(), world.service.url)
  const page = await openPage(world.browser)
  await page.goto(`${files.url}sign-in`)
  await page.getByRole('link', { name: `${world.service.url}/sign-in` }).waitFor()
  assert.equal(await page.getByLabel('Token').count(), 0)
})
