import { terminalText } from '../domain/escape.ts'
import type {
  ConfigProblem,
  Job,
  JobSettings,
  Json,
  PackageConfig,
  PackageOptions,
} from '../domain/package-config/types.ts'
import { type NamedTargets, targetLines } from './config-targets.ts'
import { BARE, baseOf, differences } from './option-differences.ts'
import { markOf, type Output, paint } from './terminal.ts'

/** How a configuration is understood: packages, then jobs, with what differs from the defaults. */
export function validText(
  { config, warnings, targets }: { config: PackageConfig; warnings: ConfigProblem[]; targets: NamedTargets },
  source: string,
  file: string,
  output: Output,
): string {
  const names = Object.keys(config.packages)
  const summary = `${count(names.length, 'package')}, ${count(config.jobs.length, 'job')}`
  const warned = warnings.length > 0 ? `, ${count(warnings.length, 'warning')}` : ''
  const lines = [`${markOf(output, 'success')} ${terminalText(file)} is valid: ${summary}${warned}`]
  for (const name of names) lines.push('', ...packageLines(name, config.packages[name], output))
  lines.push('', paint(output, 'bold', config.jobs.length > 0 ? 'Jobs' : 'No jobs'))
  for (const [i, job] of config.jobs.entries()) lines.push(...jobLines(i, job, config, output))
  lines.push(...targetLines(targets, output))
  for (const warning of warnings) lines.push('', ...problemLines(warning, 'warning', source, file, output))
  return `${lines.join('\n')}\n`
}

/** What is wrong: each error with its line and a mark below the place. */
export function invalidText(
  { errors, warnings }: { errors: ConfigProblem[]; warnings: ConfigProblem[] },
  source: string,
  file: string,
  output: Output,
): string {
  const lines = [`${markOf(output, 'failure')} ${terminalText(file)} is invalid: ${count(errors.length, 'error')}`]
  for (const error of errors) lines.push('', ...problemLines(error, 'error', source, file, output))
  for (const warning of warnings) lines.push('', ...problemLines(warning, 'warning', source, file, output))
  return `${lines.join('\n')}\n`
}

const SHOWN_BEFORE = 60
const SHOWN_WIDTH = 110

function problemLines(
  problem: ConfigProblem,
  rank: 'error' | 'warning',
  source: string,
  file: string,
  output: Output,
): string[] {
  const { line, column, message, path } = problem
  const color = rank === 'error' ? 'red' : 'orange'
  const where = path === '' ? '' : ` ${paint(output, 'grey', `(${terminalText(path)})`)}`
  const head = `${terminalText(file)}:${line}:${column}: ${paint(output, color, `${rank}:`)} ${terminalText(message)}${where}`
  const whole = source.split(/\r\n|\n|\r/)[line - 1] ?? ''
  // of a very long line the part around the place
  const from = column - 1 > SHOWN_BEFORE ? column - 1 - SHOWN_BEFORE : 0
  const shown = whole.slice(from, from + SHOWN_WIDTH)
  if (shown.trim() === '') return [head]
  const gutter = `${line}`
  const indent = ' '.repeat(terminalText(shown.slice(0, column - 1 - from)).length)
  return [
    head,
    `${paint(output, 'grey', `  ${gutter} │`)} ${terminalText(shown)}`,
    `${paint(output, 'grey', `  ${' '.repeat(gutter.length)} │`)} ${indent}${paint(output, color, '^')}`,
  ]
}

/** Shown on the package's first line, or known to whoever reads the file. */
const NOT_LISTED = ['downstream_package_name', 'specfile_path', 'config_file_path'] as const

function packageLines(name: string, options: PackageOptions | undefined, output: Output): string[] {
  if (!options) return []
  const { specfile_path: spec, downstream_package_name: rpm } = options
  const named = rpm === name ? '' : `, in Fedora ${terminalText(rpm)}`
  const head = `${paint(output, 'bold', `Package ${terminalText(name)}`)}${named}: ${spec ? terminalText(spec) : 'no spec file'}`
  return [head, ...optionLines(differences(options, BARE), [...NOT_LISTED], '  ')]
}

function jobLines(index: number, job: Job, config: PackageConfig, output: Output): string[] {
  const { packages, ...settings } = job
  const head = `  ${String(index + 1).padStart(2)} ${paint(output, 'bold', job.type)} on ${job.on}`
  const own = settingWords(settings)
  const isSeveral = Object.keys(config.packages).length > 1
  const lines = [own === '' ? head : `${head}, ${own}`]
  for (const [name, options] of Object.entries(packages)) {
    const what = targetWords(options)
    if (isSeveral) lines.push(`       ${terminalText(name)}${what && `: ${what}`}`)
    else if (what) lines[0] += `: ${what}`
    lines.push(
      ...optionLines(
        differences(options, baseOf(config, name)),
        shownAsTargets(options),
        isSeveral ? '         ' : '       ',
      ),
    )
  }
  return lines
}

function settingWords({
  skip_build,
  manual_trigger,
  labels,
  sidetag_group,
  dependents,
  dependencies,
}: JobSettings): string {
  const words = [
    skip_build ? 'without a build' : '',
    manual_trigger ? 'only when asked for' : '',
    labels.length > 0 ? `labels ${labels.join(', ')}` : '',
    sidetag_group === null ? '' : `side tag ${sidetag_group}`,
    dependents.length > 0 ? `dependents ${dependents.join(', ')}` : '',
    dependencies.length > 0 ? `dependencies ${dependencies.join(', ')}` : '',
  ]
  return terminalText(words.filter(Boolean).join(', '))
}

/** Targets and branches by name; what is said about one of them stands below. */
function targetWords({ targets, dist_git_branches: branches }: PackageOptions): string {
  const names = [...Object.keys(targets), ...(Array.isArray(branches) ? branches : Object.keys(branches))]
  return terminalText(names.join(', '))
}

function shownAsTargets({ targets, dist_git_branches: branches }: PackageOptions): (keyof PackageOptions)[] {
  const isPlain = Object.values(targets).every((options) => Object.keys(options).length === 0)
  return [
    ...(isPlain ? (['targets'] as const) : []),
    ...(Array.isArray(branches) ? (['dist_git_branches'] as const) : []),
  ]
}

function optionLines(options: Partial<PackageOptions>, left: readonly string[], indent: string): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    left.includes(name) ? [] : valueLines(name, value as Json, indent),
  )
}

/** `name: value`; a mapping or list that is long has a line for each part. */
function valueLines(name: string, value: Json, indent: string): string[] {
  const short = inline(value)
  if (short.length + name.length <= 100 || value === null || typeof value !== 'object')
    return [`${indent}${terminalText(`${name}: ${short}`)}`]
  const parts = Array.isArray(value) ? value.map((part) => ['-', part] as const) : Object.entries(value)
  const head = `${indent}${terminalText(name)}:`
  const lines = parts.map(
    ([key, part]) => `${indent}  ${terminalText(`${key === '-' ? '-' : `${key}:`} ${inline(part)}`)}`,
  )
  return [head, ...lines]
}

function inline(value: Json): string {
  if (typeof value === 'string') return value === '' || /^\s|[\n\r]|\s$/.test(value) ? JSON.stringify(value) : value
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (value === null || typeof value !== 'object') return String(value)
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${inline(part)}`)
  return `{${parts.join(', ')}}`
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
