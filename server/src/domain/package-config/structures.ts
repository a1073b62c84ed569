import { actionCommands } from '../srpm/actions.ts'
import { didYouMean } from './nearest.ts'
import { type Place, type Problems, within } from './problems.ts'
import {
  flag,
  freeMapping,
  isNull,
  isText,
  mapping,
  orNull,
  type Reader,
  refuseOtherKeys,
  structure,
  text,
  texts,
  toJson,
  toWhole,
  valueFor,
} from './readers.ts'
import { ACTION_NAMES, type Actions, type JsonMapping, type PackageOptions, type SyncedFiles } from './types.ts'
import { describe, shorten, type YamlNode } from './yaml/nodes.ts'

/** The mapping of actions. A command of a wrong type only warns: it matters when the action is run. */
export const actions: Reader<Actions> = (node, place, problems) => {
  if (!mapping(node, place, problems)) return undefined
  for (const { key, value } of node.entries) {
    if (key.type === 'text' && ACTION_NAMES.some((name) => name === key.text)) {
      checkCommands(key.text, value, within(place, key.text), problems)
      continue
    }
    problems.error('unknown_action', key, within(place, shorten(key.text)), () => {
      return `there is no action "${shorten(key.text)}"${didYouMean(key.text, ACTION_NAMES) || `; known are ${ACTION_NAMES.join(', ')}`}`
    })
  }
  return freeMapping(node, place, problems) as Actions | undefined
}

function checkCommands(action: string, node: YamlNode, place: Place, problems: Problems): void {
  try {
    const commands = actionCommands(toJson(node))
    if (commands.length > 0 || action !== 'create-archive') return
    problems.warn('bad_action', node, place, 'create-archive will fail: it needs a command that makes the archive')
  } catch (error) {
    problems.warn('bad_action', node, place, `${action} will fail: ${error instanceof Error ? error.message : error}`)
  }
}

/** Environment variables: names are text, values are kept as they were written. */
export const env: Reader<JsonMapping> = (node, place, problems) => {
  if (!mapping(node, place, problems)) return undefined
  for (const { key } of node.entries) {
    if (key.type === 'text') continue
    problems.error('wrong_type', key, within(place, shorten(key.text)), () => {
      return `a variable's name must be text, found ${describe(key)}; put it in quotes: '${shorten(key.text)}'`
    })
  }
  return freeMapping(node, place, problems)
}

const SYNC_KEYS = ['src', 'dest', 'mkpath', 'delete', 'filters'] as const

/** Files to copy: a path, or a mapping in the manner of rsync. */
export const syncedFiles: Reader<SyncedFiles> = (node, place, problems) => {
  if (isText(node)) return { src: [node.value], dest: node.value, mkpath: false, delete: false, filters: [] }
  if (node.kind !== 'map') {
    problems.wrongType(node, place, 'a list of paths, or of mappings with src and dest')
    return undefined
  }
  refuseOtherKeys(node, SYNC_KEYS, place, problems)
  const part = <T>(name: (typeof SYNC_KEYS)[number], read: Reader<T>) => {
    const value = valueFor(node, name)
    return value && read(value, within(place, name), problems)
  }
  for (const name of ['src', 'dest'] as const) {
    if (valueFor(node, name) === undefined) {
      problems.error(
        'missing_key',
        node,
        within(place, name),
        `an entry of files_to_sync needs ${name} (src: what is copied, dest: where to)`,
      )
    }
  }
  return {
    src: part('src', oneOrMore) ?? [],
    dest: part('dest', text) ?? '',
    mkpath: part('mkpath', flag) ?? false,
    delete: part('delete', flag) ?? false,
    filters: part('filters', texts) ?? [],
  }
}

const oneOrMore: Reader<string[]> = (node, place, problems) => {
  if (isText(node)) return [node.value]
  if (node.kind === 'list') return texts(node, place, problems)
  problems.wrongType(node, place, 'a path or a list of paths')
  return undefined
}

/** A file to download and where to put it. */
export const source: Reader<{ path: string; url: string }> = (node, place, problems) => {
  if (!mapping(node, place, problems)) return undefined
  refuseOtherKeys(node, ['path', 'url'], place, problems)
  const part = (name: 'path' | 'url') => {
    const value = valueFor(node, name)
    if (value) return text(value, within(place, name), problems) ?? ''
    problems.error(
      'missing_key',
      node,
      within(place, name),
      `an entry of sources needs ${name} (path: the file's name, url: where it is)`,
    )
    return ''
  }
  return { path: part('path'), url: part('url') }
}

/** The number or name of a source of the spec file. */
export const sourceId: Reader<string> = (node, place, problems) => {
  const number = isText(node) || (node.kind === 'scalar' && node.type === 'integer') ? toWhole(node) : undefined
  if (number !== undefined) return `Source${number}`
  if (isText(node)) return node.value
  refuseSourceId(node, place, problems)
  return undefined
}

function refuseSourceId(node: YamlNode, place: Place, problems: Problems): void {
  if (isNull(node))
    problems.error(
      'null_not_allowed',
      node,
      place,
      `${place.key} must be a number or a name such as Source1, found nothing`,
    )
  else problems.wrongType(node, place, 'a number or a name such as Source1')
}

const optionalText = { read: orNull(text), fallback: null }
const noTexts = { read: texts, fallback: [] as string[] }

export const oshOptions = structure<PackageOptions['osh_options']>({
  analyzer: optionalText,
  config: optionalText,
  profile: optionalText,
})

export const testCommand = structure<PackageOptions['test_command']>({
  default_labels: { read: orNull(texts), fallback: null },
  default_identifier: optionalText,
})

export const requirements = structure<PackageOptions['require']>({
  label: {
    read: structure<PackageOptions['require']['label']>({ present: noTexts, absent: noTexts }),
    fallback: { present: [], absent: [] },
  },
})

type Notifications = PackageOptions['notifications']

export const DEFAULT_NOTIFICATIONS: Notifications = {
  pull_request: { successful_build: false },
  failure_comment: { message: null },
  failure_issue: { create: true },
}

export const notifications = structure<Notifications>({
  pull_request: {
    read: structure<Notifications['pull_request']>({ successful_build: { read: flag, fallback: false } }),
    fallback: DEFAULT_NOTIFICATIONS.pull_request,
  },
  failure_comment: {
    read: structure<Notifications['failure_comment']>({ message: optionalText }),
    fallback: DEFAULT_NOTIFICATIONS.failure_comment,
  },
  failure_issue: {
    read: structure<Notifications['failure_issue']>({ create: { read: flag, fallback: true } }),
    fallback: DEFAULT_NOTIFICATIONS.failure_issue,
  },
})
