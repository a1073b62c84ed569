// `npm run bench`: measures the service on this machine and writes docs/benchmarks.md.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { apiCase } from './cases/api.ts'
import { coldDemoCase } from './cases/cold-demo.ts'
import { demoCase } from './cases/demo.ts'
import { floodCase } from './cases/flood.ts'
import { importCase } from './cases/import.ts'
import { logsCase } from './cases/logs.ts'
import { pipelineCase } from './cases/pipeline.ts'
import { rebuildCase } from './cases/rebuild.ts'
import { srpmCase } from './cases/srpm.ts'
import { type Case, summarize } from './measure.ts'
import { type Machine, parseSections, renderDocument, renderTable, type Section } from './report.ts'

const CASES: readonly Case[] = [
  demoCase,
  coldDemoCase,
  pipelineCase,
  rebuildCase,
  srpmCase,
  apiCase,
  logsCase,
  floodCase,
  importCase,
]
const DOCUMENT = new URL('../docs/benchmarks.md', import.meta.url)

const HELP = `usage: npm run bench -- [--only NAME]... [--cold] [--json] [--write | --no-write]

  --only NAME   run this case alone; may be given again: ${CASES.map(({ name }) => name).join(', ')}
  --cold        also the demo in a fresh copy of the repository (needs a package registry, takes minutes)
  --json        print the figures as JSON
  --write       write docs/benchmarks.md, keeping its sections of other cases; the default without --only
`

interface Options {
  chosen: readonly Case[]
  json: boolean
  write: boolean
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true },
      cold: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const only = values.only ?? []
  const unknown = only.find((name) => !CASES.some((one) => one.name === name))
  if (unknown !== undefined) {
    throw new TypeError(`--only ${unknown}: there is no such case; there are ${CASES.map((c) => c.name).join(', ')}`)
  }
  const isChosen = ({ name, isExtra = false }: Case) =>
    (isExtra && values.cold) || (only.length > 0 ? only.includes(name) : !isExtra)
  return { chosen: CASES.filter(isChosen), json: values.json, write: values.write ?? only.length === 0 }
}

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function runCase(one: Case): Promise<Section> {
  const start = performance.now()
  const [load = 0] = loadavg()
  const figures = await one.run((line) => say(`  ${one.name}: ${line}`))
  say(`✓ ${one.title} (${((performance.now() - start) / 1000).toFixed(0)} s)`)
  const { name, title, method } = one
  return {
    about: { name, title, method },
    summaries: figures.map(summarize),
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

async function main({ chosen, json, write }: Options): Promise<void> {
  const machine = await describeMachine()
  const sections: Section[] = []
  for (const one of chosen) {
    const section = await runCase(one)
    sections.push(section)
    if (!json) process.stdout.write(`\n${renderTable(section.summaries)}\n\n`)
  }
  if (json) {
    const cases = sections.map(({ about: { name, title }, summaries, date, load }) => ({
      name,
      title,
      date,
      load,
      figures: summaries,
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

try {
  const options = readOptions()
  if (options) await main(options)
  else process.stdout.write(HELP)
} catch (error) {
  const isUsage = error instanceof TypeError && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
  if (!isUsage && !(error instanceof TypeError && error.message.startsWith('--only'))) throw error
  process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}
