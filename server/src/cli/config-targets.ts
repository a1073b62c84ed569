import { terminalText } from '../domain/escape.ts'
import type { JobType, PackageConfig, PackageOptions } from '../domain/package-config/types.ts'
import { createExpander, DEFAULT_TARGET, type TargetTable, unknownTargetMessage } from '../domain/targets.ts'
import { markOf, type Output, paint } from './terminal.ts'

/** What the names of targets in a configuration stand for. */
export interface NamedTargets {
  /** The day of the table. */
  asOf: string
  chroots: { [name: string]: string[] }
  unknown: { name: string; nearest: string[] }[]
}

/** Expands the targets of all builds and tests; those of other jobs mean other things. */
export function nameTargets({ jobs }: PackageConfig, table: TargetTable): NamedTargets {
  const expand = createExpander(table)
  const names = new Set(
    jobs.flatMap(({ type, packages }) => Object.values(packages).flatMap(({ targets }) => namesOf(type, targets))),
  )
  const expanded = [...names].map((name) => ({ name, ...expand([name]) }))
  return {
    asOf: table.asOf,
    chroots: Object.fromEntries(expanded.map(({ name, chroots }) => [name, chroots])),
    unknown: expanded.flatMap(({ unknown }) => unknown),
  }
}

/** A build without targets has the default; tests without any have those of their build. */
function namesOf(type: JobType, targets: PackageOptions['targets']): string[] {
  if (type !== 'copr_build' && type !== 'tests') return []
  const names = Object.keys(targets)
  return names.length === 0 && type === 'copr_build' ? [DEFAULT_TARGET] : names
}

/** One line for each name that is no chroot itself; none at all when there is nothing to say. */
export function targetLines({ asOf, chroots, unknown }: NamedTargets, output: Output): string[] {
  const aliases = Object.entries(chroots).filter(([name, list]) => list.length > 0 && list.join() !== name)
  const lines = [
    ...aliases.map(([name, list]) => `  ${terminalText(name)}: ${list.join(', ')}`),
    ...unknown.map((one) => `  ${markOf(output, 'failure')} ${terminalText(unknownTargetMessage(one))}`),
  ]
  return lines.length > 0 ? ['', `${paint(output, 'bold', 'Targets')} as of ${asOf}`, ...lines] : []
}
