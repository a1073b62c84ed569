import { Command } from 'commander'
import { ownUrlOf } from '../config/own-url.ts'
import { type Config, readConfig, SettingsError, wantsNoColor } from '../config.ts'
import { installUrl, webUrlOf } from '../forges/github/addresses.ts'
import { hostOfApi } from '../forges/github/app.ts'
import { type AppStore, openAppStore } from '../forges/github/app-store.ts'
import { checkReach, reachProblem } from '../forges/github/public-url.ts'
import { webhookUrl } from '../forges/github/setup/manifest.ts'
import { createSandbox } from '../sandbox/bubblewrap.ts'
import { builtInTargets } from '../targets/table.ts'
import { checkApp, checkClock, checkDeliveries, checkHook, checkInstallations, checkStored } from './doctor/app.ts'
import { askAsApp } from './doctor/ask-github.ts'
import { checkCopr } from './doctor/copr.ts'
import { checkEmbedded, checkPostgres } from './doctor/database.ts'
import { type Finding, ok, problem, type Section, warning, worst } from './doctor/finding.ts'
import { checkDataDir, checkMock, checkSandbox, checkTargets, checkTools, findVersion } from './doctor/machine.ts'
import { sectionText, summaryText } from './doctor/report.ts'
import { checkTesting } from './doctor/testing-farm.ts'
import { findOwner, type Owner } from './owner.ts'
import { type Output, standardOutput } from './terminal.ts'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything the service needs, and say what to do about what is wrong (exit code 1)')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = standardOutput(process.stdout, wantsNoColor())
      process.exitCode = await runDoctor({ json }, output)
    })
}

/** What a test may put in place of the real things. */
export interface DoctorOptions {
  json: boolean
  env?: Record<string, string | undefined>
  now?: () => Date
  fetcher?: typeof fetch
}

/**
 * Looks at one part after the other, beside a running service too. Nothing is changed.
 *
 * @returns the exit code: 1 when there is a problem; warnings are none
 */
export async function runDoctor(options: DoctorOptions, output: Output): Promise<0 | 1> {
  const sections: Section[] = []
  for await (const section of examine(options)) {
    sections.push(section)
    if (!options.json) output.write(sectionText(section, output))
  }
  const state = worst(sections)
  if (options.json) output.write(`${JSON.stringify({ state, sections }, null, 2)}\n`)
  else output.write(summaryText(sections, output))
  return state === 'problem' ? 1 : 0
}

async function* examine(options: DoctorOptions): AsyncGenerator<Section> {
  const now = options.now ?? (() => new Date())
  const settings = readSettings(options.env)
  yield { title: 'Settings', findings: settings.findings }
  const { config } = settings
  if (!config) return
  const owner = await findOwner(config.dataDir)
  yield {
    title: 'Data',
    findings: [...(await checkDataDir(config.dataDir, owner)), await checkDatabase(config, owner)],
  }
  yield* examineGithub(config, { now, fetcher: options.fetcher ?? fetch, address: owner?.address || undefined })
  yield { title: 'Tests', findings: await checkTesting(config) }
  if (config.copr) yield { title: 'Copr', findings: await checkCopr(config.copr) }
  if (config.builder === 'mock') yield { title: 'mock', findings: [checkMock(await findVersion('mock'))] }
  yield { title: 'Programs', findings: [...(await checkTools(findVersion)), checkTargets(builtInTargets.asOf, now())] }
  yield { title: 'Sandbox', findings: await lookAtSandbox(config) }
}

function readSettings(env: Record<string, string | undefined> | undefined): { config?: Config; findings: Finding[] } {
  try {
    return { config: readConfig(env ? { env } : {}), findings: [ok('every setting can be read')] }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { findings: error.message.split('\n').map((line) => problem(line, 'See docs/configuration.md.')) }
  }
}

function checkDatabase({ databaseUrl, dataDir }: Config, owner: Owner | undefined): Promise<Finding> {
  return databaseUrl ? checkPostgres(databaseUrl) : checkEmbedded(dataDir, owner)
}

interface Outside {
  now: () => Date
  fetcher: typeof fetch
  /** Where the running service answers, if one runs here. */
  address: string | undefined
}

async function* examineGithub(config: Config, outside: Outside): AsyncGenerator<Section> {
  const store = openAppStore(config.dataDir, config.github)
  const findings = checkStored(store)
  const apiUrl = store.current()?.apiUrl ?? config.github.apiUrl
  if (!store.current() || findings.some(({ state }) => state === 'problem')) {
    yield { title: 'GitHub App', findings }
    if (store.webhookSecret())
      yield { title: 'Public address', findings: [await lookAtReach(config.publicUrl, apiUrl, outside)] }
    return
  }
  yield { title: 'GitHub App', findings: [...findings, ...(await askGithub(config, store, outside))] }
  yield { title: 'Public address', findings: [await lookAtReach(config.publicUrl, apiUrl, outside)] }
}

async function askGithub(config: Config, store: AppStore, { now, fetcher, address }: Outside): Promise<Finding[]> {
  const app = store.current()
  if (!app) return []
  const ask = askAsApp(app, now, fetcher)
  const known = await ask('/app')
  const clock = checkClock(known, now())
  const { slug = app.slug, html_url: page } = (known.body ?? {}) as { slug?: string; html_url?: string }
  const appPage = page ?? `${webUrlOf(app.apiUrl)}/apps/${slug ?? ''}`
  const found = checkApp(known, appPage)
  if (known.status !== 200) return [...found, ...clock]
  const base = config.publicUrl ?? address ?? ownUrlOf(config)
  return [
    ...found,
    ...clock,
    ...checkHook(await ask('/app/hook/config'), webhookUrl(base), appPage),
    ...checkDeliveries(await ask('/app/hook/deliveries?per_page=30')),
    ...checkInstallations(
      await ask('/app/installations?per_page=100'),
      slug ? installUrl({ ...app, slug }) : undefined,
    ),
  ]
}

async function lookAtReach(publicUrl: string | undefined, apiUrl: string, { fetcher }: Outside): Promise<Finding> {
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(apiUrl).hostname)
  if (publicUrl === undefined && isHere) return ok('none is needed: GitHub runs on this machine, too')
  const reach = await checkReach(publicUrl, { fetcher })
  const found = reachProblem(reach, hostOfApi(apiUrl) === 'github.com')
  if (!found) return ok(`${publicUrl} answers, as seen from this machine`)
  return reach.state === 'private' ? warning(found.what, found.advice) : problem(found.what, found.advice)
}

async function lookAtSandbox({ buildParallel }: Config): Promise<Finding[]> {
  const sandbox = createSandbox({ parallel: buildParallel })
  try {
    return await checkSandbox(sandbox)
  } finally {
    await sandbox.close()
  }
}
