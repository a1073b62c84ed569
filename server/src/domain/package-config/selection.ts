import { EMPTY_LAYER, readLayer, type WrittenLayer } from './layers.ts'
import { didYouMean } from './nearest.ts'
import { type Place, type Problems, placeOf, within } from './problems.ts'
import { isText } from './readers.ts'
import { describe, type MapNode, type ScalarNode, shorten, type YamlNode } from './yaml/nodes.ts'

/** The packages of a job, in order, each with what the job says for it alone. */
export type Selection = { name: string; layer: WrittenLayer }[]

/** Reads `packages` of a job (and `package`, which stands in a serialized job of one package). Nothing chosen means all. */
export function readSelection(
  many: YamlNode | undefined,
  one: YamlNode | undefined,
  path: string,
  packages: readonly string[],
  problems: Problems,
): Selection {
  const selected = many ? readMany(many, path, packages, problems) : []
  if (one !== undefined) return readOne(one, placeOf(path, 'package'), packages, problems)
  return selected.length > 0 ? selected : packages.map((name) => ({ name, layer: EMPTY_LAYER }))
}

function readMany(node: YamlNode, path: string, packages: readonly string[], problems: Problems): Selection {
  const place = placeOf(path, 'packages')
  if (node.kind === 'map') return readOverrides(node, place, packages, problems)
  if (node.kind !== 'list') {
    const hint = isText(node) ? `write [${shorten(node.value)}]` : ''
    problems.wrongType(node, place, 'a list of package names, or a mapping from package name to settings', hint)
    return []
  }
  const names = new Set<string>()
  for (const [i, item] of node.items.entries()) {
    const at = within(place, i)
    if (!isText(item)) problems.error('wrong_type', item, at, () => `packages must list names, found ${describe(item)}`)
    else if (isDefined(item, at, packages, problems)) names.add(item.value)
  }
  return [...names].map((name) => ({ name, layer: EMPTY_LAYER }))
}

function readOverrides(node: MapNode, place: Place, packages: readonly string[], problems: Problems): Selection {
  return node.entries.flatMap(({ key, value }) => {
    const at = within(place, shorten(key.text))
    if (!isDefined(key, at, packages, problems)) return []
    if (value.kind === 'map')
      return [{ name: key.text, layer: readLayer(value.entries, 'job-package', at.path, problems) }]
    problems.error('wrong_type', value, at, () => {
      return `what a job says for package "${shorten(key.text)}" must be a mapping, found ${describe(value)}; write "${shorten(key.text)}: {}"`
    })
    return []
  })
}

function readOne(node: YamlNode, place: Place, packages: readonly string[], problems: Problems): Selection {
  if (!isText(node)) problems.wrongType(node, place, 'the name of a package')
  else if (isDefined(node, place, packages, problems)) return [{ name: node.value, layer: EMPTY_LAYER }]
  return []
}

function isDefined(name: ScalarNode, place: Place, packages: readonly string[], problems: Problems): boolean {
  if (packages.includes(name.text)) return true
  problems.error('undefined_package', name, place, () => {
    const known = packages.slice(0, 10).map((known) => shorten(known))
    const defined = `defined are ${known.join(', ') || 'none'}`
    return `there is no package "${shorten(name.text)}"${didYouMean(name.text, packages) || `; ${defined}`}`
  })
  return false
}
