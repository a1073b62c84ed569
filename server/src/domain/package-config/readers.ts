import { didYouMean } from './nearest.ts'
import { type Place, type Problems, within } from './problems.ts'
import type { Json, JsonMapping } from './types.ts'
import { type MapNode, shorten, type TextNode, type YamlNode } from './yaml/nodes.ts'

/** The value of an option from what was written; undefined after telling what is wrong with it. */
export type Reader<T> = (node: YamlNode, place: Place, problems: Problems) => T | undefined

/** Text only: a number, boolean or date has to be put in quotes. */
export const text: Reader<string> = (node, place, problems) => {
  if (isText(node)) return node.value
  if (isNull(node))
    problems.error(
      'null_not_allowed',
      node,
      place,
      `${place.key} must be text, found nothing; leave the key out instead`,
    )
  else
    problems.wrongType(node, place, 'text', node.kind === 'scalar' ? `put it in quotes: '${shorten(node.text)}'` : '')
  return undefined
}

const TRUE_WORDS = new Set(['t', 'T', 'true', 'True', 'TRUE', 'on', 'On', 'ON', 'y', 'Y', 'yes', 'Yes', 'YES', '1'])
const FALSE_WORDS = new Set(['f', 'F', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF', 'n', 'N', 'no', 'No', 'NO', '0'])

export const flag: Reader<boolean> = (node, place, problems) => {
  if (node.kind === 'scalar') {
    if (typeof node.value === 'boolean') return node.value
    if (node.value === 1 || (node.type === 'text' && TRUE_WORDS.has(node.text))) return true
    if (node.value === 0 || (node.type === 'text' && FALSE_WORDS.has(node.text))) return false
  }
  if (isNull(node)) problems.error('null_not_allowed', node, place, `${place.key} must be true or false, found nothing`)
  else problems.wrongType(node, place, 'true or false')
  return undefined
}

/** Whole numbers, digits as text, and fractions, which are cut. */
export function wholeNumber(min = Number.NEGATIVE_INFINITY): Reader<number> {
  return (node, place, problems) => {
    const value = toWhole(node)
    if (value === undefined) {
      if (isNull(node))
        problems.error('null_not_allowed', node, place, `${place.key} must be a whole number, found nothing`)
      else problems.wrongType(node, place, 'a whole number')
      return undefined
    }
    if (value >= min) return value
    problems.error('out_of_range', node, place, `${place.key} must be ${min} or more, found ${value}`)
    return undefined
  }
}

export function toWhole(node: YamlNode): number | undefined {
  if (node.kind !== 'scalar') return undefined
  if (typeof node.value === 'number') return Math.trunc(node.value)
  if (node.type !== 'text' || !/^\s*[-+]?\d+(_\d+)*\s*$/.test(node.text)) return undefined
  const value = Number(node.text.replaceAll('_', ''))
  return Number.isSafeInteger(value) ? value : undefined
}

export function choice<const T extends string>(choices: readonly T[]): Reader<T> {
  return (node, place, problems) => {
    if (!isText(node)) {
      const isSwitch =
        node.kind === 'scalar' && node.type === 'boolean' && choices.some((name) => name === node.text.toLowerCase())
      const hint = isSwitch ? `put it in quotes: '${shorten(node.text)}'` : ''
      if (isNull(node))
        problems.error(
          'null_not_allowed',
          node,
          place,
          `${place.key} must be one of ${choices.join(', ')}; found nothing`,
        )
      else problems.wrongType(node, place, `one of ${choices.join(', ')}`, hint)
      return undefined
    }
    const found = choices.find((name) => name === node.value)
    if (found !== undefined) return found
    problems.error('not_in_choices', node, place, () => {
      const meant = didYouMean(node.text, choices)
      return `${place.key} must be one of ${choices.join(', ')}; found "${shorten(node.text)}"${meant}`
    })
    return undefined
  }
}

/** A list whose items are all read alike. A single value isn't taken for a list, since the existing service doesn't either. */
export function listOf<T>(item: Reader<T>, items: string): Reader<T[]> {
  return (node, place, problems) => {
    if (node.kind !== 'list') {
      const hint = node.kind === 'scalar' && !isNull(node) ? `write [${shorten(node.text)}]` : ''
      if (isNull(node))
        problems.error('null_not_allowed', node, place, `${place.key} must be a list of ${items}, found nothing`)
      else problems.wrongType(node, place, `a list of ${items}`, hint)
      return undefined
    }
    const values = node.items.map((part, i) => item(part, within(place, i), problems))
    return values.every((value) => value !== undefined) ? values : undefined
  }
}

export const texts = listOf(text, 'texts')

/** Null stands for `value`. */
export function orNull<T, const N = null>(reader: Reader<T>, value: N = null as N): Reader<T | N> {
  return (node, place, problems) => (isNull(node) ? value : reader(node, place, problems))
}

/** A mapping of known keys; others are refused, absent ones get their default. */
export function structure<T extends object>(
  keys: { [K in keyof T]: { read: Reader<T[K]>; fallback: T[K] } },
): Reader<T> {
  const names = Object.keys(keys) as (keyof T & string)[]
  return (node, place, problems) => {
    if (!mapping(node, place, problems)) return undefined
    refuseOtherKeys(node, names, place, problems)
    let isWhole = true
    const read = names.map((name) => {
      const value = valueFor(node, name)
      if (value === undefined) return [name, keys[name].fallback]
      const part = keys[name].read(value, within(place, name), problems)
      isWhole &&= part !== undefined
      return [name, part]
    })
    return isWhole && node.entries.every(({ key }) => names.includes(key.value as never))
      ? (Object.fromEntries(read) as T)
      : undefined
  }
}

/** Tells of each key of a mapping that is not among `names`. */
export function refuseOtherKeys(node: MapNode, names: readonly string[], place: Place, problems: Problems): void {
  for (const { key } of node.entries) {
    if (key.type === 'text' && names.includes(key.text)) continue
    problems.error('unknown_key', key, within(place, shorten(key.text)), () => {
      return `${place.key} has no key "${shorten(key.text)}"${didYouMean(key.text, names) || `; known are ${names.join(', ')}`}`
    })
  }
}

/** Any mapping, its values kept as they were written. */
export const freeMapping: Reader<JsonMapping> = (node, place, problems) => {
  return mapping(node, place, problems) ? (toJson(node) as JsonMapping) : undefined
}

/** Whether the node is a mapping; tells when it isn't. */
export function mapping(node: YamlNode, place: Place, problems: Problems): node is MapNode {
  if (node.kind === 'map') return true
  if (isNull(node))
    problems.error(
      'null_not_allowed',
      node,
      place,
      `${place.key} must be a mapping of keys to values, found nothing; write {}`,
    )
  else problems.wrongType(node, place, 'a mapping of keys to values')
  return false
}

/** A value as JSON; a date, which `dates.ts` refuses, as its text. */
export function toJson(node: YamlNode): Json {
  if (node.kind === 'list') return node.items.map(toJson)
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toJson(value)]))
  return node.value
}

export function valueFor(map: MapNode, name: string): YamlNode | undefined {
  return map.entries.find(({ key }) => key.type === 'text' && key.text === name)?.value
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.type === 'null'
}

export function isText(node: YamlNode): node is TextNode {
  return node.kind === 'scalar' && node.type === 'text'
}
