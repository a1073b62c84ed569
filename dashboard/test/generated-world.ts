// The real service on years of generated data, for stories of the browser. Its database is made once and copied.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate, sizeOf } from '../../bench/generate.ts'
import type { Database } from '../../server/src/db/database.ts'
import { openEmbedded } from '../../server/src/db/open.ts'
import { runCommand, ServiceProcess } from '../../server/test/service-process.ts'
import { SCRATCH } from './build.ts'
import { launchBrowser, openPage, type PageOptions, settled } from './world.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Some hundred projects and runs of each kind; a hundredth would take a minute to make. */
const FACTOR = 0.002
const MADE_FROM = ['bench/data', 'bench/generate.ts', 'server/src/db/migrations']

/**
 * A browser and the real service, which has a token of each scope. It is stopped with the block that opened it.
 *
 * @param prepare  changes rows before the service starts: of a copy, other tests don't see it
 */
export async function createGeneratedWorld(
  env: Record<string, string> = {},
  prepare?: (database: Database) => Promise<void>,
) {
  const dir = await mkdtemp(join(tmpdir(), 'packit-generated-'))
  await cp(await generatedData(), dir, { recursive: true })
  if (prepare) {
    const database = await openEmbedded(join(dir, 'database'))
    await prepare(database).finally(() => database.close())
  }
  const token = (await runCommand(dir, ['token', 'create', 'browser', '--scope', 'admin'])).output
    .trim()
    .split('\n')
    .at(-1)
  const service = await ServiceProcess.start(dir, env)
  const browser = await launchBrowser()
  return {
    service,
    browser,
    token: token ?? '',
    base: `${service.url}/`,
    async open(path: string, options: PageOptions = {}) {
      const page = await openPage(browser, options)
      await page.goto(`${service.url}/${path}`)
      await settled(page)
      return page
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await service.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The folder of a service that has the generated rows; made anew when what makes it has changed. */
async function generatedData(): Promise<string> {
  const dir = `${SCRATCH}generated-${hashSources()}`
  if (existsSync(dir)) return dir
  const making = `${dir}.${process.pid}`
  await mkdir(making, { recursive: true })
  const database = await openEmbedded(join(making, 'database'))
  await generate(database, sizeOf(FACTOR))
  await database.close()
  // several test processes may get here at a time: the first rename counts
  await rename(making, dir).catch(() => rm(making, { recursive: true }))
  return dir
}

function hashSources(): string {
  const hash = createHash('sha256').update(String(FACTOR))
  for (const source of MADE_FROM) {
    const path = join(ROOT, source)
    const files = source.endsWith('.ts') ? [path] : filesOf(path)
    for (const file of files) hash.update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
