// `npm run bench`: measures the service on this machine and writes docs/benchmarks.md.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { apiCase } from './cases/api.ts'
import { coldDemoCase } from './cases/cold-demo.ts'
import { dayCase } from './cases/day.ts'
import { demoCase } from './cases/demo.ts'
import { floodCase } from './cases/flood.ts'
import { githubCase } from './cases/github.ts'
import { importCase } from './cases/import.ts'
import { logsCase } from './cases/logs.ts'
import { pipelineCase } from './cases/pipeline.ts'
import { rebuildCase } from './cases/rebuild.ts'
import { scaleCase } from './cases/scale.ts'
import { srpmCase } from './cases/srpm.ts'
import { type Case, type Settings, summarize } from './measure.ts'
import { type Machine, parseSections, renderDocument, renderTables, type Section } from './report.ts'

const CASES: readonly Case[] = [
  demoCase,
  coldDemoCase,
  pipelineCase,
  rebuildCase,
  srpmCase,
  apiCase,
  logsCase,
  floodCase,
  githubCase,
  dayCase,
  importCase,
  scaleCase,
]
const DOCUMENT = new URL('../docs/benchmarks.md', import.meta.url)

const HELP = `usage: npm run bench -- [NAME]... [--cold] [--factor N] [--database URL] [--quick] [--json] [--write | --no-write]

  NAME          run this case alone (also: --only NAME): ${CASES.map(({ name }) => name).join(', ')}
  --cold        also the demo in a fresh copy of the repository (needs a package registry, takes minutes)
  --factor N    api: also with N times the data (10 takes most of an hour, and 20 GB); day: N times the pull requests
  --database URL  api: use this PostgreSQL database, which is filled when it is empty, and kept
  --quick       api, day: little data and short times, to see whether it works
  --json        print the figures as JSON
  --write       write docs/benchmarks.md, keeping its sections of other cases; the default without NAME
`

/** What was asked for can't be done: told with the help. */
class UsageError extends Error {
  override name = 'UsageError'
}

interface Options {
  chosen: readonly Case[]
  json: boolean
  write: boolean
  settings: Settings
}

function readOptions(): Options | undefined {
  const { values, positionals } = parseArgs({
    allowNegative: true,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true },
      cold: { type: 'boolean', default: false },
      factor: { type: 'string', default: '1' },
      database: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const only = [...positionals, ...(values.only ?? [])]
  const factor = Number(values.factor)
  if (!(factor > 0)) throw new UsageError(`--factor ${values.factor}: a number above 0 is needed`)
  const unknown = only.find((name) => !CASES.some((one) => one.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`${unknown}: there is no such case; there are ${CASES.map((c) => c.name).join(', ')}`)
  }
  const isChosen = ({ name, isExtra = false }: Case) =>
    (isExtra && values.cold) || (only.length > 0 ? only.includes(name) : !isExtra)
  return {
    chosen: CASES.filter(isChosen),
    json: values.json,
    write: values.write ?? (only.length === 0 && !values.quick),
    settings: { quick: values.quick, factor, database: values.database },
  }
}

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function runCase(one: Case, settings: Settings): Promise<Section> {
  const start = performance.now()
  const [load = 0] = loadavg()
  const found = await one.run((line) => say(`  ${one.name}: ${line}`), settings)
  const { figures, grids } = Array.isArray(found) ? { figures: found, grids: [] } : found
  say(`✓ ${one.title} (${((performance.now() - start) / 1000).toFixed(0)} s)`)
  const { name, title, method } = one
  return {
    about: { name, title, method },
    summaries: figures.map(summarize),
    grids,
    date: new Date().toISOString().slice(0, 10),
    load,
  }
}

async function describeMachine(): Promise<Machine> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1] ?? process.platform,
    node: process.versions.node,
  }
}

async function main({ chosen, json, write, settings }: Options): Promise<void> {
  const machine = await describeMachine()
  const sections: Section[] = []
  for (const one of chosen) {
    const section = await runCase(one, settings)
    sections.push(section)
    if (!json) process.stdout.write(`\n${renderTables(section)}\n\n`)
  }
  if (json) {
    const cases = sections.map(({ about: { name, title }, summaries, grids, date, load }) => ({
      name,
      title,
      date,
      load,
      figures: summaries,
      grids,
    }))
    process.stdout.write(`${JSON.stringify({ machine, cases }, null, 2)}\n`)
  }
  if (!write) return
  const before = parseSections(await readFile(DOCUMENT, 'utf8').catch(() => ''))
  await writeFile(
    DOCUMENT,
    renderDocument(
      CASES.map(({ name }) => name),
      sections,
      before,
      machine,
    ),
  )
  say('docs/benchmarks.md is written')
}

const isParseError = (error: unknown) =>
  error instanceof TypeError && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true

try {
  const options = readOptions()
  if (options) await main(options)
  else process.stdout.write(HELP)
} catch (error) {
  if (!(error instanceof UsageError) && !isParseError(error)) throw error
  process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}
