import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildPages, SCRATCH } from './build.ts'
import { FixtureServer } from './fixture-server.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
// as root Chromium has no sandbox of its own; the rest keeps it from calling out
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface PageOptions {
  width?: number
  height?: number
  theme?: 'light' | 'dark'
  reducedMotion?: boolean
}

export const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 375, height: 800 } } as const

/** A browser, a service in memory, and the built pages. Each page reports what went wrong in it. */
export async function createWorld({ prefix = '' }: { prefix?: string } = {}) {
  const dist = await buildPages()
  const server = new FixtureServer(dist, prefix)
  const base = await server.start()
  const browser = await launchBrowser()
  const contexts: BrowserContext[] = []
  return {
    server,
    base,
    browser,
    dist,
    async open(path: string, options: PageOptions = {}): Promise<Page> {
      const page = await openPage(browser, options)
      contexts.push(page.context())
      await page.goto(base + path)
      await settled(page)
      return page
    },
    async [Symbol.asyncDispose]() {
      for (const context of contexts) await context.close()
      await browser.close()
      await server.stop().catch(() => undefined)
    },
  }
}

/** An empty tab. Messages of errors, and of what the content policy refused, are kept in `problemsOf`. */
/** Debian's or Fedora's Chromium. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = CHROMIUM.find((path) => existsSync(path))
  if (!executablePath) throw new Error(`no Chromium here: ${CHROMIUM.join(' or ')} is needed`)
  return chromium.launch({ executablePath, args: FLAGS })
}

export async function openPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const { width = SIZES.wide.width, height = SIZES.wide.height, theme = 'light', reducedMotion = true } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const problems: string[] = []
  PROBLEMS.set(page, problems)
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()}`)
  })
  return page
}

const PROBLEMS = new WeakMap<Page, string[]>()

/** What the page complained about so far, and the page forgets it. */
export function takeProblems(page: Page): string[] {
  return PROBLEMS.get(page)?.splice(0) ?? []
}

/** Waits until a page has its heading and no skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('[aria-busy]') && document.querySelector('h1') !== null)
  await page.evaluate(() => document.fonts.ready)
}

/** Fails with each rule that axe finds broken, and where. */
export async function assertAccessible(page: Page): Promise<void> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: AxeViolation[] }> } }
    const result = await axe.run()
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.html} ${n.failureSummary}`).join(' | ')}`,
    )
  })
  assert.deepEqual(violations, [])
}

interface AxeViolation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

/** Nothing may be wider than the screen: one would have to scroll sideways to read. */
export async function assertFits(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(excess <= 0, `the page is ${excess} px wider than the screen`)
}

/** Keeps a picture of the whole page for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(`${SCRATCH}screenshots`, { recursive: true })
  await page.screenshot({ path: `${SCRATCH}screenshots/${name}.png`, fullPage: true })
}
