import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { indentContinuations } from './continuations.ts'
import { checkLimits, checkSize } from './limits.ts'
import { type Entry, type ListNode, type MapNode, type ScalarNode, shorten, YamlError, type YamlNode } from './nodes.ts'
import { typePlain, typeTagged } from './scalars.ts'
import { explainSyntax } from './syntax.ts'

/** Room for the values of the whole file, aliases counted each time they are used: characters, and 16 for each value. */
export const MAX_EXPANDED = 4_000_000
const VALUE_SIZE = 16
/** Entries that merge keys may bring in. */
const MAX_MERGED = 100_000

/**
 * Reads a text as YAML 1.1, as Python's parser does, keeping the place of each value.
 *
 * Duplicate keys: the last wins. Merge keys and aliases are resolved; alias bombs and deep nesting are refused.
 *
 * @throws {YamlError} when the text is no YAML, or is beyond a limit
 */
export function parseYaml(text: string): YamlNode {
  checkSize(text)
  // a lone carriage return is a line's end, too
  const { text: indented, original } = indentContinuations(text.replace(/\r(?!\n)/g, '\n'))
  try {
    const root = parseIndented(indented)
    if (indented.length !== text.length) relocate(root, original, new Set())
    return root
  } catch (error) {
    if (error instanceof YamlError) throw new YamlError(error.kind, original(error.offset), error.message)
    throw error
  }
}

/** Gives every value its place in the text as it was before lines were indented. */
function relocate(node: YamlNode, original: (offset: number) => number, seen: Set<YamlNode>): void {
  if (seen.has(node)) return
  seen.add(node)
  node.start = original(node.start)
  if (node.kind === 'list') for (const item of node.items) relocate(item, original, seen)
  if (node.kind !== 'map') return
  for (const { key, value } of node.entries) {
    relocate(key, original, seen)
    relocate(value, original, seen)
  }
}

function parseIndented(text: string): YamlNode {
  checkLimits(text)
  // `failsafe` leaves every word a text: what it means in YAML 1.1 is settled by `typePlain`
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  // Python's parser takes `"text"#comment`
  const error = document.errors.find(({ message }) => !message.startsWith('Comments must be separated'))
  if (error) throw new YamlError('yaml_syntax', error.pos[0], explainSyntax(error, text))
  return new Reader(text).read(document.contents)
}

const COLLECTION_TAGS: Readonly<Record<string, 'list' | 'map'>> = {
  'tag:yaml.org,2002:seq': 'list',
  'tag:yaml.org,2002:map': 'map',
}

class Reader {
  /** Finished values by anchor; `null` while one is being read. */
  readonly #anchors = new Map<string, YamlNode | null>()
  readonly #sizes = new WeakMap<YamlNode, number>()
  readonly #text: string
  #merged = 0

  constructor(text: string) {
    this.#text = text
  }

  read(node: Node | null): YamlNode {
    if (node === null) return { kind: 'scalar', type: 'null', value: null, text: '', start: 0 }
    if (isAlias(node)) return this.#resolve(node.source, startOf(node))
    if (!isScalar(node) && !isSeq(node) && !isMap(node))
      throw new YamlError('yaml_syntax', startOf(node), 'not a value')
    const { anchor } = node
    if (anchor !== undefined) this.#open(anchor, startOf(node))
    const read = this.#convert(node)
    if (anchor !== undefined) this.#anchors.set(anchor, read)
    return this.#measure(read)
  }

  #open(anchor: string, start: number): void {
    if (this.#anchors.has(anchor)) {
      throw new YamlError(
        'yaml_syntax',
        start,
        `the anchor &${shorten(anchor)} is defined twice; give the second another name`,
      )
    }
    this.#anchors.set(anchor, null)
  }

  #resolve(anchor: string, start: number): YamlNode {
    const found = this.#anchors.get(anchor)
    const name = shorten(anchor)
    if (found === undefined) {
      throw new YamlError(
        'yaml_syntax',
        start,
        `*${name} refers to an anchor that is not defined above; put &${name} at the value it means`,
      )
    }
    if (found === null) throw new YamlError('yaml_syntax', start, `*${name} refers to the value it is a part of`)
    return found
  }

  #convert(node: Scalar | YAMLSeq | YAMLMap): YamlNode {
    if (isScalar(node)) return readScalar(node, this.#text)
    const kind = isSeq(node) ? 'list' : 'map'
    if (node.tag !== undefined && node.tag !== '!' && COLLECTION_TAGS[node.tag] !== kind)
      throw badTag(node.tag, startOf(node))
    return isSeq(node) ? this.#list(node) : this.#map(node)
  }

  #list(node: YAMLSeq): ListNode {
    return { kind: 'list', items: node.items.map((item) => this.read(item as Node | null)), start: startOf(node) }
  }

  #map(node: YAMLMap): MapNode {
    const own: Entry[] = []
    let merged: Entry[] = []
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      if (isMergeKey(pair.key)) merged = merged.concat(this.#mergedEntries(this.read(pair.value), startOf(pair.key)))
      else own.push(this.#entry(pair, startOf(node)))
    }
    return { kind: 'map', entries: lastOfEach([...merged, ...own]), start: startOf(node) }
  }

  #entry(pair: Pair<Node | null, Node | null>, mapStart: number): Entry {
    const key = this.read(pair.key)
    const start = pair.key ? startOf(pair.key) : mapStart
    if (key.kind === 'scalar' && key.text === '' && key.type === 'null')
      throw new YamlError('yaml_syntax', start, 'the key before ":" is missing')
    if (key.kind !== 'scalar') {
      const hint = 'a value that begins with { or [ must be put in quotes'
      throw new YamlError('yaml_syntax', start, `a ${key.kind === 'list' ? 'list' : 'mapping'} can't be a key; ${hint}`)
    }
    const value = this.read(pair.value)
    const isEmpty = value.kind === 'scalar' && value.type === 'null' && value.text === ''
    return { key: { ...key, start }, value: isEmpty ? { ...value, start } : value }
  }

  /** The entries a merge key brings, weakest first. */
  #mergedEntries(value: YamlNode, start: number): Entry[] {
    const maps = value.kind === 'list' ? value.items.toReversed() : [value]
    return maps.flatMap((map) => {
      if (map.kind !== 'map')
        throw new YamlError('yaml_syntax', start, '<< needs a mapping (an alias such as *base) or a list of them')
      this.#merged += map.entries.length
      if (this.#merged > MAX_MERGED)
        throw new YamlError('yaml_limit', start, 'merge keys (<<) bring in too many values')
      return map.entries
    })
  }

  #measure<T extends YamlNode>(node: T): T {
    const size = this.#sizeOf(node)
    if (size > MAX_EXPANDED) throw new YamlError('yaml_limit', node.start, 'aliases make too much of this value')
    this.#sizes.set(node, size)
    return node
  }

  #sizeOf(node: YamlNode): number {
    if (node.kind === 'scalar') return VALUE_SIZE + node.text.length
    const known = (part: YamlNode) => this.#sizes.get(part) ?? VALUE_SIZE
    if (node.kind === 'list') return node.items.reduce((sum, item) => sum + known(item), VALUE_SIZE)
    return node.entries.reduce((sum, { key, value }) => sum + key.text.length + known(value), VALUE_SIZE)
  }
}

/** What escapes in quotes can make, and neither a database nor another program can hold. */
const UNSTORABLE = /\0|\p{Surrogate}/u

function readScalar(node: Scalar, source: string): ScalarNode {
  const text = textOf(node, source)
  if (UNSTORABLE.test(text))
    throw new YamlError('yaml_syntax', startOf(node), 'the escapes in this text make no characters that can be stored')
  const base = { kind: 'scalar', text, start: startOf(node) } as const
  if (node.tag !== undefined) {
    const tagged = typeTagged(text, node.tag)
    if (!tagged) throw badTag(node.tag, base.start)
    return { ...base, ...tagged }
  }
  if (node.type !== undefined && node.type !== Scalar.PLAIN) return { ...base, type: 'text', value: text }
  return { ...base, ...typePlain(text) }
}

function textOf(node: Scalar, source: string): string {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED
  // a block that ends with the file has the final newline only if the file has
  const endsUnfinished = isBlock && (node.range?.[1] ?? 0) >= source.length && !/[\r\n]$/.test(source)
  return endsUnfinished ? text.replace(/\n$/, '') : text
}

function badTag(tag: string, start: number): YamlError {
  const shown = shorten(tag.replace('tag:yaml.org,2002:', '!!'))
  return new YamlError('yaml_syntax', start, `the tag ${shown} has no meaning for this value; leave it out`)
}

function isMergeKey(key: Node | null): boolean {
  return (
    isScalar(key) &&
    key.value === '<<' &&
    (key.type === undefined || key.type === Scalar.PLAIN) &&
    key.tag === undefined
  )
}

/** Each key once: with its last value, at its first place. */
function lastOfEach(entries: Entry[]): Entry[] {
  const byKey = new Map<string, Entry>()
  for (const entry of entries) byKey.set(`${entry.key.type} ${entry.key.value}`, entry)
  return [...byKey.values()]
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0
}
