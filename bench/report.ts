// From figures to the terminal and to docs/benchmarks.md; nothing here measures.
import type { Case, Grid, Summary, Unit } from './measure.ts'

export interface Machine {
  cores: number
  cpu: string
  memoryGb: number
  system: string
  node: string
}

/** A case that has been run. */
export interface Section {
  about: Pick<Case, 'name' | 'title' | 'method'>
  summaries: Summary[]
  grids: Grid[]
  /** `2026-11-24` */
  date: string
  /** Programs that wanted a core just before (the load average of one minute). */
  load: number
}

/** The cores were already taken to this part by others when a case began: its times are too long. */
const SHARED = 0.4

/** One number as people read it: three digits count. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'ms') return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${round(value)} ms`
  if (unit === 'x') return `${value.toFixed(2)} ×`
  if (unit === '') return round(value)
  return `${round(value)} ${unit === '/s' ? 'a second' : unit}`
}

function round(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** A table with aligned columns: it is read in the terminal as well. */
export function renderTable(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ what, unit, median, low, high, count }) => {
    const range = count === 1 ? '' : `${formatValue(low, unit)} to ${formatValue(high, unit)}`
    return [what, formatValue(median, unit), range, String(count)]
  })
  return alignColumns([['what', 'median', 'range', 'times'], ...rows])
}

/** A grid as a table with aligned columns. */
export function renderGrid({ columns, rows }: Grid): string {
  const head = ['', ...columns.map(({ name, unit }) => (unit === 'ms' ? `${name}, ms` : name))]
  const cells = rows.map(({ what, values }) => [
    what,
    ...columns.map(({ unit }, i) => {
      const value = values[i] ?? null
      if (value === null) return '–'
      return unit === 'x' ? formatValue(value, unit) : round(value)
    }),
  ])
  return alignColumns([head, ...cells])
}

/** Markdown of a table whose first row is its head. */
function alignColumns(table: string[][]): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`)
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

const marker = (name: string) => `<!-- case: ${name} -->`

/** The tables of a section, one below the other. */
export function renderTables({ summaries, grids }: Pick<Section, 'summaries' | 'grids'>): string {
  return [
    ...(summaries.length > 0 ? [renderTable(summaries)] : []),
    ...grids.map((grid) => `${grid.heading}\n\n${renderGrid(grid)}`),
  ].join('\n\n')
}

export function renderSection({ about, summaries, grids, date, load }: Section, cores: number): string {
  const shared =
    load > SHARED * cores ? ` on a machine that other work shared (load ${load.toFixed(1)} on ${cores} cores)` : ''
  const lines = [
    marker(about.name),
    `## ${about.title}`,
    about.method,
    renderTables({ summaries, grids }),
    `Measured on ${date}${shared}.`,
  ]
  return lines.join('\n\n')
}

/** The sections of a document written before, by the name of their case. */
export function parseSections(document: string): Map<string, string> {
  const parts = document.split(/^<!-- case: ([a-z-]+) -->$/m).slice(1)
  const sections = new Map<string, string>()
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i] ?? ''
    sections.set(name, `${marker(name)}${(parts[i + 1] ?? '').trimEnd()}`)
  }
  return sections
}

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`; don't edit it by hand. \`npm run bench -- --help\` tells how to run a part.

Times depend on the machine, so they are for orientation only and no test looks at them. What can be compared between
machines are the ratios (×): both sides are measured in turn, within one run. A table gives the median, the range, and
how many times something was measured. A section says when the machine was shared with other work, which makes times
longer and the ranges wider.`

/** The whole document: fresh sections, and for cases that were not run the ones it had. */
export function renderDocument(
  order: readonly string[],
  fresh: readonly Section[],
  before: ReadonlyMap<string, string>,
  machine: Machine,
): string {
  const { cores, cpu, memoryGb, system, node } = machine
  const ran = `Machine: ${cores} cores (${cpu}), ${memoryGb} GB of memory, ${system}, Node ${node}.`
  const sections = order.flatMap((name) => {
    const section = fresh.find(({ about }) => about.name === name)
    const text = section ? renderSection(section, cores) : before.get(name)
    return text === undefined ? [] : [text]
  })
  return `${[INTRODUCTION, ran, ...sections].join('\n\n')}\n`
}
