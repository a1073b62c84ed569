import { INSTEAD, JOB_KEYS } from './job-keys.ts'
import { didYouMean } from './nearest.ts'
import { type Layer, OPTION_NAMES, OPTIONS, type OptionRule } from './options.ts'
import { type Place, type Problems, placeOf } from './problems.ts'
import type { OptionName } from './types.ts'
import { type Entry, type ScalarNode, shorten, type YamlNode } from './yaml/nodes.ts'

/** Where options can be written, weakest first. */
export type Level = 'top' | 'package' | 'job' | 'job-package'

/** The options written in one place, with the values as they stand in the file. */
export interface WrittenLayer {
  values: Layer
  nodes: Map<OptionName, YamlNode>
}

export const EMPTY_LAYER: WrittenLayer = { values: {}, nodes: new Map() }

/** Reads the options among the entries of one mapping; tells of those that are wrong, and of keys that are none. */
export function readLayer(entries: readonly Entry[], level: Level, path: string, problems: Problems): WrittenLayer {
  const values: [OptionName, unknown][] = []
  const nodes = new Map<OptionName, YamlNode>()
  for (const { key, value } of entries) {
    const place = placeOf(path, shorten(key.text))
    const name = key.type === 'text' ? OPTION_NAMES.find((known) => known === key.text) : undefined
    if (name === undefined) {
      refuseKey(key, level, place, problems)
      continue
    }
    const read = readOption(name, value, level, place, problems)
    if (read !== undefined) values.push([name, read])
    nodes.set(name, value)
  }
  return { values: Object.fromEntries(values) as Layer, nodes }
}

function readOption(name: OptionName, value: YamlNode, level: Level, place: Place, problems: Problems): unknown {
  const rule: OptionRule<unknown> = OPTIONS[name]
  const inJob = level === 'job' || level === 'job-package'
  return (inJob ? (rule.readInJob ?? rule.read) : rule.read)(value, place, problems)
}

/** Tells of a key that has no meaning at this level. */
function refuseKey(key: ScalarNode, level: Level, place: Place, problems: Problems): void {
  if (key.text === 'dist_git_url') {
    problems.warn('ignored', key, place, 'dist_git_url has no effect; use dist_git_base_url and dist_git_namespace')
    return
  }
  problems.error('unknown_key', key, place, () => `unknown key "${shorten(key.text)}"${adviceFor(key.text, level)}`)
}

function adviceFor(name: string, level: Level): string {
  const instead = INSTEAD[name]
  if (instead !== undefined && Object.hasOwn(INSTEAD, name)) return `; ${instead}`
  if (level !== 'top' && (name === 'jobs' || name === '_' || (name === 'packages' && level !== 'job'))) {
    return `; ${name} belongs on the top level`
  }
  if (level !== 'job' && JOB_KEYS.includes(name)) {
    return level === 'job-package'
      ? `; ${name} belongs to the job itself`
      : `; ${name} belongs into a job, below "jobs:"`
  }
  return didYouMean(name, namesAt(level))
}

function namesAt(level: Level): readonly string[] {
  if (level === 'top') return [...OPTION_NAMES, 'packages', 'jobs']
  return level === 'job' ? [...OPTION_NAMES, ...JOB_KEYS] : OPTION_NAMES
}
