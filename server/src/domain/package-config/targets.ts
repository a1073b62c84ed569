import { didYouMean } from './nearest.ts'
import { type Place, type Problems, within } from './problems.ts'
import { isNull, isText, type Reader } from './readers.ts'
import type { DistGitBranches, TargetOptions } from './types.ts'
import { describe, type Entry, type MapNode, shorten, type YamlNode } from './yaml/nodes.ts'

type Targets = { [target: string]: TargetOptions }

const LIST_OPTIONS = ['distros', 'additional_packages', 'additional_repos', 'with_opts', 'without_opts'] as const
const TEXT_OPTIONS = ['additional_modules'] as const
const OPTION_NAMES = [...LIST_OPTIONS, ...TEXT_OPTIONS]

/** A list of targets, or a mapping from target to its options; in a job also a single name. */
export function targets(level: 'package' | 'job'): Reader<Targets> {
  return (node, place, problems) => {
    if (node.kind === 'map') return readEach(node, place, problems, (entry, at) => targetOptions(entry, at, problems))
    const names = namesOf(node, level, place, problems, 'a mapping from target to its options')
    return names && Object.fromEntries(names.map((name) => [name, {}]))
  }
}

function targetOptions({ key, value }: Entry, place: Place, problems: Problems): TargetOptions {
  if (value.kind !== 'map') {
    const hint = `write "${shorten(key.text)}: {}", or a list of targets`
    problems.error(
      'wrong_type',
      value,
      place,
      () => `the options of target "${shorten(key.text)}" must be a mapping, found ${describe(value)}; ${hint}`,
    )
    return {}
  }
  const options = value.entries.map((entry) => [entry.key.text, targetOption(entry, place, problems)])
  return Object.fromEntries(options.filter(([, read]) => read !== undefined))
}

function targetOption({ key, value }: Entry, place: Place, problems: Problems): string | string[] | undefined {
  const at = within(place, shorten(key.text))
  if (LIST_OPTIONS.some((name) => name === key.text)) {
    if (value.kind === 'list' && value.items.every(isText)) return value.items.map((item) => item.value)
    problems.error(
      'wrong_type',
      value,
      at,
      () => `${key.text} of a target must be a list of texts, found ${describe(value)}`,
    )
  } else if (TEXT_OPTIONS.some((name) => name === key.text)) {
    if (isText(value)) return value.value
    problems.error(
      'wrong_type',
      value,
      at,
      () => `${key.text} of a target must be text such as "nodejs:18,ruby:3.1", found ${describe(value)}`,
    )
  } else {
    problems.error('unknown_target_option', key, at, () => {
      const meant = didYouMean(key.text, OPTION_NAMES) || `; known are ${OPTION_NAMES.join(', ')}`
      return `a target has no option "${shorten(key.text)}"${meant}`
    })
  }
  return undefined
}

const FAST_FORWARD = 'fast_forward_merge_into'

/** A list of branches, or a mapping from branch to where it is merged into; in a job also a single name. */
export function distGitBranches(level: 'package' | 'job'): Reader<DistGitBranches> {
  return (node, place, problems) => {
    if (node.kind !== 'map')
      return namesOf(node, level, place, problems, `a mapping such as {rawhide: {${FAST_FORWARD}: [f44]}}`)
    return readEach(node, place, problems, (entry, at) => branchOptions(entry, at, problems))
  }
}

function branchOptions(
  { key, value }: Entry,
  place: Place,
  problems: Problems,
): { fast_forward_merge_into?: string[] } {
  if (value.kind !== 'map') {
    const hint = `write "${shorten(key.text)}: {}", or "${shorten(key.text)}: {${FAST_FORWARD}: [branch]}"`
    problems.error(
      'wrong_type',
      value,
      place,
      () => `what follows branch "${shorten(key.text)}" must be a mapping, found ${describe(value)}; ${hint}`,
    )
    return {}
  }
  for (const entry of value.entries) {
    if (entry.key.text === FAST_FORWARD) continue
    problems.error('wrong_type', entry.key, within(place, shorten(entry.key.text)), () => {
      return `a branch knows only the key ${FAST_FORWARD}, found "${shorten(entry.key.text)}"`
    })
  }
  const into = value.entries.find((entry) => entry.key.text === FAST_FORWARD)?.value
  if (into === undefined) return {}
  // a single branch means itself: ignoring it would silently merge nowhere
  if (isText(into)) return { fast_forward_merge_into: [into.value] }
  if (into.kind === 'list' && into.items.every(isText)) {
    return { fast_forward_merge_into: into.items.map((item) => item.value) }
  }
  problems.error(
    'wrong_type',
    into,
    within(place, FAST_FORWARD),
    () => `${FAST_FORWARD} must be a list of branches, found ${describe(into)}`,
  )
  return {}
}

/** Names given as a list or, in a job, as one text; nothing means none. */
function namesOf(
  node: YamlNode,
  level: 'package' | 'job',
  place: Place,
  problems: Problems,
  otherForm: string,
): string[] | undefined {
  if (isNull(node)) return []
  if (level === 'job' && isText(node)) return [node.value]
  if (node.kind !== 'list') {
    const hint = isText(node) ? `outside of jobs a single name needs brackets: [${shorten(node.text)}]` : ''
    problems.wrongType(node, place, `a list of names, or ${otherForm}`, hint)
    return undefined
  }
  for (const [i, item] of node.items.entries()) {
    if (isText(item)) continue
    const hint = item.kind === 'scalar' && item.text !== '' ? `; put it in quotes: '${shorten(item.text)}'` : ''
    problems.error(
      'wrong_type',
      item,
      within(place, i),
      () => `${place.key} must list names, found ${describe(item)}${hint}`,
    )
  }
  return node.items.filter(isText).map((item) => item.value)
}

function readEach<T>(
  node: MapNode,
  place: Place,
  problems: Problems,
  read: (entry: Entry, at: Place) => T,
): { [name: string]: T } {
  for (const { key } of node.entries) {
    if (key.type === 'text') continue
    problems.error(
      'wrong_type',
      key,
      place,
      () => `a name in ${place.key} must be text, found ${describe(key)}; put it in quotes: '${shorten(key.text)}'`,
    )
  }
  return Object.fromEntries(
    node.entries.map((entry) => [entry.key.text, read(entry, within(place, shorten(entry.key.text)))]),
  )
}
