import { type Place, type Problems, within } from './problems.ts'
import { describe, type ScalarNode, shorten, type YamlNode } from './yaml/nodes.ts'

/**
 * Tells of every date in the file: YAML 1.1 makes a date of `2024-01-01`, and no key of the format takes one, nor can
 * JSON hold it. The top-level key `_` is a parking place and isn't looked at.
 */
export function refuseDates(root: YamlNode, problems: Problems): void {
  const seen = new Set<YamlNode>()
  const look = (node: YamlNode, place: Place): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'list') for (const [i, item] of node.items.entries()) look(item, within(place, i))
    else if (node.kind === 'scalar') refuseDate(node, place, problems)
    else {
      for (const { key, value } of node.entries) {
        if (node !== root || key.text !== '_')
          look(value, { ...within(place, shorten(key.text)), key: shorten(key.text) })
      }
    }
  }
  look(root, { path: '', key: 'configuration' })
}

function refuseDate(node: ScalarNode, place: Place, problems: Problems): void {
  if (node.type !== 'date') return
  problems.error(
    'wrong_type',
    node,
    place,
    `${place.key} can't be ${describe(node)}; put it in quotes: '${shorten(node.text)}'`,
  )
}
