// How the pages begin on a slow machine and network: the real service on generated data, the built pages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { createGeneratedWorld } from './generated-world.ts'
import { openPage, SIZES, settled } from './world.ts'

const CPU_SLOWDOWN = 4
const BYTES_PER_SECOND = 10_000_000 / 8
const LATENCY_MS = 20
const LOADS = 5
const MOST_PAINT_MS = 1_500
const MOST_SHIFT = 0.05
/** What comes late, comes within this. */
const LATE_MS = 500

let world: Awaited<ReturnType<typeof createGeneratedWorld>>
before(async () => {
  world = await createGeneratedWorld()
})
after(() => world[Symbol.asyncDispose]())

interface Beginning {
  paintMs: number
  shift: number
}

/** Loads a page anew, without any cache, on a slow machine and network. */
async function load(path: string): Promise<Beginning> {
  const page = await openPage(world.browser, SIZES.wide)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.goto(world.base + path)
  await settled(page)
  await page.waitForTimeout(LATE_MS)
  const beginning = await measure(page)
  await page.context().close()
  return beginning
}

function measure(page: Page): Promise<Beginning> {
  return page.evaluate(async () => {
    const shifts = await new Promise<PerformanceEntry[]>((done) => {
      const observer = new PerformanceObserver((list) => done(list.getEntries()))
      observer.observe({ type: 'layout-shift', buffered: true })
      // without any shift nobody is called
      setTimeout(() => done([]), 200)
    })
    const values = shifts.map((entry) => (entry as PerformanceEntry & { value: number }).value)
    return {
      paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY,
      shift: values.reduce((sum, value) => sum + value, 0),
    }
  })
}

/** The one in the middle: a single slow load is the machine's, not the page's. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Pages of the generated data that hold much. */
async function paths(): Promise<Record<string, string>> {
  const answer = await fetch(`${world.base}api/runs?per_page=1&status=failure`)
  const [run] = (await answer.json()) as { merged_run_id: number }[]
  const found = await fetch(`${world.base}api/projects?per_page=1`)
  const [project] = (await found.json()) as { forge: string; namespace: string; repo_name: string }[]
  assert.ok(run && project)
  return {
    home: '',
    runs: 'pipelines',
    run: `pipeline/${run.merged_run_id}`,
    project: `projects/${project.forge}/${project.namespace}/${project.repo_name}`,
    jobs: 'jobs/copr',
    usage: 'usage',
  }
}

test('on a slow machine and network something is to be seen within 1.5 s, and nothing jumps', async (t) => {
  for (const [name, path] of Object.entries(await paths())) {
    await t.test(name, async (page) => {
      const loads: Beginning[] = []
      for (let times = 0; times < LOADS; times++) loads.push(await load(path))
      const paint = median(loads.map((each) => each.paintMs))
      const shift = median(loads.map((each) => each.shift))
      const all = loads.map((each) => Math.round(each.paintMs)).join(', ')
      page.diagnostic(`first paint ${Math.round(paint)} ms (${all}), layout shift ${shift.toFixed(4)}`)
      assert.ok(paint < MOST_PAINT_MS, `the first paint of /${path} takes ${paint} ms (${all})`)
      assert.ok(shift < MOST_SHIFT, `/${path} jumps by ${shift}`)
    })
  }
})
